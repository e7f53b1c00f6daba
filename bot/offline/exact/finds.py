"""What was found in an answer without comparing meanings: for a key point, or about the answer as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.marking import Belief, Standing
from bot.offline.segments import segments
from bot.offline.wording import NEGATORS, words

#: A longer sentence is not quoted whole around a find.
LONGEST_QUOTE = 300


@dataclass(frozen=True)
class Find:
    """One key point, found. With `if_said` it is worth full credit once the sentences say the point at all."""

    point: str
    credit: float
    verdict: Standing
    evidence: str
    if_said: bool = False


@dataclass(frozen=True)
class Finds:
    """All that was found. `settled` are points that sentences can no longer earn; with `heard` the answer is an
    answer however short it is."""

    finds: tuple[Find, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    settled: frozenset[str] = frozenset()
    heard: bool = False
    note: str = ""

    def of(self, point: str) -> Find | None:
        """What was found for a point."""
        return next((find for find in self.finds if find.point == point), None)

    def beside(self, more: Iterable[Find]) -> Finds:
        """The same with finds for points that had none."""
        known = {find.point for find in self.finds}
        return replace(self, finds=(*self.finds, *(find for find in more if find.point not in known)))


def met(point: str, evidence: str) -> Find:
    """The point, earned in full."""
    return Find(point, 1.0, "met", evidence)


def wrong(point: str, evidence: str) -> Find:
    """The point, contradicted."""
    return Find(point, 0.0, "wrong", evidence)


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence around a place in the text, or the place itself where that is too long or cut in two."""
    begin = max(0, start - LONGEST_QUOTE - 1)
    near = text[begin : end + LONGEST_QUOTE + 1]
    for piece in segments(near):
        around = piece.start <= start - begin and end - begin <= piece.end
        if around and piece.end - piece.start <= LONGEST_QUOTE:
            return piece.of(near)
    return text[start:end]


def denied_before(text: str, start: int, reach: int = 3) -> bool:
    """True when one of the few words before a place, in the same clause, denies what comes."""
    clause = re.split(r"[.,;:!?\n]|\bbut\b", text[max(0, start - 80) : start])[-1]
    return any(word in NEGATORS or word.endswith("n't") for word in words(clause)[-reach:])
