"""Compares the words of a piece of an answer with those of true and false statements: shared, negated, turned round.

Vectors are blind to a "not" and to two names exchanged; this looks at nothing else. It decides no mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.offline.wording import OPPOSITES, Wording, flipped

Numbers = npt.NDArray[np.float64]

WORD_FEATURES = (
    "clear_margin",  # nearest true statement that says yes where the piece does, less the nearest that says no
    "word_margin",  # telling words shared with the best true statement less those with the best false one
    "agreement",  # affirmed and denied as the near true statements do
    "agreement_margin",  # the same less the agreement with the near false ones
    "leaning",  # log odds of the words for a true statement against a false one
    "phrase_leaning",  # the same for words in a row
)
#: How much more a near statement's words count than a far one's.
SHARPNESS = 15.0
#: What an opposite costs, and how much agreement is assumed to be missing, in units of a word's rarity.
OPPOSITE_WEIGHT, AGREEMENT_PRIOR = 2.0, 3.0
#: Added to counts, so that a word that was seen once decides little.
PRIOR = 0.5


@dataclass(frozen=True)
class Rows:
    """Which statements are the true ones of a point and which the false ones."""

    true: slice
    false: slice


class StatementWords:
    """The words of all statements of one question, ready to be compared with."""

    def __init__(self, statements: Sequence[Wording], points: Sequence[Rows]) -> None:
        self._points = points
        self._columns = {w: i for i, w in enumerate(sorted({w for s in statements for w in s.marked}))}
        self._present = np.zeros((len(statements), len(self._columns)))
        for row, statement in enumerate(statements):
            self._present[row, [self._columns[w] for w in statement.marked]] = 1.0
        self._many = len(statements)
        self._rarity = self._rarities()
        self._lengths = np.sqrt(self._present @ self._rarity**2) + 1e-9
        self._odd = np.array([s.negations % 2 for s in statements])
        counts = [(self._present[p.true], self._present[p.false]) for p in points]
        self._leanings = [_leaning(t.sum(0), f.sum(0), len(t), len(f)) for t, f in counts]
        self._phrase_leanings = [_phrase_leanings(statements[p.true], statements[p.false]) for p in points]

    def compare(self, piece: Wording, near: Numbers) -> Numbers:
        """WORD_FEATURES for each point: shape (points, 6). `near` is how near the piece is to each statement."""
        columns = [self._columns[w] for w in piece.marked if w in self._columns]
        shared = self._shared(piece, columns)
        opposed = self._opposed(piece)
        agreement = self._agreement(piece, columns, opposed)
        clear = (self._odd == piece.negations % 2) != (opposed > 0)
        return np.array(
            [
                [
                    _clear(near, clear, rows.true),
                    _greatest(shared[rows.true]) - _greatest(shared[rows.false]),
                    _weighed(agreement, near, rows.true),
                    _weighed(agreement, near, rows.true) - _weighed(agreement, near, rows.false),
                    _added(self._leanings[index][columns]),
                    _added(np.array([lean for p in piece.phrases if (lean := self._phrase_leanings[index].get(p))])),
                ]
                for index, rows in enumerate(self._points)
            ]
        )

    def _rarities(self) -> Numbers:
        """How telling each word is, negated or not: the log of how few statements of the question have it."""
        seen: dict[str, int] = {}
        stems = {w: w.lstrip("~") for w in self._columns}
        for w, column in self._columns.items():
            seen[stems[w]] = seen.get(stems[w], 0) + int(self._present[:, column].sum())
        return np.array([self._rarity_of(seen[stems[w]]) for w in self._columns])

    def _rarity_of(self, seen: int) -> float:
        return float(np.log((self._many + 1) / (seen + 0.5)))

    def _shared(self, piece: Wording, columns: Sequence[int]) -> Numbers:
        """The cosine of the words of the piece with those of each statement, rare words counting more."""
        unknown = len(piece.marked) - len(columns)
        squares = self._rarity[columns] ** 2
        length = np.sqrt(squares.sum() + unknown * self._rarity_of(0) ** 2) + 1e-9
        return np.asarray(self._present[:, columns] @ squares / (length * self._lengths))

    def _opposed(self, piece: Wording) -> Numbers:
        """How many words of the piece each statement has the opposite of, and not the word itself."""
        found = np.zeros(self._many)
        for word in piece.marked:
            columns = [
                self._columns[o] for o in OPPOSITES.get(word, ()) if o in self._columns and o not in piece.marked
            ]
            if columns:
                own = self._present[:, self._columns[word]] if word in self._columns else 0.0
                found += (self._present[:, columns].max(1) > own) * 1.0
        return found

    def _agreement(self, piece: Wording, columns: Sequence[int], opposed: Numbers) -> Numbers:
        """From -1 to 1: words that both affirm or both deny, against words that one denies or turns round."""
        turned = [self._columns[f] for f in map(flipped, piece.marked) if f in self._columns and f not in piece.marked]
        same = self._present[:, columns] @ self._rarity[columns]
        against = self._present[:, turned] @ self._rarity[turned] + OPPOSITE_WEIGHT * opposed
        return np.asarray((same - against) / (same + against + AGREEMENT_PRIOR))


def _leaning(true: Numbers, false: Numbers, trues: int, falses: int) -> Numbers:
    """The log odds of each word for a true statement against a false one; 0 where neither has it."""
    odds = np.log((true + PRIOR) / (false + PRIOR) * (falses + 2 * PRIOR) / (trues + 2 * PRIOR))
    return np.asarray(np.where(true + false > 0, odds, 0.0))


def _phrase_leanings(true: Sequence[Wording], false: Sequence[Wording]) -> dict[tuple[str, ...], float]:
    trues, falses = _counts(s.phrases for s in true), _counts(s.phrases for s in false)
    every = sorted({*trues, *falses})
    in_true, in_false = (np.array([c.get(p, 0) for p in every], dtype=np.float64) for c in (trues, falses))
    return dict(zip(every, _leaning(in_true, in_false, len(true), len(false)).tolist(), strict=True))


def _counts(phrases: Iterable[frozenset[tuple[str, ...]]]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for some in phrases:
        for phrase in some:
            found[phrase] = found.get(phrase, 0) + 1
    return found


def _clear(near: Numbers, clear: npt.NDArray[np.bool_], rows: slice) -> float:
    """The nearest statement that says yes where the piece does, less the nearest that says the opposite."""
    return _greatest(near[rows][clear[rows]]) - _greatest(near[rows][~clear[rows]])


def _weighed(values: Numbers, near: Numbers, rows: slice) -> float:
    if not _count(rows):
        return 0.0
    weights = np.exp(SHARPNESS * near[rows])
    return float((weights * values[rows]).sum() / weights.sum())


def _greatest(values: Numbers) -> float:
    return float(values.max()) if len(values) else 0.0


def _added(values: Numbers) -> float:
    """The sum over the root of the number, so that many weak signs are more than one."""
    return float(values.sum() / np.sqrt(len(values))) if len(values) else 0.0


def _count(rows: slice) -> int:
    return int(rows.stop - rows.start)
