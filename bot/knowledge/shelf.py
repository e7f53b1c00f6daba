"""One collection of units as it is searched: nearness of vectors and keywords together, or keywords alone.

It opens nothing; a shelf without a Chroma collection holds its units itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import IndexUnavailable
from bot.knowledge.chroma import Collection
from bot.knowledge.keywords import Keywords
from bot.knowledge.units import Unit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

Result = TypeVar("Result")
Embed = Callable[[Sequence[str]], "Rows"]

#: How much the vectors count beside the keywords, and of the vectors those of a unit's text, of the nearest wording,
#: and of the nearest of the things that right answers say. Chosen on evals/retrieval_dev.jsonl, where .55 to .7, and
#: shares that differ by .1, serve equally well.
NEARNESS = 0.6
OF_TEXT, OF_WORDING, OF_SAID = 0.3, 0.35, 0.35
#: How many of the nearest things said are averaged: one alone is often a chance likeness.
NEAREST_SAID = 3
#: How many units each of the searches brings.
CANDIDATES = 50
#: So many at most are compared where only some are wanted.
MOST_COMPARED = 2000


@dataclass(frozen=True)
class Found:
    """A unit that was found. `cosine` is that of its text, None where no vector was compared."""

    unit: Unit
    score: float
    cosine: float | None = None


class Shelf:
    """The units of a Chroma collection, or else the ones given.

    A collection that fails later is left, for what was read of it at first; `fault` then says why. How its questions
    are asked and answered, some thousands of texts, is compared one by one; the vectors come from `embed`, once.
    """

    def __init__(self, units: Sequence[Unit], collection: Collection | None = None, embed: Embed | None = None) -> None:
        self.fault: str | None = None
        self._collection = collection
        self._units = {unit.id: unit for unit in (collection.all() if collection else units)}
        self._keywords = Keywords(list(self._units.values()))
        self._embed = embed
        self._worded = {(_plain(text), unit.id) for unit in self._units.values() for text in unit.asked}
        self._texts: _Texts | None = None

    @property
    def units(self) -> Sequence[Unit]:
        """What it holds, as it was read at first."""
        return list(self._units.values())

    def knows(self, word: str) -> bool:
        """True when one of its units holds the word."""
        return self._keywords.knows(word)

    def get(self, ids: Sequence[str]) -> list[Unit]:
        """The units of these ids, as the collection has them at this moment."""
        found = self._asked(lambda collection: collection.get(ids))
        return [self._units[id_] for id_ in ids if id_ in self._units] if found is None else found

    def named(self, is_it: Callable[[Unit], bool]) -> list[Unit]:
        """The units that fit, read anew."""
        return self.get([unit.id for unit in self._units.values() if is_it(unit)])

    def search(
        self,
        query: str,
        vector: Rows | None,
        k: int,
        share: Callable[[Unit], float] = lambda unit: 1.0,
        only: Callable[[Unit], bool] | None = None,
        verbatim: str = "",
    ) -> list[Found]:
        """The k best units, best first. Without a vector keywords alone are compared. `share` weighs the scores.

        A question that is asked in the very words of `verbatim` comes first.
        """
        n = max(CANDIDATES, k) if only is None else min(len(self._units), MOST_COMPARED)
        wanted = self._units.keys() if only is None else {id_ for id_, unit in self._units.items() if only(unit)}
        if not wanted:
            return []
        by_words = self._keywords.search(query, n)
        near = None if vector is None else self._asked(lambda collection: collection.nearest(vector, n))
        scores = by_words if near is None or vector is None else _together(near, self._likeness(vector), by_words)
        scores = {id_: score * share(self._units[id_]) for id_, score in scores.items() if id_ in wanted}
        plain = _plain(verbatim)
        scores |= {id_: 1.0 for text, id_ in self._worded if text == plain and id_ in wanted}
        best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:k]
        units = self.get(best)
        return [Found(unit, scores[unit.id], None if near is None else near.get(unit.id)) for unit in units]

    def _likeness(self, vector: Rows) -> Mapping[str, tuple[float, float]]:
        """For each question how near its nearest wording is, and what right answers say."""
        if self._texts is None:
            self._texts = _Texts(self.units, self._embed)
        return self._texts.nearest(vector)

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


def _plain(text: str) -> str:
    """The words of a text and nothing else."""
    return " ".join(re.findall(r"\w+", text.casefold()))


class _Texts:
    """The vectors of all that questions are asked with and answered with."""

    def __init__(self, units: Sequence[Unit], embed: Embed | None) -> None:
        asked = [unit for unit in units if unit.asked and unit.said] if embed else []
        self._ids = [unit.id for unit in asked]
        texts = [text for unit in asked for text in (*unit.asked, *unit.said)]
        self._rows = embed(texts) if embed and texts else None
        starts = list(itertools.accumulate((len(unit.asked) + len(unit.said) for unit in asked), initial=0))[:-1]
        self._asked = _table([range(at, at + len(unit.asked)) for at, unit in zip(starts, asked, strict=True)])
        middles = [at + len(unit.asked) for at, unit in zip(starts, asked, strict=True)]
        self._said = _table([range(at, at + len(unit.said)) for at, unit in zip(middles, asked, strict=True)])

    def nearest(self, vector: Rows) -> Mapping[str, tuple[float, float]]:
        """For each question the cosine of its nearest wording, and the mean of those of the nearest things said."""
        import numpy as np

        if self._rows is None:
            return {}
        # Not `@`: for so small a product its threads cost more than they save. The last one is that of no text.
        cosines = np.append(np.einsum("ij,j->i", self._rows, vector), np.float32(-1.0))
        wordings = cosines[self._asked].max(axis=1)
        said = np.sort(cosines[self._said], axis=1)[:, -NEAREST_SAID:].mean(axis=1)
        return dict(zip(self._ids, zip(map(float, wordings), map(float, said), strict=True), strict=True))


def _table(ranges: Sequence[range]) -> Any:
    """The ranges as the rows of a table, as long as the longest; -1 where a row has no more.

    What is shorter than NEAREST_SAID is repeated, so that a mean of so many is one of its own.
    """
    import numpy as np

    rows = [(list(own) * NEAREST_SAID)[: max(len(own), NEAREST_SAID)] for own in ranges]
    table = np.full((len(rows), max(map(len, rows), default=0)), -1)
    for row, own in enumerate(rows):
        table[row, : len(own)] = own
    return table


def _together(
    near: Mapping[str, float], alike: Mapping[str, tuple[float, float]], by_words: Mapping[str, float]
) -> dict[str, float]:
    """One score for each unit; one that was not among the nearest counts as near as the last of them.

    What is no question goes by its text alone.
    """
    last = min(near.values(), default=0.0)
    found = near.keys() | by_words.keys() | alike.keys()
    return {id_: _score(near.get(id_, last), alike.get(id_), by_words.get(id_, 0.0)) for id_ in found}


def _score(text: float, alike: tuple[float, float] | None, by_words: float) -> float:
    wording, said = alike or (text, text)
    nearness = OF_TEXT * text + OF_WORDING * wording + OF_SAID * said
    return NEARNESS * max(0.0, nearness) + (1.0 - NEARNESS) * by_words
