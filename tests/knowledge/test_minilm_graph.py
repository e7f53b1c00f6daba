"""The graph that we write computes what the published model computes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from bot.knowledge.bert_graph import HEADS, LAYERS, WIDTH
from bot.knowledge.embedding import MiniLM
from bot.knowledge.minilm_graph import write_graph
from bot.knowledge.model import ModelFiles

TEXTS = [
    "A cost function says how wrong a model is.",
    "Adam",
    "Mini-batches of 64 examples keep the GPU busy, and their gradients are less noisy than those of one example. " * 4,
    "",
]


def reference(tensor: Callable[[str], Any], ids: list[int]) -> Any:
    """The published architecture in plain numpy and double precision, written without a look at the graph."""

    def get(name: str) -> Any:
        return np.asarray(tensor(name), np.float64)

    def dense(x: Any, name: str) -> Any:
        return x @ get(f"{name}.weight").T + get(f"{name}.bias")

    def norm(x: Any, name: str) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * get(f"{name}.LayerNorm.weight") + get(f"{name}.LayerNorm.bias")

    def heads(x: Any) -> Any:
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    erf = np.vectorize(math.erf)
    x = get("embeddings.word_embeddings.weight")[ids] + get("embeddings.position_embeddings.weight")[: len(ids)]
    x = norm(x + get("embeddings.token_type_embeddings.weight")[0], "embeddings")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        q, k, v = (heads(dense(x, f"{layer}.attention.self.{part}")) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH / HEADS)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (shares / shares.sum(-1, keepdims=True)) @ v
        mixed = mixed.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        x = norm(dense(mixed, f"{layer}.attention.output.dense") + x, f"{layer}.attention.output")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
        x = norm(dense(inner, f"{layer}.output.dense") + x, f"{layer}.output")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_it_equals_the_published_weights_run_by_hand(weights: Path, model: ModelFiles, minilm: MiniLM) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    with safe_open(weights / "model.safetensors", "numpy") as tensors:
        by_hand = [reference(tensors.get_tensor, tokenizer.encode(text).ids) for text in TEXTS]
    assert np.abs(minilm.embed(TEXTS) - np.array(by_hand)).max() < 1e-5


def test_it_gives_the_similarities_that_its_authors_publish(minilm: MiniLM) -> None:
    """The example on the model's page: .6660, .1046 and .1411."""
    a, b, c = minilm.embed(["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    assert [round(float(x @ y), 4) for x, y in ((a, b), (a, c), (b, c))] == pytest.approx(
        [0.6660, 0.1046, 0.1411], abs=1.01e-4
    )


def test_padding_changes_nothing(model: ModelFiles, minilm: MiniLM) -> None:
    """We run texts one by one, but the graph is whole: with a mask, padded texts come out the same."""
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model.tokenizer))
    tokenizer.enable_padding()
    encoded = tokenizer.encode_batch(TEXTS[:2])
    session = onnxruntime.InferenceSession(str(model.graph), providers=["CPUExecutionProvider"])
    (padded,) = session.run(
        None,
        {
            "input_ids": np.array([e.ids for e in encoded]),
            "attention_mask": np.array([e.attention_mask for e in encoded]),
        },
    )
    assert len(set(map(len, (tokenizer.encode(t).ids for t in TEXTS[:2])))) == 2
    assert np.abs(padded - minilm.embed(TEXTS[:2])).max() < 1e-6


def test_chromas_own_graph_ends_earlier_and_gives_the_same(
    weights: Path, model: ModelFiles, minilm: MiniLM, tmp_path: Path
) -> None:
    """Chroma's download ends at the hidden states; what is made of them must be the same vectors."""
    with safe_open(weights / "model.safetensors", "numpy") as tensors:
        graph = write_graph(tmp_path, tensors.get_tensor, pooled=False)
    other = MiniLM(lambda: ModelFiles(graph, model.tokenizer))
    assert np.abs(other.embed(TEXTS) - minilm.embed(TEXTS)).max() < 1e-6
