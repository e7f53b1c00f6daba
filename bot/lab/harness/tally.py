"""Counts steps and takes their losses; what they mean is said elsewhere, and it decides nothing.

What it does at every step must cost next to nothing. A step of the program's own has just emptied the caches, so the
fields that each step touches lie close together, and losses are worked through in chunks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer

    from bot.lab.harness.curve import Curve

CHUNK = 32  # steps worked through together, at most
CHUNK_SECONDS = 0.05  # and no more than these take: the curve is watched as it grows
LATE = 20  # losses at the end that are taken together


class Tally:
    """`chunk` are the losses of steps that are counted but not worked through, `most` how many it may hold; `left`, the
    steps until there is something else to do than to count.
    """

    __slots__ = (
        "backward_since",
        "backwards",
        "began",
        "calls",
        "chunk",
        "clock",
        "curve",
        "first",
        "last",
        "late",
        "latest",
        "left",
        "loss",
        "lowest",
        "most",
        "nan_at",
        "optimizer_steps",
        "others",
        "pending_rows",
        "quiet",
        "rows",
        "stepper",
        "steps",
        "usual_loss",
        "usual_rows",
        "usual_stepper",
        "zero_grads",
    )

    def __init__(self, curve: Curve, clock: Callable[[], float] = time.perf_counter) -> None:
        self.curve = curve
        self.clock = clock
        curve.fetched = self.note
        # True while the next step need only be counted, if it is by the usual loss and the usual optimiser.
        self.quiet = False
        self.usual_loss: str | None = None
        self.usual_stepper: Optimizer | None = None
        self.calls = 0  # of the usual loss, since it is that
        self.backwards = self.optimizer_steps = self.zero_grads = 0
        self.rows = self.pending_rows = self.usual_rows = 0
        self.backward_since = False
        self.stepper: Optimizer | None = None
        self.others: set[int] = set()
        self.loss: float | Tensor = math.nan  # of the last backward pass
        self.latest: float | Tensor = math.nan  # of the last step that was worked off
        self.chunk: list[float | Tensor] = []
        self.left = self.most = 1
        self.steps = 0
        self.began = clock()
        self.first = self.last = self.lowest = math.nan
        self.late: list[float] = []
        self.nan_at: int | None = None

    @property
    def now(self) -> int:
        """Steps so far."""
        return self.steps + len(self.chunk)

    def go_on(self, ahead: int) -> None:
        """Counts `ahead` steps more at most, and before that works the chunk off where it is full."""
        if len(self.chunk) >= self.most:
            self.work_off()
        self.left = max(1, min(self.most - len(self.chunk), ahead))

    def work_off(self) -> None:
        """Notes the losses of the chunk and puts them on the curve."""
        chunk, self.chunk, self.left = self.chunk, [], 1
        now = self.clock()
        if chunk:
            first, self.latest = self.steps + 1, chunk[-1]
            self.steps += len(chunk)
            self.note_all(first, chunk)
            self.curve.points(first, chunk)
            pace = max((now - self.began) / len(chunk), 1e-6)
            self.most = max(1, min(CHUNK, int(CHUNK_SECONDS / pace)))
        self.began = now

    def gathered(self, losses: Iterable[float | Tensor]) -> None:
        """Losses of the coming step before its last one: a step may gather the gradients of several."""
        self.work_off()
        for loss in losses:
            if isinstance(loss, float):
                self.note(self.steps + 1, loss)

    def note_all(self, first: int, losses: Sequence[float | Tensor]) -> None:
        """The losses of steps one after another; of nearly all programs, all are ordinary numbers."""
        known = [loss for loss in losses if isinstance(loss, float)]
        if len(known) < len(losses) or not math.isfinite(sum(known)):
            for step, loss in enumerate(losses, first):
                if isinstance(loss, float):
                    self.note(step, loss)
            return
        self.late = [*self.late, *known][-LATE:]
        self.last = known[-1]
        if self.first != self.first:
            self.first = self.lowest = known[0]
        self.lowest = min(self.lowest, *known)

    def note(self, step: int, value: float) -> None:
        """The loss of a step; those on a device come when the curve has fetched them."""
        self.late.append(value)
        del self.late[:-LATE]
        if not math.isfinite(value):
            self.nan_at = step if self.nan_at is None else self.nan_at
            return
        if self.first != self.first:
            self.first = self.lowest = value
        self.lowest = min(value, self.lowest)
        self.last = value

    def finish(self) -> None:
        """All that was counted is on the curve, the last step in any case."""
        self.work_off()
        if self.curve.last != self.steps:
            self.curve.point(self.steps, self.latest)
        self.curve.flush()

    def told(self) -> dict[str, Any]:
        """Losses for `seen`; None where none was finite."""
        late = [loss for loss in self.late if math.isfinite(loss)]
        known = self.first == self.first
        return {
            "first_loss": self.first if known else None,
            "last_loss": self.last if known else None,
            "lowest_loss": self.lowest if known else None,
            "late_loss": sum(late) / len(late) if late else None,
            "nan_at_step": self.nan_at,
        }
