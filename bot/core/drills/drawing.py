"""What a drill draws: numbers for one asking of a question, and what they come to. It words nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True)
class Drawn:
    """The numbers of one asking.

    `shown` fills the {placeholders} of the question's texts, `results` holds what `value_of` names: right results,
    steps of the working, and usual wrong results. A wrong result that happens to be right is left out by `fresh`.
    """

    shown: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, float] = field(default_factory=dict)


#: A drill draws its numbers from a seeded generator; the same seed draws the same numbers.
Drill = Callable[[Random], Drawn]
