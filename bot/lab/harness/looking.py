"""Looks closely at single steps: which network, which inputs, which rows, which weights. It is dear, hence rare.

It keeps what it saw; what that means is said in seen.py and preparing.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness import graphs
from bot.lab.harness.graphs import PIXELS

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

ROWS_A_LOOK = 10
FIRST_ROWS = 256
MOST_BATCHES = 256
READ = 4  # after so many readings a network's graph holds no surprise: reading is half of a look's cost
MOST_WEIGHTS = 4096  # of a leaf, kept to see whether it changed


@dataclass
class Root:
    """A network that was called from outside, with what it was last given while gradients were on."""

    module: Module
    given: Tensor | None = None
    shape: tuple[int, ...] = ()
    dtype: torch.dtype = torch.float32
    inside: frozenset[int] = frozenset()
    read: int = 0  # times in a row that the graph behind its loss was read and had no other data


@dataclass
class Leaf:
    """A tensor that gradients flow to, and its first values; `constant` where all of them were the same."""

    tensor: Tensor
    before: Tensor
    constant: float | None


@dataclass
class Looks:
    """All that was seen so far. `batches` are (some rows of an input, their labels or None)."""

    roots: dict[int, Root] = field(default_factory=dict)
    last: Root | None = None
    loose: bool = False  # layers were called one by one: no single network
    leaves: dict[int, Leaf] = field(default_factory=dict)
    first: Tensor | None = None
    batches: list[tuple[Tensor, Tensor | None]] = field(default_factory=list)
    batch: int = 0
    taken: int = 0
    target: Tensor | None = None
    now: Root | None = None
    devices: dict[str, None] = field(default_factory=dict)
    input_shape: tuple[int, ...] = ()

    @property
    def steady(self) -> Module | None:
        """The one network that gradients flow through, once its graph holds no surprise."""
        last = self.last
        return last.module if last is not None and last.read >= READ and not self.loose else None

    def called(self, module: Module, given: tuple[Any, ...]) -> None:
        """A module is about to be called; the outermost with weights is a network."""
        if not torch.is_grad_enabled() or (self.now and id(module) in self.now.inside):
            return
        root = self.roots.get(id(module))
        if root is None:
            if next(module.parameters(), None) is None:
                return
            inside = frozenset(id(one) for one in module.modules() if one is not module)
            root = self.roots[id(module)] = Root(module, inside=inside)
        self.loose = self.loose or (self.now is not None and root is not self.now)
        self.now = self.now or root
        if given and isinstance(given[0], torch.Tensor):
            root.given = given[0]
            root.shape, root.dtype = tuple(given[0].shape), given[0].dtype

    def look(self, loss: Tensor) -> None:
        """A loss is about to be differentiated."""
        root = self.now
        given = root.given if root is not None else None
        data = self.read(loss, root, given) if root is None or given is None or root.read < READ else given
        if given is not None:
            self.last = root
        if data is not None:
            self.keep(data.detach() if data.requires_grad else data)

    def read(self, loss: Tensor, root: Root | None, given: Tensor | None) -> Tensor | None:
        """Reads the loss's graph for its weights, and gives the data that went in."""
        graph = graphs.read(loss)
        self.remember(graph.leaves)
        for one in (loss, *graph.leaves[:4]):
            self.devices.setdefault(str(one.device))
        data = graph.data
        if given is not None and (data is None or data.numel() == given.numel() or given.numel() % PIXELS):
            data = given
        if root is not None:
            root.read = root.read + 1 if data is given else 0
        return data

    def begin_again(self) -> None:
        """Another training begins: networks met before may come to it changed."""
        for root in self.roots.values():
            root.read = 0

    def over(self) -> None:
        """The step is done: nothing of it is held on to."""
        for root in self.roots.values():
            root.given = None
        self.now = self.target = None

    def remember(self, leaves: Iterable[Tensor]) -> None:
        """The first values of weights not met before. Weights that were thrown away give place."""
        new = [leaf for leaf in leaves if id(leaf) not in self.leaves]
        if new and len(new) == len(list(leaves)):
            self.leaves = {}
        for leaf in new:
            values = leaf.detach().flatten()
            before = values[:MOST_WEIGHTS].clone()
            self.leaves[id(leaf)] = Leaf(leaf, before, None if only_value(before) is None else only_value(values))

    def keep(self, data: Tensor) -> None:
        """Some rows of a batch and, where the loss was given as many, their labels."""
        self.input_shape = tuple(data.shape)
        count = data.shape[0] if data.numel() != PIXELS and data.dim() > 1 else 1
        if count == 0:
            return
        self.batch = count
        rows = data.reshape(count, -1)
        if self.first is None:
            self.first = data[:FIRST_ROWS].clone() if count > 1 else data.clone()
        step = max(1, -(-count // ROWS_A_LOOK))
        self.taken += 1
        offset = self.taken % step
        labels = labels_of(self.target, count)
        picked = rows[offset::step].clone(), None if labels is None else labels[offset::step].clone()
        if len(self.batches) >= MOST_BATCHES:
            del self.batches[1::2]
        self.batches.append(picked)


def only_value(values: Tensor) -> float | None:
    """The value that all of them have, if there is one and they are several."""
    low, high = (one.item() for one in torch.aminmax(values))
    return float(low) if low == high and values.numel() > 1 else None


def labels_of(target: Tensor | None, count: int) -> Tensor | None:
    """Class indices out of what a loss was given as a target, one-hot rows too."""
    if target is None or target.dim() == 0 or target.shape[0] != count:
        return None
    if target.dim() == 2 and target.shape[1] == 10:
        return target.argmax(dim=1)
    if target.dim() == 1:
        return target
    return target.reshape(-1) if target.numel() == count else None
