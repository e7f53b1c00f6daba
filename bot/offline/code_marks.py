"""Marks a program by what its facts show: each key point by what is shown, quoted by the line that shows it.

It reads no program; the facts come from the code reader, and what they mean is known to core/shown.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.marking import Belief, Mark
from bot.core.measured import shown_by_run
from bot.core.question import Point, Question
from bot.core.shown import Shown, shown

#: Facts are read off the text and not off a run, so that they are nearly but not quite sure.
SURENESS = 0.9
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def code_marks(question: Question, source: str, facts: Mapping[str, Any]) -> tuple[Mark, ...]:
    """One mark per key point that a program can show, and of those that a run shows per one that it showed."""
    found = [(p, _found(p, p.shown_by, facts)) for p in question.points if p.shown_by]
    return tuple(_mark(point, shown, source) for point, shown in found if shown is not None or not point.measured)


def code_beliefs(question: Question, marks: Sequence[Mark]) -> tuple[Belief, ...]:
    """The misconceptions that wrong findings show, where the point has a single one: no guessing."""
    wrong = {mark.point: mark for mark in marks if mark.verdict == "wrong"}
    named = {p: [m for m in question.misconceptions if p in m.points] for p in wrong}
    return tuple(Belief(found[0].id, wrong[p].evidence) for p, found in named.items() if len(found) == 1)


def _found(point: Point, by: str, facts: Mapping[str, Any]) -> Shown | None:
    return shown_by_run(facts, by) if point.measured else shown(facts, by)


def _mark(point: Point, found: Shown | None, source: str) -> Mark:
    if found is None:
        return Mark(point.id, 0.0, 0.0, "missing")
    evidence = _lines(source, *found.lines) if found.lines else None
    if evidence is None:
        evidence = found.evidence if found.evidence and found.evidence in source else None
    if evidence is None and found.line is not None:
        evidence = _line(source, found.line)
    return Mark(point.id, round(found.credit, 2), SURENESS, found.verdict, evidence)


def _lines(source: str, first: int, last: int) -> str | None:
    """These lines as they stand in the program; None where their ends are not those of its other lines."""
    piece = "\n".join(_split(source)[first - 1 : last]).strip()
    return piece if piece and piece in source else None


def _line(source: str, number: int) -> str | None:
    lines = _split(source)
    return lines[number - 1].strip() or None if 0 < number <= len(lines) else None


def _split(source: str) -> list[str]:
    """Its lines as Python numbers them: a form feed ends none."""
    return _LINE_ENDS.split(source)
