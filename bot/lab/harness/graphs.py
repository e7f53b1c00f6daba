"""Reads a loss's graph: the weights it came from and the data that went in. It calls nothing and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

MOST_NODES = 600
PIXELS = 28 * 28
# Where an operation keeps what went into it: the saved value, and the place of its edge among the next functions.
KEPT = {
    "AddmmBackward0": (("_saved_mat1", 1), ("_saved_mat2", 2)),
    "MmBackward0": (("_saved_self", 0), ("_saved_mat2", 1)),
    "BmmBackward0": (("_saved_self", 0), ("_saved_mat2", 1)),
    "MvBackward0": (("_saved_vec", 1),),
    "ConvolutionBackward0": (("_saved_input", 0),),
}


@dataclass(frozen=True)
class Graph:
    """The leaves that gradients flow to, and the largest value without a gradient that was multiplied by one."""

    leaves: tuple[Tensor, ...]
    data: Tensor | None


def read(loss: Tensor) -> Graph:
    """The graph behind a loss, as far as MOST_NODES go. To be called before backward frees what is kept."""
    leaves: list[Tensor] = []
    data: list[Tensor] = []
    seen: set[Any] = set()
    ahead: list[Any] = [loss.grad_fn]
    while ahead and len(seen) < MOST_NODES:
        node = ahead.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            leaves.append(node.variable)
        data.extend(kept_by(node))
        ahead.extend(edge[0] for edge in node.next_functions)
    return Graph(tuple(leaves), max(data, key=lambda one: one.numel()) if data else None)


def kept_by(node: Any) -> list[Tensor]:
    """What went into this operation and carries no gradient: the batch, where this is the first layer."""
    found = []
    for name, place in KEPT.get(node.name(), ()):
        edges = node.next_functions
        if place < len(edges) and edges[place][0] is None:
            value = getattr(node, name, None)
            if value is not None and value.numel() % PIXELS == 0:
                found.append(value.t() if value.dim() == 2 and value.shape[0] == PIXELS != value.shape[1] else value)
    return found
