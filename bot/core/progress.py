"""Marks over several interviews: totals by topic, and the points that were recovered. Figures only, no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.marking import total
from bot.core.question import Question
from bot.core.session import Session
from bot.core.summary import summarise

#: An interview as the log has it: its state, and its questions as they were asked.
Past = tuple[Session, Mapping[str, Question]]
#: How an interview ends that nobody broke off; the counts of `/viva status` are made by the same.
BY_ITSELF = ("finished", "time")


@dataclass(frozen=True)
class TopicProgress:
    """A topic over several interviews: how many questions counted, their mean score, and the latest one (all 0..1)."""

    topic: str
    questions: int
    score: float
    latest: float


def by_topic(past: Iterable[Past]) -> list[TopicProgress]:
    """Totals by topic, the weakest first. `past` comes in the order in which the interviews were sat."""
    scores: dict[str, list[float]] = {}
    for session, book in past:
        for line in summarise(session, book).counted:
            for topic in line.question.topics:
                scores.setdefault(topic, []).append(line.grade.score or 0.0)
    made = [TopicProgress(topic, len(all_), total(all_) or 0.0, all_[-1]) for topic, all_ in scores.items()]
    return sorted(made, key=lambda one: (one.score, one.topic))


def recovered(session: Session, book: Mapping[str, Question]) -> int:
    """How many key points were missed at first, and met after a hint or a follow-up."""
    lines = summarise(session, book).lines
    return sum(point.prompted and point.verdict == "met" for line in lines for point in line.grade.points)
