"""Checks what a grading model replied: each key point once, and every quotation really said. It asks nobody again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.marking import Belief
from bot.core.question import Point, Question
from bot.llm.quotations import found
from bot.llm.shapes import AnswerRead, PointRead, Said


@dataclass(frozen=True)
class Reading:
    """What a model read of one key point, with words that were said; no quotation where nothing was found."""

    verdict: Said
    quote: str | None = None


@dataclass(frozen=True)
class Checked:
    """What holds of a reply, and the points of which nothing holds; whether a plea was taken for evidence of one."""

    readings: Mapping[str, Reading]
    open: tuple[Point, ...]
    beliefs: tuple[Belief, ...] = ()
    pleaded: bool = False


def checked(
    reply: AnswerRead, question: Question, points: Sequence[Point], answer: str, pleads: Callable[[str], bool]
) -> Checked:
    """What of a reply can stand. A plea is no evidence, whatever a model makes of it."""
    named = Counter(read.id for read in reply.points)
    by_point = {read.id: read for read in reply.points if named[read.id] == 1}
    readings = {
        point.id: reading
        for point in points
        if (reading := _reading(by_point.get(point.id), answer, pleads)) is not None
    }
    known = {belief.id for belief in question.misconceptions}
    beliefs = [
        Belief(read.id, quote) for read in reply.beliefs if read.id in known and (quote := found(read.quote, answer))
    ]
    open_ones = tuple(p for p in points if p.id not in readings)
    pleaded = any(read.verdict != "missing" and pleads(read.quote) for read in by_point.values())
    return Checked(readings, open_ones, tuple(beliefs), pleaded)


def finds_anything(reply: AnswerRead, control: str) -> bool:
    """Whether a point was found that no answer makes."""
    return any(read.id == control and read.verdict in ("met", "partial") for read in reply.points)


def _reading(read: PointRead | None, answer: str, pleads: Callable[[str], bool]) -> Reading | None:
    if read is None:
        return None
    if read.verdict == "missing":
        return Reading("missing")
    quote = found(read.quote, answer)
    return Reading(read.verdict, quote) if quote is not None and not pleads(quote) else None
