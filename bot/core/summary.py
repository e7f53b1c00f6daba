"""What an interview came to: a line per question, totals by topic. Figures only, no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.asking import Asking
from bot.core.marking import Grade, total
from bot.core.question import Question
from bot.core.session import Session

Outcome = Literal["graded", "not_graded", "dont_know", "skipped", "open"]


@dataclass(frozen=True)
class Line:
    """One question: how it ended, and its grade by the rubric it was asked by."""

    asking: Asking
    question: Question
    outcome: Outcome
    grade: Grade


@dataclass(frozen=True)
class Topic:
    """The totals of one topic, over the questions that count."""

    name: str
    score: float
    alone: float
    questions: int


@dataclass(frozen=True)
class Summary:
    """All lines in the order asked. `score` and `alone` are means over what counts (0..1), or None."""

    lines: tuple[Line, ...]
    score: float | None
    alone: float | None
    topics: tuple[Topic, ...]
    planned: int

    @property
    def counted(self) -> tuple[Line, ...]:
        """What the totals are made of: graded questions, and the zeros of skips and "I don't know"."""
        return tuple(line for line in self.lines if line.outcome in ("graded", "dont_know", "skipped"))

    @property
    def not_graded(self) -> int:
        return sum(line.outcome == "not_graded" for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(bool(line.asking.judged) for line in self.lines)

    @property
    def answered_of_plan(self) -> int:
        """The same of the questions that have a number: those about one's program come on top."""
        return sum(bool(line.asking.judged) for line in self.lines if not line.asking.about)


def summarise(session: Session, book: Mapping[str, Question]) -> Summary:
    """What the session came to so far; `book` holds the questions as they were asked, by rubric hash."""
    lines = tuple(_line(asking, book[asking.rubric], session.ended is not None) for asking in session.in_order)
    counted = [line for line in lines if line.outcome in ("graded", "dont_know", "skipped")]
    return Summary(
        lines=lines,
        score=total(line.grade.score or 0.0 for line in counted),
        alone=total(line.grade.alone or 0.0 for line in counted),
        topics=_topics(counted),
        planned=len(session.started.plan) + len(session.about) if session.started else 0,
    )


def _line(asking: Asking, question: Question, over: bool) -> Line:
    grade = asking.grade(question)
    outcomes: Mapping[str, Outcome] = {"skipped": "skipped", "given_up": "dont_know"}
    if asking.status in outcomes and not asking.countable:
        return Line(asking, question, outcomes[asking.status], grade)
    if asking.judged:
        return Line(asking, question, "graded" if grade.graded else "not_graded", grade)
    put_off = over and asking.skipped is not None  # to be come back to, and never was
    return Line(asking, question, "skipped" if put_off else "open", Grade(0.0, 0.0) if put_off else grade)


def _topics(lines: list[Line]) -> tuple[Topic, ...]:
    names = dict.fromkeys(topic for line in lines for topic in line.question.topics)
    return tuple(_topic(name, [line for line in lines if name in line.question.topics]) for name in names)


def _topic(name: str, lines: list[Line]) -> Topic:
    score = total(line.grade.score or 0.0 for line in lines) or 0.0
    alone = total(line.grade.alone or 0.0 for line in lines) or 0.0
    return Topic(name, score, alone, len(lines))
