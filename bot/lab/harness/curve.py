"""The loss as it goes: which steps are told, and how often a line is sent. It takes losses as they are, nan too."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor

EVERY_STEP = 512  # steps that are all told; of every doubling after that, half as many again
SECONDS = 0.2  # between two lines
POINTS = 400  # in one line: about 10 KiB


class Told(Protocol):
    """Who is told: the wire to the host."""

    def line(self, kind: str, **fields: Any) -> None: ...


class Curve:
    """Points on their way to the host. `next` is the step that is told next; those between are not asked for."""

    def __init__(self, wire: Told, clock: Callable[[], float] = time.perf_counter) -> None:
        self.wire = wire
        self.clock = clock
        self.next = 1
        self.sent = float("-inf")  # the first point goes at once: so the host sees the first step
        self.last = 0
        self.at: list[int] = []
        self.losses: list[float | Tensor] = []
        #: Told of losses that were on a device until now.
        self.fetched: Callable[[int, float], None] = lambda step, loss: None

    def point(self, step: int, loss: float | Tensor) -> None:
        """Takes the loss of a step, whether or not it is the next one told."""
        self.next = step
        self.points(step, [loss])

    def points(self, first: int, losses: Sequence[float | Tensor]) -> None:
        """Takes the losses of steps one after another; the line goes when it is time."""
        step, end = self.next, first + len(losses)
        if step >= end:
            return
        while step < end:
            self.at.append(step)
            self.losses.append(losses[step - first])
            self.last, step = step, step + stride(step)
        self.next = step
        now = self.clock()
        if now - self.sent > SECONDS or len(self.at) >= POINTS:
            self.flush()
            self.sent = now

    def flush(self) -> None:
        if self.at:
            at, away = self.at, self.losses
            self.at, self.losses = [], []
            losses = rounded(away)
            for step, before, loss in zip(at, away, losses, strict=True):
                if not isinstance(before, float):
                    self.fetched(step, loss)
            self.wire.line("steps", at=at, loss=losses)

    def validation(self, step: int, loss: float) -> None:
        self.flush()
        self.wire.line("validation", at=[step], loss=rounded([loss]))


def stride(step: int) -> int:
    """1 up to EVERY_STEP, 2 up to twice that, 4 up to four times: 3,000 points are enough for a million steps."""
    return 1 << (step // EVERY_STEP).bit_length()


def rounded(losses: list[float | Tensor]) -> list[float]:
    """The losses as numbers; those still on a device are fetched together, for each fetch waits for it."""
    away = [loss for loss in losses if not isinstance(loss, float)]
    if away:
        fetched = iter(numbers(away))
        losses = [loss if isinstance(loss, float) else next(fetched) for loss in losses]
    return [float(f"{loss:.6g}") for loss in losses]


def numbers(losses: list[Tensor]) -> list[float]:
    """Losses on a device as numbers; nan for all where one cannot be had (a device without data, a failed kernel)."""
    import torch

    try:
        return list(torch.stack([loss.reshape(()).double().cpu() for loss in losses]).tolist())
    except (RuntimeError, NotImplementedError):
        return [float("nan")] * len(losses)
