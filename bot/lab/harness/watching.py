"""Hooks into PyTorch that see a program train without a line of its own: steps, losses, validation. It judges nothing.

Counting happens at every step and must cost next to nothing; what costs more is a look, and looks are rationed.
"""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness.curve import Curve
from bot.lab.harness.looking import Looks
from bot.lab.harness.losses import Losses, line_outside
from bot.lab.harness.patches import Patches
from bot.lab.harness.purse import HOOKS, Purse

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer

    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.wire import Wire

#: Steps by an optimiser that was made but never called are not waited for any longer.
PATIENCE = 64
#: Backward passes before which left-over gradients are looked for each time.
CHECKED = 64
MOST_SIZES = 20


class Watch:
    """All that is counted. `looking` is true while the present step is looked at closely."""

    def __init__(self, wire: Wire, mnist: Mnist) -> None:
        self.mnist = mnist
        self.curve = Curve(wire)
        self.curve.fetched = self.note_late
        self.looks = Looks()
        self.losses = Losses()
        self.purse = Purse()
        self.patches = Patches()
        self.optimizers: list[tuple[Optimizer, dict[str, Any]]] = []
        self.module_lines: dict[int, tuple[Module, int]] = {}
        self.steps = self.optimizer_steps = self.backwards = self.zero_grads = 0
        self.rows = self.pending_rows = 0
        self.accumulated = 0
        self.stepped: set[int] = set()
        self.backward_since = False
        self.fresh_step = False
        self.waiting: list[float | Tensor] = []
        self.loss: float | Tensor = math.nan
        self.first = self.last = self.lowest = math.nan
        self.late: list[float] = []
        self.nan_at: int | None = None
        self.batch_sizes: dict[int, None] = {}
        self.validating: list[float] = [0.0, 0.0]
        self.rows_in_training_mode = 0
        self.dropout = self.batch_norm = False
        self.looking = False
        self.small: tuple[Tensor, list[float]] | None = None

    def install(self) -> None:
        self.patches.into(self)
        os.register_at_fork(after_in_child=self.patches.away)  # what workers do is no step of the training
        self.open_look()

    def remove(self) -> None:
        """Takes all hooks away and tells what has not been told."""
        self.patches.away()
        self.close_look()
        self.pour_out()
        if self.curve.last != self.steps:
            self.curve.point(self.steps, self.loss)
        self.tell_validation()
        self.curve.flush()

    # What happens in the program, in the order of a step.

    def before_backward(self, loss: Any) -> None:
        """A loss is about to be differentiated."""
        if not isinstance(loss, torch.Tensor):
            return
        if self.validating[1]:
            self.tell_validation()
        self.backwards += 1
        self.backward_since = True
        self.take_loss(loss if loss.numel() == 1 else loss.detach().mean())
        if self.looking or self.backwards <= CHECKED:
            self.look(loss)
        rows = self.pending_rows or self.looks.batch
        self.rows += rows
        self.pending_rows = 0
        if rows not in self.batch_sizes and len(self.batch_sizes) < MOST_SIZES:
            self.batch_sizes[rows] = None
        if self.optimizer_steps == 0:
            self.step_by_hand()

    def take_loss(self, loss: Tensor) -> None:
        """On the CPU each loss is read; elsewhere that would wait for the device, so it is kept as it is."""
        if loss.device.type != "cpu":
            self.loss = loss.detach().clone() if self.steps + 1 >= self.curve.next else self.loss
            return
        self.loss = value = loss.item()
        self.note(self.steps + 1, value)

    def note_late(self, step: int, value: float) -> None:
        self.note(step, value)
        self.late.append(value)

    def note(self, step: int, value: float) -> None:
        if not math.isfinite(value):
            self.nan_at = step if self.nan_at is None else self.nan_at
            return
        if self.first != self.first:
            self.first = self.lowest = value
        if value < self.lowest:
            self.lowest = value
        self.last = value

    def look(self, loss: Tensor) -> None:
        began = time.perf_counter()
        try:
            if self.looking:
                self.looks.look(loss)
            self.check_left_over()
        except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError):
            self.looks.over()  # a value of a kind that cannot be looked at (functorch, sparse, quantised)
        self.purse.pay(time.perf_counter() - began + HOOKS * self.looking)

    def check_left_over(self) -> None:
        """Whether gradients of the step before are still there: of the smallest leaf, which stands for all."""
        if self.small is None:
            leaves = [leaf.tensor for leaf in self.looks.leaves.values() if leaf.tensor.is_floating_point()]
            if not leaves:
                return
            smallest = min(leaves, key=lambda leaf: leaf.numel())
            self.small = smallest, values_of(smallest)
            return
        leaf, before = self.small
        now = values_of(leaf)
        stepped = self.fresh_step or (self.optimizer_steps == 0 and now != before)
        if stepped and leaf.grad is not None and bool(leaf.grad.any()):
            self.accumulated += 1
        self.small = leaf, now
        self.fresh_step = False

    def step_by_hand(self) -> None:
        """Without an optimiser every backward pass is a step; with one that never steps, after some patience."""
        if not self.optimizers:
            self.step_done()
            return
        self.waiting.append(self.loss)
        if len(self.waiting) > PATIENCE:
            self.pour_out()
            self.optimizers_wait_no_more()

    def optimizers_wait_no_more(self) -> None:
        self.waiting = []
        self.step_by_hand = self.step_done  # type: ignore[method-assign]

    def pour_out(self) -> None:
        """Losses that waited for an optimiser's first step, which never came."""
        if self.optimizer_steps == 0:
            for loss in self.waiting:
                self.loss = loss
                self.step_done()
        self.waiting = []

    def after_step(self, optimizer: Optimizer, *_: Any) -> None:
        """An optimiser has stepped. Several that follow one backward pass are one step."""
        if self.optimizer_steps == 0:
            self.waiting = []
        if self.backward_since or id(optimizer) in self.stepped:
            self.stepped = {id(optimizer)}
            self.optimizer_steps += 1
            self.backward_since = False
            self.fresh_step = True
            self.step_done()
        else:
            self.stepped.add(id(optimizer))
            if self.optimizer_steps == 0:
                self.optimizer_steps += 1
                self.step_done()

    def step_done(self) -> None:
        self.steps += 1
        if self.steps >= self.curve.next:
            if self.backwards == 0 and self.losses.latest is not None:
                self.take_loss(self.losses.latest)
            self.curve.point(self.steps, self.loss)
        if isinstance(self.loss, float):
            self.late.append(self.loss)
            if len(self.late) > 64:
                del self.late[:32]
        if self.looking:
            self.close_look()
        elif self.steps % 8 == 0 and self.purse.affords():
            self.open_look()

    def open_look(self) -> None:
        """From here to the next step modules and losses are looked at as they are called."""
        self.looking = True
        self.patches.watch_modules(self.looks.called)

    def close_look(self) -> None:
        self.looking = False
        self.patches.leave_modules()
        self.looks.over()
        if self.purse.affords():
            self.open_look()

    def after_loss(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> None:
        """A loss of PyTorch's was computed; without gradients it is taken for validation."""
        if not isinstance(out, torch.Tensor):
            return
        given = args[0] if args else kwargs.get("input")
        target = args[1] if len(args) > 1 else kwargs.get("target")
        rows = rows_in(given, target)
        if out.requires_grad:
            self.pending_rows = rows
        elif not torch.is_grad_enabled():
            if self.steps and out.numel() == 1:
                self.validating[0] += float(out) * rows
                self.validating[1] += rows
            return
        if self.backwards == 0:
            self.losses.latest = out.detach()
        if not self.looking and self.losses.again(name):
            return
        began = time.perf_counter()
        self.losses.called(name, line_outside(), given, target)
        self.looks.target = target if isinstance(target, torch.Tensor) else None
        self.purse.pay(time.perf_counter() - began)

    def tell_validation(self) -> None:
        total, rows = self.validating
        if rows:
            self.curve.validation(self.steps, total / rows)
        self.validating = [0.0, 0.0]

    def normalised(self, kind: str, given: Any, training: bool) -> None:
        """Dropout or batch norm was at work; `training` says in which mode."""
        if kind == "dropout":
            self.dropout = True
        else:
            self.batch_norm = True
        if not training or not self.steps or not isinstance(given, torch.Tensor) or not given.dim():
            return
        rows = given.shape[0]
        if not torch.is_grad_enabled() or (rows == self.mnist.valid_rows and rows not in self.batch_sizes):
            self.rows_in_training_mode += rows

    def made(self, optimizer: Optimizer) -> None:
        group = optimizer.param_groups[0]
        facts = {"name": type(optimizer).__name__, "lr": number(group.get("lr")), "line": line_outside()}
        momentum = number(group.get("momentum"))
        if momentum is None and "betas" in group:
            momentum = number(group["betas"][0])
        self.optimizers.append((optimizer, {**facts, "momentum": momentum}))
        del self.optimizers[:-8]

    def module_made(self, module: Module) -> None:
        if len(self.module_lines) < 400:
            line = line_outside()
            if line:
                self.module_lines[id(module)] = module, line


def rows_in(given: Any, target: Any) -> int:
    """How many images a loss was over: the scores of a single one have no batch dimension."""
    if not isinstance(given, torch.Tensor) or not given.dim():
        return 1
    single = given.dim() == 1 and isinstance(target, torch.Tensor) and not target.dim()
    return 1 if single else given.shape[0]


def number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def values_of(leaf: Tensor) -> list[float]:
    return list(leaf.detach().flatten()[:64].tolist())
