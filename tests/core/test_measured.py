"""What a run shows: a claim earns half of what a measurement does, nothing earns nothing, and who contradicts whom."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.measured import contradicted, free_of_bugs, learns
from bot.core.training import Curve, Finding, Outcome
from bot.lab.syntax.facts import facts
from tests.core.buggy import BASE, CLASSY, RAW

FELL, FLAT = Curve((1, 100), (2.3, 0.2)), Curve((1, 100), (2.3, 2.3))
CROSS = {"name": "CrossEntropyLoss", "calls": 900}


@pytest.mark.parametrize(
    ("accuracy", "curve", "credit"),
    [(0.95, FELL, 1.0), (0.95, FLAT, 1.0), (0.11, FELL, 0.0), (None, FELL, 0.5), (None, FLAT, 0.0)],
)
def test_a_curve_alone_is_a_claim_and_earns_half(accuracy: float | None, curve: Curve, credit: float) -> None:
    outcome = Outcome("measured" if accuracy else "no_predictions", accuracy, 10_000, curve=curve)
    found = learns({"outcome": outcome})
    assert found is not None and found.credit == credit
    assert ("nothing was measured" in found.why) == (credit == 0.5)


@pytest.mark.parametrize("source", ["", "print(1)", "import torch\nx = 3", "def main():\n    pass\nmain()"])
def test_where_there_is_nothing_no_bug_is_no_merit(source: str) -> None:
    assert free_of_bugs({**facts(source), "findings": ()}) is None


@pytest.mark.parametrize(
    "source",
    [BASE, CLASSY, RAW, "def loss(scores, labels):\n    return scores.max() - labels.sum()\n"],
    ids=["row", "class", "by hand", "function"],
)
def test_a_program_without_a_bug_earns_it(source: str) -> None:
    found = free_of_bugs({**facts(source), "findings": ()})
    assert found is not None and found.credit == 1.0


def test_a_bug_counts_wherever_it_is() -> None:
    found = free_of_bugs({**facts("print(1)"), "findings": (Finding("any", "bug", 1, "It is wrong."),)})
    assert found is not None and found.credit == 0.5


def outcome(losses: tuple[float, ...], accuracy: float, *seen: dict[str, Any]) -> Outcome:
    curve = Curve(tuple(range(1, len(losses) + 1)), losses)
    return Outcome("measured", accuracy, 10_000, "MNIST", curve=curve, seen={"losses": list(seen)})


@pytest.mark.parametrize(
    ("losses", "accuracy", "expected"),
    [
        ((2.3, 0.29, 0.29, 0.29), 0.49, True),
        ((2.3, 0.31, 0.31, 0.31), 0.49, False),
        ((2.3, 0.1, 0.1, 0.1), 0.51, False),
        ((2.3, 2.7, 2.7, 2.7), 0.95, True),
        ((2.3, 2.5, 2.5, 2.5), 0.95, False),
        ((2.3, 2.7, 2.7, 2.7), 0.93, False),
        ((147.0, 12.0, 12.0, 12.0), 0.95, False),  # summed over the batch
        ((-0.1, -0.9, -0.9, -0.9), 0.4, False),  # no log before an NLL
        ((0.1,), 0.2, False),
    ],
)
def test_a_cross_entropy_must_go_with_the_accuracy(losses: tuple[float, ...], accuracy: float, expected: bool) -> None:
    assert contradicted(outcome(losses, accuracy, CROSS)) is expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((), False),
        ((CROSS,), True),
        (({"name": "cross_entropy"}, CROSS), True),
        (({"name": "nll_loss", "log_probabilities": True},), True),
        (({"name": "NLLLoss", "log_probabilities": False},), False),
        (({"name": "MSELoss"},), False),
        (({"name": "BCELoss"},), False),
        ((CROSS, {"name": "MSELoss"}), False),
        (({"name": 3},), False),
    ],
)
def test_of_other_losses_nothing_is_said(seen: tuple[dict[str, Any], ...], expected: bool) -> None:
    assert contradicted(outcome((2.3, 0.1, 0.1, 0.1), 0.1, *seen)) is expected
