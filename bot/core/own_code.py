"""Which lines of a candidate's own program are worth asking about, and by which question. It runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """A line of a program, numbered from 1."""

    line: int
    code: str


def places(facts: Facts, source: str) -> dict[str, Place]:
    """The lines that questions of a round about projects can be asked on, by the question's id."""
    lines = source.splitlines()
    found = {question: find(facts) for question, find in _FINDERS.items()}
    return {
        question: Place(line, lines[line - 1].strip())
        for question, line in found.items()
        if line is not None and 0 < line <= len(lines) and lines[line - 1].strip()
    }


def _optimiser(facts: Facts) -> int | None:
    return facts.get("optimizer_line")


def _loss(facts: Facts) -> int | None:
    first: Facts = next(iter(facts.get("losses") or ()), {})
    made = (first.get("made") or {}).get("line")
    return made or first.get("line")


def _activation(facts: Facts) -> int | None:
    return _step(facts, "activation")


def _layers(facts: Facts) -> int | None:
    return _step(facts, "linear")


def _data(facts: Facts) -> int | None:
    return next((place.get("line") for place in facts.get("scaling") or ()), None)


def _step(facts: Facts, kind: str) -> int | None:
    return next((step.get("line") for step in facts.get("network") or () if step.get("kind") == kind), None)


_FINDERS: Mapping[str, Callable[[Facts], int | None]] = {
    "own-code-data": _data,
    "own-code-layers": _layers,
    "own-code-activation": _activation,
    "own-code-loss": _loss,
    "own-code-optimiser": _optimiser,
}
