"""One collection of units as it is searched: nearness of vectors and keywords together, or keywords alone.

It opens nothing; a shelf without a Chroma collection holds its units itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.errors import IndexUnavailable
from bot.knowledge.chroma import Collection
from bot.knowledge.keywords import Keywords
from bot.knowledge.units import Unit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

Result = TypeVar("Result")

#: How much the cosine counts beside the keywords. Of 48 paraphrased queries for 16 questions (tests/knowledge) .5 to .7
#: put .92 at the first place, cosine alone and keywords alone .83 each.
NEARNESS = 0.65
#: How many units each of the two searches brings.
CANDIDATES = 50


@dataclass(frozen=True)
class Found:
    """A unit that was found. `cosine` is None where no vector was compared."""

    unit: Unit
    score: float
    cosine: float | None = None


class Shelf:
    """The units of a Chroma collection, or else the ones given.

    A collection that fails later is left, for what was read of it at first; `fault` then says why.
    """

    def __init__(self, units: Sequence[Unit], collection: Collection | None = None) -> None:
        self.fault: str | None = None
        self._collection = collection
        self._units = {unit.id: unit for unit in (collection.all() if collection else units)}
        self._keywords = Keywords(list(self._units.values()))

    def get(self, ids: Sequence[str]) -> list[Unit]:
        """The units of these ids, as the collection has them at this moment."""
        found = self._asked(lambda collection: collection.get(ids))
        return [self._units[id_] for id_ in ids if id_ in self._units] if found is None else found

    def named(self, is_it: Callable[[Unit], bool]) -> list[Unit]:
        """The units that fit, read anew."""
        return self.get([unit.id for unit in self._units.values() if is_it(unit)])

    def search(
        self, query: str, vector: Rows | None, k: int, share: Callable[[Unit], float] = lambda unit: 1.0
    ) -> list[Found]:
        """The k best units, best first. Without a vector keywords alone are compared. `share` weighs the scores."""
        n = max(CANDIDATES, k)
        by_words = self._keywords.search(query, n)
        near = None if vector is None else self._asked(lambda collection: collection.nearest(vector, n))
        scores = by_words if near is None else _together(near, by_words)
        scores = {id_: score * share(self._units[id_]) for id_, score in scores.items() if id_ in self._units}
        best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:k]
        units = self.get(best)
        return [Found(unit, scores[unit.id], None if near is None else near.get(unit.id)) for unit in units]

    def _asked(self, question: Callable[[Collection], Result]) -> Result | None:
        """What the collection answers; None where there is none, or none any more."""
        if self._collection is None:
            return None
        try:
            return question(self._collection)
        except IndexUnavailable as error:
            self._collection, self.fault = None, str(error)
            return None

    def close(self) -> None:
        """Lets go of the collection."""
        self._keywords.close()
        if self._collection is not None:
            self._collection.close()


def _together(near: dict[str, float], by_words: dict[str, float]) -> dict[str, float]:
    """One score for each unit; one that was not among the nearest counts as near as the last of them."""
    last = min(near.values(), default=0.0)
    return {
        id_: NEARNESS * max(0.0, near.get(id_, last)) + (1.0 - NEARNESS) * by_words.get(id_, 0.0)
        for id_ in near.keys() | by_words.keys()
    }
