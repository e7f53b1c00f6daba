"""Derivations: a formula of the answer that equals one of a key point's earns it, however it is spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import permutations

from bot.core.question import Question
from bot.offline.exact.algebra import Equation, equations, shown
from bot.offline.exact.finds import Finds, met
from bot.offline.segments import segments

#: Letters may stand for others ("y hat" for y) in formulas of at most so many names.
MOST_NAMES = 4
MOST_LINES = 40
_INDEXED = re.compile(r"(delta|[A-Za-z])(?:[ijkhmn]|\d){1,2}")
_DERIVED = re.compile(r"D\[(\w+),(\w+)\]")
_DENIED = re.compile(r"\b(?:not|isn't|wrong|never|instead of|rather than)\b[^=]{0,20}\S*\s*=", re.IGNORECASE)


def formulas(question: Question, text: str) -> Finds:
    """The points one of whose formulas is written down."""
    wanted = [(point.id, _keys(point.formulas)) for point in question.points if point.formulas]
    if not wanted or "=" not in text:
        return Finds()
    found = {}
    for line, equation in _written(text):
        for point, keys in wanted:
            if point not in found and any(_equal(equation, key) for key in keys):
                found[point] = met(point, line)
    return Finds(tuple(found.values()), heard=bool(found))


@lru_cache(maxsize=500)
def _keys(spellings: tuple[str, ...]) -> tuple[Equation, ...]:
    return tuple(equation for spelling in spellings for equation in equations(spelling))


def _written(text: str) -> Iterator[tuple[str, Equation]]:
    """The equations of the answer, each with the sentence or line that holds it."""
    for piece in segments(text)[:MOST_LINES]:
        line = piece.of(text)
        if "=" in line and not _DENIED.search(line):
            for equation in equations(line):
                yield line, equation


def _equal(one: Equation, key: Equation) -> bool:
    """True for the same equation. Indices may differ; of a telling formula the left side and the letters may too."""
    if _plain(one.right) == _plain(key.right) and (key.telling or _plain(one.left) == _plain(key.left)):
        return True
    return key.telling and _renamed(one, key)


def _plain(tree: tuple[object, ...]) -> str:
    """The tree as text, its names without indices: people count layers and units in many ways."""
    text = re.sub(r"[A-Za-z]\w*", lambda m: _bare(m[0]), shown(tree))
    return _DERIVED.sub(lambda m: f"D[{m[1]},{_bare(m[2])}]", text)


def _bare(name: str) -> str:
    return _INDEXED.sub(r"\1#", name) if _INDEXED.fullmatch(name) else name


def _renamed(one: Equation, key: Equation) -> bool:
    """True when the right sides are the same but for the choice of letters."""
    ours, given = [_bare(n) for n in one.names], [_bare(n) for n in key.names]
    mine, theirs = sorted(set(ours)), sorted(set(given))
    counts = sorted(map(ours.count, mine)) == sorted(map(given.count, theirs))
    if len(mine) != len(theirs) or len(mine) > MOST_NAMES or not counts:
        return False
    wanted = shown(key.right, {name: _bare(name) for name in key.names})
    for other in permutations(theirs):
        instead = dict(zip(mine, other, strict=True))
        if shown(one.right, {name: instead[_bare(name)] for name in one.names}) == wanted:
            return True
    return False
