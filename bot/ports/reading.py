"""The door to a reader of whole answers, and what it brings back. None is implemented here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bot.core.marking import Standing

#: What a reader tells apart, in the order of its columns.
STANDINGS: tuple[Standing, ...] = ("met", "partial", "missing", "wrong")


@dataclass(frozen=True)
class Reading:
    """What a reader makes of an answer, or of a stretch of a long one: its characters from `start` to `end`.

    `verdicts` has a row for each key point: how probable each of STANDINGS is, rounded to five places.
    """

    start: int
    end: int
    verdicts: npt.NDArray[np.float64]


class AnswerReader(Protocol):
    """Reads an answer whole, against all key points of its question. `name` says which reader, and which version."""

    name: str

    def has_learnt(self, says: str) -> bool:
        """True for a key point in exactly the words that the reader was taught with answers to it."""
        ...

    def read(self, ask: str, says: Sequence[str], answer: str) -> Sequence[Reading]:
        """One reading of the whole answer, or several of stretches that overlap where it is long.

        It depends on nothing but what is given: the same words, the same numbers. What a point gets depends on no
        other point but for rounding. The last reading's `end` tells how far a very long answer was read. Raises
        IndexUnavailable where there is no reader.
        """
        ...
