"""What is counted of steps and losses does not hang on the clock, and is of the steps that it is said to be of."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from bot.lab.harness.curve import Curve
from bot.lab.harness.tally import CHUNK, LATE, Tally


class Lines:
    """A wire that keeps what it is told."""

    def __init__(self) -> None:
        self.points: list[tuple[int, float]] = []

    def line(self, kind: str, **fields: Any) -> None:
        self.points += zip(fields["at"], fields["loss"], strict=True)


def ticking(seconds: float) -> Iterator[float]:
    return itertools.count(0.0, seconds)


def counted(losses: Iterable[float], seconds: float, gathered: Iterable[float] = ()) -> tuple[Tally, Lines]:
    """Steps of these losses, by a clock that goes on so many seconds each time that it is read."""
    lines, clock = Lines(), ticking(seconds)
    tally = Tally(Curve(lines, lambda: next(clock)), lambda: next(clock))
    before = iter(gathered)
    for loss in losses:
        first = next(before, None)
        if first is not None:
            tally.gathered([first])
        tally.loss = loss
        tally.chunk.append(loss)
        tally.left -= 1
        if tally.left <= 0:
            tally.go_on(CHUNK)
    return tally, lines


@pytest.mark.parametrize("seconds", [1e-9, 1e-3, 1.0])
def test_the_clock_decides_nothing_but_when_lines_go(seconds: float) -> None:
    losses = [1 / (n + 1) for n in range(400)]
    gathered = [math.nan if n == 205 else 2.0 for n in range(400)]
    tally, lines = counted(losses, seconds, gathered)
    tally.finish()
    usual, expected = counted(losses, 1e-6, gathered)
    usual.finish()
    assert tally.told() == usual.told()
    assert (tally.told()["nan_at_step"], tally.told()["first_loss"]) == (206, 2.0)
    assert lines.points == expected.points


def test_a_slow_step_is_told_of_at_once_and_quick_ones_together() -> None:
    slow, lines = counted([1.0] * 10, seconds=1.0)
    assert (slow.steps, len(lines.points)) == (10, 10)
    quick, _ = counted([1.0] * 10, seconds=1e-9)
    assert quick.steps == 1


def test_the_last_point_is_the_last_steps_own() -> None:
    """A backward pass after it, with no step, has a loss that is none of its."""
    tally, lines = counted([0.5] * 600 + [0.25], seconds=1e-9)
    tally.loss = 29.0
    tally.finish()
    assert lines.points[-1] == (601, 0.25)


def test_losses_that_are_no_numbers_are_told_and_do_not_spoil_the_others() -> None:
    tally, _ = counted([math.nan, 3.0, math.inf, 1.0, 2.0], seconds=1.0)
    told = tally.told()
    assert (told["first_loss"], told["last_loss"], told["lowest_loss"], told["nan_at_step"]) == (3.0, 2.0, 1.0, 1)
    assert told["late_loss"] == 2.0
    assert len(tally.late) <= LATE


def test_nothing_counted_is_nothing_told() -> None:
    tally, lines = counted([], seconds=1.0)
    tally.finish()
    assert lines.points == []
    assert set(tally.told().values()) == {None}
