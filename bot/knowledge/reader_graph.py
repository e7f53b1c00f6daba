"""Writes the reader as an ONNX graph: MiniLM's layers over an answer and all key points at once, and a head on top.

All tokens stand in one sequence. Segment 0 holds the question and the answer, and looks only at itself; each further
segment holds a key point, and looks at itself and at segment 0: what comes out for a point depends on no other point.
Putting the sequence together is the caller's work, and so is knowing where weights come from.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.knowledge.bert_graph import BertGraph, Port, write

if TYPE_CHECKING:
    from bot.knowledge.bert_graph import Weights

#: What the head tells apart, in the order of its numbers.
OUTCOMES = 4
#: ONNX's numbers for the types that are cast to.
FLOAT, INT64, BOOL = 1, 7, 9

#: The last two are shares that add up to 1 a row: a point's first token, and its others.
INPUTS = [
    *(Port(name, [1, "tokens"], whole=True) for name in ("input_ids", "positions", "segments")),
    *(Port(name, ["points", "tokens"]) for name in ("first", "rest")),
]


def write_reader(folder: Path, weights: Weights) -> Path:
    """Writes graph and weights into `folder`. `weights` gives a tensor by its name, in float32."""
    return write(folder, weights, _reader)


def _reader(graph: BertGraph) -> Any:
    graph.ints("axis_0", [0])
    graph.ints("axis_1", [1])
    of_point = graph.node("Cast", ["segments"], "of_point", to=BOOL)
    hidden = graph.layers(_embeddings(graph, of_point), graph.score_bias(_seen(graph, of_point)))
    return graph.model("reader", INPUTS, {_logits(graph, hidden): Port("logits", ["points", OUTCOMES])})


def _embeddings(graph: BertGraph, of_point: str) -> str:
    """Word, position, token type, and a vector for what a token belongs to: the answer or a point."""
    places = graph.node("Gather", [graph.tensor("embeddings.position_embeddings.weight"), "positions"], "places")
    which = graph.node("Cast", [of_point], "answer_or_point", to=INT64)
    parts = graph.node("Gather", [graph.tensor("reader.segments"), which], "parts")
    return graph.norm("embeddings", graph.node("Add", [graph.typed(graph.words()), parts], "placed_words"), places)


def _seen(graph: BertGraph, of_point: str) -> str:
    """1 where a token may look, by (1, 1, tokens that look, tokens looked at): at segment 0 and at its own segment."""
    answer = graph.node("Unsqueeze", [graph.node("Not", [of_point], "of_answer"), "axis_1"], "answer_by_key")
    keys = graph.node("Unsqueeze", ["segments", "axis_1"], "segment_by_key")
    queries = graph.node("Unsqueeze", ["segments", graph.ints("axis_2", [2])], "segment_by_query")
    same = graph.node("Equal", [queries, keys], "same_segment")
    seen = graph.node("Cast", [graph.node("Or", [same, answer], "may_see")], "seen", to=FLOAT)
    return graph.node("Unsqueeze", [seen, "axis_1"], "seen_by_head")


def _logits(graph: BertGraph, hidden: str) -> str:
    """Four numbers for each point, from its first token and the mean of its others."""
    parts = [graph.node("MatMul", [share, hidden], f"{share}_hidden") for share in ("first", "rest")]
    inner = graph.dense("reader.head.0", graph.node("Concat", parts, "point", axis=-1))
    outer = graph.dense("reader.head.2", graph.node("Tanh", [inner], "reader.head.1"))
    return graph.node("Squeeze", [outer, "axis_0"], "by_point")
