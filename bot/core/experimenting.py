"""Experiments whose outcome is predicted first: the program that is run, and whether it came out as expected. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bot.core.question import Experiment, Recorded
from bot.core.training import Curve, Outcome, Task


def program(task: Task, settings: Mapping[str, Any]) -> str:
    """What is run: the task's own program, told by its first line what to do."""
    return f"SETTINGS = {dict(settings)!r}\n{task.program}"


def as_expected(experiment: Experiment, outcome: Outcome, beside: Outcome) -> bool:
    """Whether the run came out as the key points take for granted; a run that was not measured did not."""
    figures = measured(outcome, beside)
    return all(_holds(name, bound, figures) for name, bound in experiment.expects.items())


def measured(outcome: Outcome, beside: Outcome) -> Mapping[str, float]:
    """The figures that an expectation may bound: accuracy, losses by name, and the gap to the run beside it (0..1).

    A loss that is no number counts as infinite.
    """
    losses = [loss if not math.isnan(loss) else math.inf for loss in outcome.curve.losses]
    figures = {}
    if outcome.accuracy is not None:
        figures["accuracy"] = outcome.accuracy
    if outcome.accuracy is not None and beside.accuracy is not None:
        figures["gap"] = beside.accuracy - outcome.accuracy
    if losses:
        tail = losses[-max(1, len(losses) // 10) :]
        figures |= {"first_loss": losses[0], "last_loss": sum(tail) / len(tail), "lowest_loss": min(losses)}
    return figures


def replayed(recorded: Recorded) -> Outcome:
    """A run that was recorded on another machine, as an outcome."""
    return Outcome("measured", recorded.accuracy, curve=Curve(recorded.steps, recorded.losses))


def _holds(name: str, bound: float, figures: Mapping[str, float]) -> bool:
    figure, _, which = name.rpartition("_")
    value = figures.get(figure)
    if value is None:
        return False
    return value <= bound if which == "most" else value >= bound
