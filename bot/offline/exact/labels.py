"""Which number of an answer belongs to which of several results: "precision 0.6, recall 0.84", "0.6 precision"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.core.question import Point
from bot.offline.exact.numbers import Number

#: Words of a point's id that say too little, or are said of anything.
_VAGUE = frozenset(
    "first second third one two each per total once twice step in all of the last no not after before own size side "
    "value values number entries side output inputs result".split()
)
#: From a name to its number: the same clause, and no further than so many characters.
REACH = 40
_TOLD = re.compile(r"\s*(?:[=:≈]|\b(?:is|of|was|comes)\b)")
_BEFORE = re.compile(r"(?:\s+(?:for|of|is the|as|as the))?\s*$")


def labels(points: Sequence[Point]) -> Mapping[str, tuple[str, ...]]:
    """For each point the words of its id that no other point's id has."""
    words = {p.id: set(p.id.split("-")) - _VAGUE for p in points}
    shared = {w for a in words for b in words if a != b for w in words[a] & words[b]}
    return {p: tuple(sorted(own - shared)) for p, own in words.items()}


def labelled(text: str, found: Sequence[Number], names: Mapping[str, tuple[str, ...]]) -> dict[str, list[Number]]:
    """The numbers that stand at a point's name: right before it, or next behind it in the same clause."""
    attached: dict[str, list[Number]] = {}
    whole = [number for number in found if not number.part]
    every = [(m.start(), m.end(), point) for point, own in names.items() for word in own for m in _named(text, word)]
    starts = sorted(start for start, _, _ in every)
    for start, end, point in every:
        before = next((n for n in reversed(whole) if n.end <= start), None)
        told = _TOLD.match(text, end) is not None
        if before is not None and not told and _BEFORE.fullmatch(text[before.end : start]):
            attached.setdefault(point, []).append(before)
            continue
        following = next((s for s in starts if s > start), len(text))
        stop = min(following, end + REACH, _clause_end(text, end))
        attached.setdefault(point, []).extend(n for n in whole if end <= n.start < stop)
    return {point: numbers for point, numbers in attached.items() if numbers}


def _named(text: str, word: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))


def _clause_end(text: str, start: int) -> int:
    found = re.compile(r"[;\n]|[.,](?!\d)").search(text, start)
    return found.start() if found else len(text)
