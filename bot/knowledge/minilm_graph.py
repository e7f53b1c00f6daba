"""Writes MiniLM (a BERT encoder of six layers, mean pooling, L2 normalisation) as an ONNX graph, from its weights.

The layers are those of `bert_graph`. It knows nothing of where weights come from.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.knowledge.bert_graph import EPSILON, WIDTH, BertGraph, Port, write

if TYPE_CHECKING:
    from bot.knowledge.bert_graph import Weights

INPUTS = [Port(name, ["batch", "tokens"], whole=True) for name in ("input_ids", "attention_mask")]


def write_graph(folder: Path, weights: Weights, pooled: bool = True) -> Path:
    """Writes graph and weights into `folder`. `weights` gives a tensor by its name in the published file.

    Without `pooled` the graph ends at the last hidden states, as the one that Chroma downloads does.
    """
    return write(folder, weights, _embedding if pooled else _hidden_states)


def _embedding(graph: BertGraph) -> Any:
    unit = _pooled(graph, _encoder(graph))
    return graph.model("minilm", INPUTS, {unit: Port("embedding", ["batch", WIDTH])})


def _hidden_states(graph: BertGraph) -> Any:
    hidden = _encoder(graph)
    return graph.model("minilm", INPUTS, {hidden: Port("last_hidden_state", ["batch", "tokens", WIDTH])})


def _encoder(graph: BertGraph) -> str:
    """From token ids to the last hidden states."""
    x = _embeddings(graph)
    mask = graph.node("Cast", ["attention_mask"], "mask", to=1)
    there = graph.node("Unsqueeze", [mask, graph.ints("axes_1_2", [1, 2])], "mask_by_key")
    return graph.layers(x, graph.score_bias(there))


def _embeddings(graph: BertGraph) -> str:
    """Word, position and token type; one text is read at a time, from position 0 on."""
    words = graph.words()
    shape = graph.node("Shape", ["input_ids"], "shape")
    tokens = graph.node("Gather", [shape, graph.ints("second", [1])], "tokens")
    table = graph.tensor("embeddings.position_embeddings.weight")
    places = graph.node("Slice", [table, graph.ints("zero", [0]), tokens, "zero"], "places")
    return graph.norm("embeddings", graph.typed(words), places)


def _pooled(graph: BertGraph, hidden: str) -> str:
    """The mean over the tokens that are there, of length one."""
    along = graph.ints("axis_1", [1])
    column = graph.node("Unsqueeze", ["mask", graph.ints("axis_2", [2])], "mask_by_token")
    kept = graph.node("Mul", [hidden, column], "kept")
    total = graph.node("ReduceSum", [kept, along], "total", keepdims=0)
    count = graph.node("ReduceSum", ["mask", along], "count", keepdims=1)
    mean = graph.node("Div", [total, _at_least(graph, count, 1e-9)], "mean")
    length = graph.node("ReduceL2", [mean, along], "length", keepdims=1)
    return graph.node("Div", [mean, _at_least(graph, length, EPSILON)], "unit")


def _at_least(graph: BertGraph, x: str, least: float) -> str:
    return graph.node("Max", [x, graph.floats(f"{x}_floor", least)], f"{x}_safe")
