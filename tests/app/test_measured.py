"""The doors with a stopwatch tell how long something took and what came of it, and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, Literal

import pytest

from bot.app.measured import MeasuredGrader, MeasuredLab
from bot.core.marking import Part, Verdict
from bot.core.training import Limits, Outcome, Progress, Submission, Task
from bot.errors import GraderUnavailable, LabUnavailable

STAGES: tuple[Literal["queued", "running"], ...] = ("queued", "queued", "running")


class Told:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.all: list[tuple[Any, ...]] = []

    def graded(self, seconds: float, outcome: str) -> None:
        self.all.append(("graded", seconds, outcome))

    def ran(self, seconds: float, status: str) -> None:
        self.all.append(("ran", seconds, status))

    def in_the_lab(self, waiting: int, running: int) -> None:
        self.all.append((waiting, running))


class Grading:
    name = "a grader"

    def __init__(self, verdict: Verdict | None) -> None:
        self._verdict = verdict

    async def grade(self, question: Any, part: Part, facts: Any = None) -> Verdict:
        if self._verdict is None:
            raise GraderUnavailable("It is down.")
        return self._verdict


class Running:
    def __init__(self, outcome: Outcome | None) -> None:
        self._outcome = outcome

    async def run(self, submission: Submission, heard: Callable[[Progress], None] = lambda progress: None) -> Outcome:
        for stage in STAGES:
            heard(Progress(stage))
        if self._outcome is None:
            heard(Progress("queued"))
            raise LabUnavailable("It is down.")
        return self._outcome

    def unavailable(self) -> str | None:
        return "It is off."

    def near(self) -> None: ...

    async def close(self) -> None: ...


def ticking() -> Callable[[], float]:
    return map(float, count()).__next__


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict("x"), "graded"),
        (Verdict("x", why_not="another language"), "not_graded"),
        (Verdict("x", why_not="it is down", retry=True), "outage"),
        (None, "outage"),
    ],
)
async def test_a_grading_is_told_with_what_came_of_it(verdict: Verdict | None, outcome: str) -> None:
    told = Told()
    grader = MeasuredGrader(Grading(verdict), told, ticking())
    try:
        assert await grader.grade(None, Part("p", "words")) is verdict  # type: ignore[arg-type]
    except GraderUnavailable:
        assert verdict is None
    assert told.all == [("graded", 1.0, outcome)] and grader.name == "a grader"


@pytest.mark.parametrize(("outcome", "status"), [(Outcome("measured"), "measured"), (None, "unavailable")])
async def test_a_run_is_told_and_who_waits_is_counted(outcome: Outcome | None, status: str) -> None:
    told = Told()
    heard: list[Progress] = []
    lab = MeasuredLab(Running(outcome), told, ticking())
    submission = Submission(Task("t", "T"), "pass", Limits())
    try:
        assert await lab.run(submission, heard.append) is outcome
    except LabUnavailable:
        assert outcome is None
    assert told.all[:4] == [(0, 0), (0, 1), (1, 0), (0, 1)]
    assert told.all[-2:] == [(0, 0), ("ran", 1.0, status)]
    assert len(heard) == (4 if outcome is None else 3) and lab.unavailable() == "It is off."
