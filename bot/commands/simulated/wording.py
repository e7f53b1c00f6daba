"""What words of two texts have in common: sentences, words that carry meaning, runs of words. It judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: So many words in a row that two texts share are no accident.
RUN = 6
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
#: Words that say nothing about a subject.
_EMPTY = frozenset(
    """a about again all also an and any are as at back be because been before being between both but by can could did
    do does each few for from get gets give given gives go goes had has have having he her here his how i if in into
    is it its itself just know let like made make makes many may me mean means might more most much must my need
    needs no not now of off on once one only or other our out over own put question questions rather same say says
    she should so some something still such take takes tell than that the their them then there these they thing
    things this those through to too two under until up upon us use used uses using very was way we well were what
    when where which while who why will with without would yes yet you your""".split()
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without empty ones."""
    return [found for piece in _SENTENCE.split(text) if (found := piece.strip())]


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.casefold())


def content(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings, so that `layers` is `layer`."""
    return frozenset(_stem(word) for word in words(text) if word not in _EMPTY and len(word) > 1)


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of RUN words."""
    said = words(text)
    return frozenset(tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1))


def runs_of(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """The runs of all these texts; none goes over the end of one."""
    return frozenset(run for text in texts for run in runs(text))


def nearest(pool: Iterable[str], to: str, most: int) -> list[str]:
    """Of these sentences those that share most with a text, at least one, in their own order."""
    aim, held = content(to), list(pool)
    ranked = sorted(range(len(held)), key=lambda at: (-len(content(held[at]) & aim), at))
    return [held[at] for at in sorted(ranked[:most])]


def quotations(text: str) -> Iterator[str]:
    """What stands between quotation marks, in pieces where it was cut short, as it was before Markdown."""
    for quoted in re.findall("“([^”]*)”", text):
        yield from (piece for part in quoted.split("…") if (piece := re.sub(r"\\(.)", r"\1", part).strip()))


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ised", "ized", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
