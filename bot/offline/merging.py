"""Puts together what was read of a key point, in words, and what was found exactly: an exact find goes before words."""

from __future__ import annotations

from bot.core.marking import Mark, standing
from bot.core.question import Point
from bot.offline.exact.finds import Finds

#: What is found exactly is nearly but not quite sure: it may have been said of something else.
SURENESS = 0.95
#: From this probability on a sentence says what is wrong with a line that was named.
SAID_WITH_LINE = 0.3


def blank(point: Point) -> Mark:
    """A point of which nothing was said."""
    return Mark(point.id, 0.0, 1.0, "missing")


def merged(point: Point, by_words: Mark, finds: Finds, said: float = 0.0) -> Mark:
    """The mark of a point. A wrong pick or result is wrong whatever the words say; a right one is right."""
    find = finds.of(point.id)
    if point.found_by and by_words.verdict == "wrong":
        by_words = blank(point)  # a pitch can leave something out, and cannot be wrong about it
    if find is None:
        return blank(point) if point.id in finds.settled else by_words
    if find.verdict == "wrong":
        return Mark(point.id, 0.0, SURENESS, "wrong", find.evidence)
    credit = 1.0 if find.if_said and said >= SAID_WITH_LINE else find.credit
    beaten = by_words.verdict == "wrong" and find.credit < 1.0 and not find.if_said
    if beaten or by_words.credit > credit:
        return by_words
    return Mark(point.id, credit, SURENESS, standing(credit), find.evidence)
