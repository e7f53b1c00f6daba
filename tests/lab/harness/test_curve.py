"""Which steps of the curve are told, and losses that are still on a device."""

from __future__ import annotations

from typing import Any

import pytest

from bot.lab.harness.curve import EVERY_STEP, POINTS, Curve, stride


class Lines:
    """A wire that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def line(self, kind: str, **fields: Any) -> None:
        self.told.append({"type": kind, **fields})


def curve_of(lines: Lines, clock: float = 0.0) -> Curve:
    return Curve(lines, lambda: clock)


def test_every_doubling_is_told_half_as_often() -> None:
    assert [stride(step) for step in (1, EVERY_STEP - 1, EVERY_STEP, 2 * EVERY_STEP - 1, 2 * EVERY_STEP)] == [
        1,
        1,
        2,
        2,
        4,
    ]
    told, step = 0, 1
    while step <= 1_000_000:
        told, step = told + 1, step + stride(step)
    assert told < 3500


def test_the_first_point_goes_at_once_and_the_others_together() -> None:
    lines = Lines()
    curve = curve_of(lines)
    for step in range(1, POINTS + 3):
        curve.point(step, 1.0)
    assert [len(line["at"]) for line in lines.told] == [1, POINTS]
    curve.flush()
    assert lines.told[-1] == {"type": "steps", "at": [POINTS + 2], "loss": [1.0]}


@pytest.mark.slow
def test_losses_on_a_device_are_fetched_together_and_told_of() -> None:
    import torch

    lines, heard = Lines(), []
    curve = curve_of(lines)
    curve.fetched = lambda step, loss: heard.append((step, loss))
    for step, loss in ((1, 2.5), (2, torch.tensor(1.25)), (3, torch.tensor([0.5], dtype=torch.float64))):
        curve.point(step, loss)
    curve.flush()
    assert lines.told[1]["loss"] == [1.25, 0.5]
    assert heard == [(2, 1.25), (3, 0.5)]
