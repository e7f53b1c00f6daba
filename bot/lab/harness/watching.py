"""Hooks into PyTorch that see a program train without a line of its own: steps, losses, validation. It judges nothing.

Each step is counted; some are looked at, which costs more, and of these few with everything that was called. Which ones
is a matter of their number alone and never of time, so that the same program is seen to do the same on a slow machine
and on a fast one. counting.py keeps what is ordinary away from here.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness.counting import quiet
from bot.lab.harness.curve import Curve
from bot.lab.harness.looking import Looks
from bot.lab.harness.losses import Losses, line_outside
from bot.lab.harness.patches import Patches
from bot.lab.harness.tally import Tally

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer

    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.wire import Wire

#: Steps by an optimiser that was made but never called are not waited for any longer.
PATIENCE = 64
#: Of the steps so far, the last tenth has been looked at at least once: all of the first twenty, later ever fewer.
CLOSELY = 10
SELDOM = 128  # steps between two looks, at most: a network that takes over late is still met
WHOLLY = 4  # of so many looks one is at all that was called; those between, at a network that is known and at its rows
BACKWARDS_A_LOOK = 8  # a step may gather many
MOST_BEGINNINGS = 20  # new optimisers that are looked at as closely as the first
MOST_SIZES = 20


class Watch:
    """All that is seen. `looking` is true while the present step is looked at closely, `briefly` where not wholly."""

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
        self.looking = self.briefly = False
        self.looks_taken = 0
        self.looked = 0  # backward passes of this look
        self.beginnings = 0
        self.looks_from = 0
        self.next_look = 1
        self.accumulated = 0
        self.small: tuple[Tensor, list[float]] | None = None
        self.small_at = 0  # the optimiser's steps when the small leaf was looked at

    def install(self) -> None:
        self.patches.into(self)
        os.register_at_fork(after_in_child=self.patches.away)  # what workers do is no step of the training
        self.settle()

    def remove(self) -> None:
        """Takes all hooks away and tells what has not been told."""
        self.patches.away()
        quiet(self.tell_the_rest)()

    def tell_the_rest(self) -> None:
        self.close_look()
        self.keep_watch()
        self.pour_out()
        self.tally.finish()
        self.tell_validation()
        self.curve.flush()

    # What happens in the program, in the order of a step.

    def after_loss(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> None:
        """A loss of PyTorch's was computed. Without gradients it is taken for validation."""
        if not isinstance(out, torch.Tensor):
            return
        given = args[0] if args else kwargs.get("input")
        target = args[1] if len(args) > 1 else kwargs.get("target")
        rows = rows_in(given, target)
        if out.requires_grad:
            self.tally.pending_rows = rows
        elif not torch.is_grad_enabled():
            if self.tally.now and out.numel() == 1:
                self.keep_watch()
                self.validating[0] += float(out) * rows
                self.validating[1] += rows
            return
        if self.tally.backwards == 0:
            self.losses.latest = out.detach()
        wholly = self.looking and not self.briefly
        if wholly or not self.losses.again(name):
            self.losses.called(name, line_outside(), given, target)
        elif not self.looking:
            return
        self.looks.target = target if isinstance(target, torch.Tensor) else None

    def before_backward(self, loss: Any) -> None:
        """A loss is about to be differentiated."""
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
        if loss.numel() != 1 or not loss.is_cpu:
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
        if tally.backward_since or tally.stepper is optimizer or id(optimizer) in tally.others:
            tally.stepper = optimizer
            tally.others.clear()
            tally.backward_since = False
            new = True
        else:
            tally.others.add(id(optimizer))
            tally.usual_stepper = None
            new = tally.optimizer_steps == 0
        if new:
            if self.waiting:
                tally.gathered(self.waiting[:-1])
            self.waiting = None
            tally.optimizer_steps += 1
            self.step_done()

    def step_counted(self) -> None:
        """A step without an optimiser is done, and nothing more was to be seen of it."""
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
        """Says how the next steps are seen."""
        tally = self.tally
        self.close_look()
        self.keep_watch()
        known = tally.backwards > 0 and isinstance(tally.loss, float)
        if not known:
            tally.work_off()
        tally.go_on(self.next_look - 1 - tally.now if known else 1)
        if tally.now + 1 >= self.next_look:
            self.open_look()
        elif known and not self.validating[1] and not self.waits:
            tally.quiet, tally.usual_loss = True, self.losses.name
            tally.usual_stepper = None if tally.others else tally.stepper

    def keep_watch(self) -> None:
        """From here on nothing is merely counted."""
        tally = self.tally
        if tally.calls and tally.usual_loss is not None:
            self.losses.again(tally.usual_loss, tally.calls)
        tally.quiet, tally.calls = False, 0
        tally.usual_loss = tally.usual_stepper = None

    # Looks.

    def open_look(self) -> None:
        """A look at the coming step: from here on modules and losses are looked at as they are called."""
        self.next_look = look_after(self.tally.now + 1, self.looks_from)
        self.looking, self.looked = True, 0
        self.tally.left = 1
        known = self.looks.steady if self.looks_taken % WHOLLY else None
        self.briefly = known is not None
        self.looks_taken += 1
        self.patches.watch_modules(self.looks.called, known)

    def close_look(self) -> None:
        if self.looking:
            self.looking = False
            self.patches.leave_modules()
            self.looks.over()

    def look(self, loss: Tensor) -> None:
        if self.briefly and self.looks.now is None:  # another network than the one that is known
            self.next_look = self.tally.now + 2
            self.looks.begin_again()
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
            self.small_at = self.tally.optimizer_steps
            return
        leaf, before = self.small
        steps = self.tally.optimizer_steps
        now = before if steps else values_of(leaf)
        if (steps > self.small_at or now != before) and leaf.grad is not None and bool(leaf.grad.any()):
            self.accumulated += 1
        self.small, self.small_at = (leaf, now), steps

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
            self.looks_taken = 0
            self.looks_from = self.tally.now
            self.next_look = self.tally.now + 1
            self.tally.work_off()
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
