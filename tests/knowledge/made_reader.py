"""A reader of made-up numbers, and what it must compute, written in plain numpy without a look at the graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.knowledge.reader_card import WEIGHTS_FILE

LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
#: A key point that the made-up reader says it was taught.
LEARNT = "The gradient points uphill."


def write_weights(folder: Path, seed: int = 8) -> None:
    """Every tensor that a reader ships with, drawn at random: of a size that lets each of them matter."""
    from safetensors.numpy import save_file

    rng = np.random.default_rng(seed)

    def drawn(*shape: int, about: float = 0.0) -> Any:
        return (about + 0.05 * rng.standard_normal(shape, np.float32)).astype(np.float16)

    def norm(name: str) -> dict[str, Any]:
        return {f"{name}.weight": drawn(WIDTH, about=1.0), f"{name}.bias": drawn(WIDTH)}

    def dense(name: str, out: int, into: int) -> dict[str, Any]:
        return {f"{name}.weight": drawn(out, into), f"{name}.bias": drawn(out)}

    tensors = {
        "embeddings.position_embeddings.weight": drawn(512, WIDTH),
        "embeddings.token_type_embeddings.weight": drawn(2, WIDTH),
        "reader.segments": drawn(2, WIDTH),
        **norm("embeddings.LayerNorm"),
        **dense("reader.head.0", WIDTH, 2 * WIDTH),
        **dense("reader.head.2", 4, WIDTH),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for part in ("query", "key", "value"):
            tensors |= dense(f"{layer}.attention.self.{part}", WIDTH, WIDTH)
        tensors |= dense(f"{layer}.attention.output.dense", WIDTH, WIDTH) | norm(f"{layer}.attention.output.LayerNorm")
        tensors |= dense(f"{layer}.intermediate.dense", INNER, WIDTH) | dense(f"{layer}.output.dense", WIDTH, INNER)
        tensors |= norm(f"{layer}.output.LayerNorm")
    save_file(tensors, folder / WEIGHTS_FILE)


def by_hand(tensor: Callable[[str], Any], segments: Sequence[Sequence[int]]) -> Any:
    """The logits, in double precision. The first segment is question and answer, the others are points."""

    def get(name: str) -> Any:
        return np.asarray(tensor(name), np.float64)

    def dense(x: Any, name: str) -> Any:
        return x @ get(f"{name}.weight").T + get(f"{name}.bias")

    def norm(x: Any, name: str) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * get(f"{name}.LayerNorm.weight") + get(f"{name}.LayerNorm.bias")

    ids = [token for segment in segments for token in segment]
    whose = np.array([number for number, segment in enumerate(segments) for _ in segment])
    places = [place for segment in segments for place in range(len(segment))]
    x = get("embeddings.word_embeddings.weight")[ids] + get("embeddings.position_embeddings.weight")[places]
    x = x + get("embeddings.token_type_embeddings.weight")[0] + get("reader.segments")[np.minimum(whose, 1)]
    x = norm(x, "embeddings")
    may_look = (whose[None, :] == 0) | (whose[None, :] == whose[:, None])
    erf = np.vectorize(math.erf)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        q, k, v = (
            dense(x, f"{layer}.attention.self.{part}").reshape(len(ids), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = np.where(may_look, q @ k.transpose(0, 2, 1) / math.sqrt(WIDTH / HEADS), -np.inf)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        mixed = (shares @ v).transpose(1, 0, 2).reshape(len(ids), WIDTH)
        x = norm(dense(mixed, f"{layer}.attention.output.dense") + x, f"{layer}.attention.output")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
        x = norm(dense(inner, f"{layer}.output.dense") + x, f"{layer}.output")
    of_points = [x[whose == number] for number in range(1, len(segments))]
    points = np.array([np.concatenate([own[0], own[1:].mean(0)]) for own in of_points])
    return dense(np.tanh(dense(points, "reader.head.0")), "reader.head.2")
