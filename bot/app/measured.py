"""The doors of a house with a stopwatch: how long judging and running took, and what came of it. It changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.app.house import House
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.core.training import Outcome, Progress, Submission
from bot.errors import GraderUnavailable, LabUnavailable
from bot.ports import Grader, Lab

Clock = Callable[[], float]


class Measures(Protocol):
    """Who is told. Nothing of this names anybody."""

    def graded(self, seconds: float, outcome: str) -> None:
        """A part of an answer was judged: graded, not_graded or outage."""
        ...

    def ran(self, seconds: float, status: str) -> None:
        """A program left the lab."""
        ...

    def in_the_lab(self, waiting: int, running: int) -> None:
        """So many programs wait and run."""
        ...


def measured(house: House, measures: Measures, clock: Clock = time.perf_counter) -> House:
    """The same house, whose grader and lab are watched."""
    lab = house.doors.lab
    watched = None if lab is None else MeasuredLab(lab, measures, clock)
    doors = replace(house.doors, grader=MeasuredGrader(house.doors.grader, measures, clock), lab=watched)
    return replace(house, doors=doors)


class MeasuredGrader:
    """A `bot.ports.Grader` that is watched."""

    def __init__(self, grader: Grader, measures: Measures, clock: Clock) -> None:
        self.name = grader.name
        self._grader = grader
        self._measures = measures
        self._clock = clock

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """See `bot.ports.Grader.grade`."""
        began = self._clock()
        try:
            verdict = await self._grader.grade(question, part, facts)
        except GraderUnavailable:
            self._measures.graded(self._clock() - began, "outage")
            raise
        outcome = "outage" if verdict.retry else "not_graded" if verdict.why_not else "graded"
        self._measures.graded(self._clock() - began, outcome)
        return verdict


class MeasuredLab:
    """A `bot.ports.Lab` that is watched."""

    def __init__(self, lab: Lab, measures: Measures, clock: Clock) -> None:
        self._lab = lab
        self._measures = measures
        self._clock = clock
        self._all = self._waiting = 0
        measures.in_the_lab(0, 0)

    async def run(self, submission: Submission, heard: Callable[[Progress], None] = lambda progress: None) -> Outcome:
        """See `bot.ports.Lab.run`."""
        began, queued, status = self._clock(), False, "broken_off"

        def told(progress: Progress) -> None:
            nonlocal queued
            if queued != (progress.stage == "queued"):
                queued = not queued
                self._changed(0, 1 if queued else -1)
            heard(progress)

        self._changed(1, 0)
        try:
            outcome = await self._lab.run(submission, told)
            status = outcome.status
            return outcome
        except LabUnavailable:
            status = "unavailable"
            raise
        finally:
            self._changed(-1, -1 if queued else 0)
            self._measures.ran(self._clock() - began, status)

    def _changed(self, programs: int, waiting: int) -> None:
        self._all += programs
        self._waiting += waiting
        self._measures.in_the_lab(self._waiting, self._all - self._waiting)

    def unavailable(self) -> str | None:
        """See `bot.ports.Lab.unavailable`."""
        return self._lab.unavailable()

    def near(self) -> None:
        """See `bot.ports.Lab.near`."""
        self._lab.near()

    async def close(self) -> None:
        """See `bot.ports.Lab.close`."""
        await self._lab.close()
