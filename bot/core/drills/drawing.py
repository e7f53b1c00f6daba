"""What a drill draws: numbers for one asking of a question, and what they come to. It words nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

#: From here on a number is written with commas between its thousands.
GROUPED_FROM = 10_000


@dataclass(frozen=True)
class Drawn:
    """The numbers of one asking.

    `shown` fills the {placeholders} of the question's texts, and so does every result under its own name. `results`
    holds what `value_of` names: right results, steps of the working, and usual wrong results. A result that is None
    does not exist with these numbers: as the right one it means that the point's `accepts` say what is right, and as
    a wrong one that nobody can come to it.
    """

    shown: Mapping[str, str | float] = field(default_factory=dict)
    results: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Everything that can be filled in, as it is written."""
        named = {name: "none" if value is None else written(value) for name, value in self.results.items()}
        return named | {name: v if isinstance(v, str) else written(v) for name, v in self.shown.items()}


#: A drill draws its numbers from a seeded generator; the same seed draws the same numbers.
Drill = Callable[[Random], Drawn]


def written(value: float) -> str:
    """A number as a person writes it: whole ones in full, others with four digits that count and no power of ten."""
    if float(value).is_integer():
        return f"{int(value):,}" if abs(value) >= GROUPED_FROM else str(int(value))
    digits = f"{value:.4g}"
    return digits if "e" not in digits else f"{value:.8f}".rstrip("0")
