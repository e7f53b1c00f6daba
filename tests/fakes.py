"""Doubles of the doors for tests of the core and the loop: small, in memory, deterministic, and nothing is patched."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bot.core.asking import Asking
from bot.core.dialogue import Act, Meaning
from bot.core.events import Claim, Event, Record
from bot.core.flow import Flow, Step
from bot.core.marking import Grade, Mark, Part, Verdict, standing
from bot.core.question import FollowUp, Point, Question
from bot.core.reply import Reply
from bot.core.session import Session
from bot.core.training import Outcome, Progress, Submission, Task
from bot.errors import LabUnavailable, SittingBusy, WrongUsage
from bot.offline.code_marks import code_marks
from bot.ports import Passage, Sitting


def question(name: str, points: Sequence[str] = ("alpha", "beta"), **more: Any) -> Question:
    """A question whose key points are met by saying their names."""
    defaults: dict[str, Any] = {
        "title": f"The {name}",
        "ask": f"What is the {name}?",
        "reworded": f"Tell me about the {name}.",
        "plain": f"Please explain the {name}.",
        "aim": "To find out whether it is known.",
        "level": "beginner",
        "topics": ("fundamentals",),
        "reference": f"The {name} is {' and '.join(points)}.",
        "hints": ("A nudge.", "A direction.", "Half the answer."),
        "follow_ups": tuple(
            FollowUp(p, "missed", f"And what of the other side of {name}, {n}?") for n, p in enumerate(points)
        ),
        "sources": ("S0-1",),
    }
    made = tuple(Point(p, f"It is {p}.", true=(p,) * 6, false=(f"not {p}",) * 6) for p in points)
    return Question(id=name, points=made, **{**defaults, **more})


@dataclass
class MemoryBank:
    """Questions and one flow over them, in order."""

    held: dict[str, Question]
    tasks: dict[str, Task] = field(default_factory=dict)

    @classmethod
    def of(cls, *questions: Question) -> MemoryBank:
        return cls({q.id: q for q in questions})

    def question(self, question_id: str) -> Question:
        if question_id not in self.held:
            raise WrongUsage(f"There is no question {question_id}.")
        return self.held[question_id]

    def questions(self) -> Sequence[Question]:
        return list(self.held.values())

    def task(self, task_id: str) -> Task:
        if task_id not in self.tasks:
            raise WrongUsage(f"There is no task {task_id}.")
        return self.tasks[task_id]

    def flow(self, name: str) -> Flow:
        return Flow("test", "a test", 10, tuple(Step(q, f"On to the {q}.") for q in self.held))

    def flows(self) -> Sequence[Flow]:
        return [self.flow("test")]


class WordInterviewer:
    """Reads `meaning: text` as an act, anything else as an answer; probes what is missing, in order."""

    name = "words"

    def read(self, session: Session, text: str, code: str | None) -> Act:
        meaning, colon, rest = text.partition(":")
        if code is not None:
            return Act("code", text, code=code)
        if not colon:
            return Act("answer", text)
        number, _, words = rest.strip().partition(" ")
        if number.isdigit():
            return Act(cast(Meaning, meaning), words, int(number))
        return Act(cast(Meaning, meaning), rest.strip())

    def claims(self, text: str) -> tuple[Claim, ...]:
        """`claim subject value` is a claim."""
        found = re.finditer(r"claim (\w+) (\w+)", text)
        return tuple(Claim(hit[1], hit[2], hit.group(), corrects="actually" in text) for hit in found)

    def claims_of_program(self, facts: Mapping[str, Any], source: str) -> tuple[Claim, ...]:
        """A program claims what its words claim."""
        return self.claims(source)

    def probe(self, asking: Asking, question: Question, grade: Grade) -> FollowUp | None:
        asked = {f.point for f in asking.follow_ups}
        open_points = {p.point for p in grade.points if p.verdict != "met"} - asked
        return next((f for f in question.follow_ups if f.point in open_points), None)


class WordGrader:
    """A point is met by its id in the text, wrong by `not <id>`, partial by `half <id>`; `outage` is an outage."""

    name = "words"

    def __init__(self) -> None:
        self.down = False

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        if self.down:
            return Verdict(self.name, why_not="the grader is down.", retry=True)
        return Verdict(self.name, tuple(self._mark(p.id, part.text) for p in question.points))

    def _mark(self, point: str, text: str) -> Mark:
        if f"not {point}" in text:
            return Mark(point, 0.0, 0.9, "wrong", f"not {point}")
        credit = 0.5 if f"half {point}" in text else 1.0 if point in text else 0.0
        return Mark(point, credit, 0.9, standing(credit), point if credit else None)


class CodeGrader(WordGrader):
    """Marks programs by what they show, as the offline grader does; words as its base does."""

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        if question.kind == "code" and facts is not None:
            return Verdict(self.name, code_marks(question, part.text, facts))
        return await super().grade(question, part, facts)


@dataclass
class MemoryRetriever:
    """References by question id; terms by name."""

    references: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)

    async def reference(self, question_id: str) -> Passage | None:
        text = self.references.get(question_id)
        return Passage(question_id, question_id, text, ("S0-1",), question_id) if text else None

    async def explain(self, term: str, avoid: frozenset[str]) -> Passage | None:
        text = self.terms.get(term)
        return Passage(term, term, text, ("S1-1",)) if text else None

    async def search(self, query: str, k: int = 5) -> Sequence[Passage]:
        return []

    async def reading(self, question_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        return [(f"On the {q}", "a book") for q in question_ids]

    def notice(self) -> str | None:
        return None


class NoCodeReader:
    """Finds the optimiser by name and nothing else."""

    async def facts(self, source: str) -> Mapping[str, Any]:
        return {"optimizer": next((name for name in ("Adam", "SGD") if name in source), None)}


@dataclass
class ScriptedLab:
    """Gives these outcomes, one a run; keeps what it was asked to run."""

    outcomes: list[Outcome]
    ran: list[Submission] = field(default_factory=list)
    why: str | None = None
    held: asyncio.Event | None = None
    began: asyncio.Event = field(default_factory=asyncio.Event)
    readied: int = 0

    async def run(self, submission: Submission, heard: Callable[[Progress], None] = lambda progress: None) -> Outcome:
        self.ran.append(submission)
        self.began.set()
        heard(Progress("running", seconds=1.0))
        if self.held is not None:
            await self.held.wait()
        if not self.outcomes:
            raise LabUnavailable("The lab broke.")
        return self.outcomes.pop(0)

    def unavailable(self) -> str | None:
        return self.why

    def near(self) -> None:
        self.readied += 1

    async def close(self) -> None: ...


class MemoryStore:
    """The event log in a list: the conformance list of tests/store says what a real one does besides."""

    def __init__(self) -> None:
        self.logs: dict[str, list[Record]] = {}
        self.kept: dict[str, Question] = {}

    async def create(self, session: str, owner: str, surface: str) -> None:
        self.logs[session] = []

    async def load(self, session: str) -> list[Record]:
        return list(self.logs[session])

    async def append(
        self,
        session: str,
        after: int,
        events: Sequence[tuple[str, Event]],
        rubrics: Mapping[str, Question] | None = None,
    ) -> list[Record]:
        log = self.logs[session]
        if any(cause in {r.cause for r in log} for cause, _ in events):
            return []
        if len(log) != after:
            raise SittingBusy("Another process works on this session.")
        at = f"2026-01-01T00:00:{len(log) % 60:02}+00:00"
        records = [Record(after + n, at, cause, event) for n, (cause, event) in enumerate(events, 1)]
        log.extend(records)
        self.kept.update(rubrics or {})
        return records

    async def rubrics(self, session: str) -> dict[str, Question]:
        return dict(self.kept)

    async def lease(self, session: str, holder: str, seconds: float) -> None: ...

    async def release(self, session: str, holder: str) -> None: ...

    async def sittings(self, owner: str | None = None, limit: int = 50) -> list[Sitting]:
        return []

    async def close(self) -> None: ...


@dataclass
class Ear:
    """A mouth that remembers what it said."""

    once: bool = True
    by_turns: bool = False
    said: list[Reply] = field(default_factory=list)
    heard: list[Progress] = field(default_factory=list)

    uttered: list[str] = field(default_factory=list)

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        self.said.extend(replies)

    async def utter(self, seq: int, sentence: str) -> None:
        self.uttered.append(sentence)

    def progress(self, question: str, progress: Progress) -> None:
        self.heard.append(progress)

    def take(self) -> list[Reply]:
        """What was said since the last call."""
        taken, self.said = self.said, []
        return taken
