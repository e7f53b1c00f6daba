"""Hooks into PyTorch that see a program train without a line of its own: steps, losses, validation. It judges nothing.

Each step is counted; some are looked at, which costs more. Which ones is a matter of their number alone and never of
time, so that the same program is seen to do the same on a slow machine and on a fast one.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness.curve import Curve
from bot.lab.harness.looking import Looks
from bot.lab.harness.losses import Losses, line_outside
from bot.lab.harness.patches import Patches, quiet
from bot.lab.harness.tally import Tally

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer

    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.wire import Wire

#: Steps by an optimiser that was made but never called are not waited for any longer.
PATIENCE = 64
#: Of the steps so far, the last twelfth has been looked at at least once: all of the first two dozen, later ever fewer,
#: and yet no tenth of the first epoch goes unseen.
CLOSELY = 12
SELDOM = 128  # steps between two looks, at most: a network that takes over late is still met
BACKWARDS_A_LOOK = 8  # a step may gather many
MOST_BEGINNINGS = 20  # new optimisers that are looked at as closely as the first
MOST_SIZES = 20


class Watch:
    """All that is seen. `looking` is true while the present step is looked at closely."""

    def __init__(self, wire: Wire, mnist: Mnist) -> None:
        self.mnist = mnist
        self.curve = Curve(wire)
        self.tally = Tally(self.curve)
        self.looks = Looks()
        self.losses = Losses()
        self.patches = Patches()
        self.optimizers: list[tuple[Optimizer, dict[str, Any]]] = []
        self.module_lines: dict[int, tuple[Module, int]] = {}
        self.waiting: list[float | Tensor] | None = []  # losses until an optimiser's first step; None: no longer
        self.batch_sizes: dict[int, None] = {}
        self.validating: list[float] = [0.0, 0.0]
        self.rows_in_training_mode = 0
        self.dropout = self.batch_norm = False
        self.looking = False
        self.looked = 0  # backward passes of this look
        self.beginnings = 0
        self.looks_from = 0
        self.next_look = 1
        self.accumulated = 0
        self.small: tuple[Tensor, list[float]] | None = None

    def install(self) -> None:
        self.patches.into(self)
        os.register_at_fork(after_in_child=self.patches.away)  # what workers do is no step of the training
        self.look_if_due()

    def remove(self) -> None:
        """Takes all hooks away and tells what has not been told."""
        self.patches.away()
        quiet(self.tell_the_rest)()

    def tell_the_rest(self) -> None:
        self.close_look()
        self.pour_out()
        self.tally.finish()
        self.tell_validation()
        self.curve.flush()

    # What happens in the program, in the order of a step.

    def after_loss(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> None:
        """A loss of PyTorch's was computed."""
        if self.tally.quiet and args and out.requires_grad:
            shape = args[0].shape
            if len(shape) == 2 and self.losses.again(name):
                self.tally.pending_rows = shape[0]
                return
        if isinstance(out, torch.Tensor):
            given = args[0] if args else kwargs.get("input")
            self.loss_seen(name, given, args[1] if len(args) > 1 else kwargs.get("target"), out)

    def loss_seen(self, name: str, given: Any, target: Any, out: Tensor) -> None:
        """Without gradients it is taken for validation."""
        rows = rows_in(given, target)
        if out.requires_grad:
            self.tally.pending_rows = rows
        elif not torch.is_grad_enabled():
            if self.tally.now and out.numel() == 1:
                self.tally.quiet = False
                self.validating[0] += float(out) * rows
                self.validating[1] += rows
            return
        if self.tally.backwards == 0:
            self.losses.latest = out.detach()
        if not self.looking and self.losses.again(name):
            return
        self.losses.called(name, line_outside(), given, target)
        self.looks.target = target if isinstance(target, torch.Tensor) else None

    def before_backward(self, loss: Any) -> None:
        """A loss is about to be differentiated."""
        tally = self.tally
        if not tally.quiet or tally.backward_since or not loss.is_cpu or loss.dim():
            self.backward_seen(loss)
            return
        tally.loss = float(loss.item())
        tally.backwards += 1
        rows = tally.pending_rows or self.looks.batch
        tally.rows += rows
        tally.pending_rows = 0
        if rows != tally.usual_rows:
            self.met(rows)
        if tally.optimizer_steps:
            tally.backward_since = True
        else:
            self.count()

    def backward_seen(self, loss: Any) -> None:
        """The same where there is more to do than to count."""
        if not isinstance(loss, torch.Tensor):
            return
        tally = self.tally
        if self.validating[1]:
            self.tell_validation()
        if tally.backward_since and not self.waits:
            tally.gathered([tally.loss])
        tally.backwards += 1
        tally.backward_since = True
        self.take(loss)
        if self.looking:
            self.look(loss)
        rows = tally.pending_rows or self.looks.batch
        tally.rows += rows
        tally.pending_rows = 0
        self.met(rows)
        if tally.optimizer_steps == 0:
            self.step_by_hand()

    @property
    def waits(self) -> bool:
        """True while there is an optimiser that may still take its first step."""
        return bool(self.optimizers) and self.waiting is not None and self.tally.optimizer_steps == 0

    def take(self, loss: Tensor) -> None:
        """On the CPU each loss is read; elsewhere that would wait for the device, so it is kept as it is."""
        loss = loss.detach() if loss.numel() == 1 else loss.detach().mean()
        if loss.is_cpu:
            value = number(loss.item())
            self.tally.loss = math.nan if value is None else value
        else:
            self.tally.loss = loss.clone() if self.tally.now + 1 >= self.curve.next else loss

    def met(self, rows: int) -> None:
        """A batch of so many rows."""
        self.tally.usual_rows = rows
        if len(self.batch_sizes) < MOST_SIZES:
            self.batch_sizes[rows] = None

    def step_by_hand(self) -> None:
        """Without an optimiser every backward pass is a step; with one that never steps, after some patience."""
        if self.waits and self.waiting is not None:
            self.waiting.append(self.tally.loss)
            if len(self.waiting) > PATIENCE:
                self.pour_out()
        else:
            self.tally.backward_since = False
            self.step_done()

    def pour_out(self) -> None:
        """Losses that waited for an optimiser's first step, which never came."""
        waiting, self.waiting = self.waiting, None
        for loss in (waiting or []) if self.tally.optimizer_steps == 0 else []:
            self.tally.loss = loss
            self.step_done()

    def after_step(self, optimizer: Optimizer, *_: Any) -> None:
        """An optimiser has stepped. Several that follow one backward pass are one step."""
        tally = self.tally
        if tally.backward_since and tally.quiet and tally.stepper is optimizer:
            tally.backward_since = False
            tally.fresh_step = True
            tally.optimizer_steps += 1
            if tally.others:
                tally.others.clear()
            self.count()
            return
        if tally.backward_since or tally.stepper is optimizer or id(optimizer) in tally.others:
            tally.stepper = optimizer
            tally.others.clear()
            tally.backward_since = False
            tally.fresh_step = True
            new = True
        else:
            tally.others.add(id(optimizer))
            new = tally.optimizer_steps == 0
        if new:
            if self.waiting:
                tally.gathered(self.waiting[:-1])
            self.waiting = None
            tally.optimizer_steps += 1
            self.step_done()

    def count(self) -> None:
        """A step is done, and nothing more was to be seen of it."""
        tally = self.tally
        tally.chunk.append(tally.loss)
        tally.left -= 1
        if tally.left <= 0:
            self.settle()

    def step_done(self) -> None:
        if self.tally.backwards == 0 and self.losses.latest is not None:
            self.take(self.losses.latest)
        self.tally.chunk.append(self.tally.loss)
        self.settle()

    def settle(self) -> None:
        """Works through the steps that were counted, and says how the next ones are seen."""
        tally = self.tally
        self.close_look()
        known = tally.backwards > 0 and isinstance(tally.loss, float)
        tally.work_off(self.next_look - 1 - tally.now if known else 1)
        tally.quiet = known and not self.validating[1] and not self.waits
        self.look_if_due()

    # Looks.

    def look_if_due(self) -> None:
        """Opens a look at the coming step: from here on modules and losses are looked at as they are called."""
        coming = self.tally.now + 1
        if coming < self.next_look:
            return
        self.next_look = look_after(coming, self.looks_from)
        self.looking, self.looked = True, 0
        self.tally.quiet, self.tally.left = False, 1
        self.patches.watch_modules(self.looks.called)

    def close_look(self) -> None:
        if self.looking:
            self.looking = False
            self.patches.leave_modules()
            self.looks.over()

    def look(self, loss: Tensor) -> None:
        try:
            self.looks.look(loss)
            self.check_left_over()
        except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError):
            self.looks.over()  # a value of a kind that cannot be looked at (functorch, sparse, quantised)
        self.looked += 1
        if self.looked >= BACKWARDS_A_LOOK:
            self.close_look()

    def check_left_over(self) -> None:
        """Whether gradients of the step before are still there: of the smallest leaf, which stands for all."""
        if self.small is None or id(self.small[0]) not in self.looks.leaves:
            leaves = [leaf.tensor for leaf in self.looks.leaves.values() if leaf.tensor.is_floating_point()]
            if not leaves:
                return
            smallest = min(leaves, key=lambda leaf: leaf.numel())
            self.small = smallest, values_of(smallest)
            return
        leaf, before = self.small
        now = values_of(leaf)
        stepped = self.tally.fresh_step or (self.tally.optimizer_steps == 0 and now != before)
        if stepped and leaf.grad is not None and bool(leaf.grad.any()):
            self.accumulated += 1
        self.small = leaf, now
        self.tally.fresh_step = False

    # What happens aside of steps.

    def tell_validation(self) -> None:
        total, rows = self.validating
        if rows:
            self.tally.work_off()
            self.curve.validation(self.tally.steps, total / rows)
        self.validating = [0.0, 0.0]

    def normalised(self, kind: str, given: Any, training: bool) -> None:
        """Dropout or batch norm was at work; `training` says in which mode."""
        if kind == "dropout":
            self.dropout = True
        else:
            self.batch_norm = True
        if not training or not self.tally.now or not isinstance(given, torch.Tensor) or not given.dim():
            return
        rows = given.shape[0]
        if not torch.is_grad_enabled() or (rows == self.mnist.valid_rows and rows not in self.batch_sizes):
            self.rows_in_training_mode += rows

    def made(self, optimizer: Optimizer) -> None:
        """An optimiser was made: what it trains is looked at as closely as the first."""
        group = optimizer.param_groups[0]
        facts = {"name": type(optimizer).__name__, "lr": number(group.get("lr")), "line": line_outside()}
        momentum = number(group.get("momentum"))
        if momentum is None and "betas" in group:
            momentum = number(group["betas"][0])
        self.optimizers.append((optimizer, {**facts, "momentum": momentum}))
        del self.optimizers[:-8]
        if self.tally.now and self.beginnings < MOST_BEGINNINGS:
            self.beginnings += 1
            self.looks_from = self.tally.now
            self.next_look = self.tally.now + 1
            self.looks.begin_again()
            self.small = None  # the gradients that the last one left behind are none of its
            self.settle()

    def module_made(self, module: Module) -> None:
        if len(self.module_lines) < 400:
            line = line_outside()
            if line:
                self.module_lines[id(module)] = module, line


def look_after(step: int, begun: int) -> int:
    """The step that is looked at next after this one, of a training that began after step `begun`."""
    return step + min(SELDOM, max(1, (step - begun) // CLOSELY))


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
