"""Measures how near a piece of an answer stands to what earns each key point and to what contradicts it.

It turns words and vectors into a few numbers for each piece and key point; what these are worth is in readings.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bot.core.question import Point, Question
from bot.offline.statement_words import WORD_FEATURES, Numbers, Rows, StatementWords
from bot.offline.wording import turned, wording

Vectors = npt.NDArray[np.float32]

#: How sharply a near statement counts more than a far one.
SHARPNESS = 15.0
#: Similarities are rounded to so many places, so that no difference in the last bit of a machine shows.
PLACES = 5
#: With fewer statements of a kind a point is judged as a draft, by what it `says`.
LEAST_STATEMENTS = 3

#: The first is the log share of the point's statements among all of the question, near ones counting most.
FEATURES = ("point_share", *WORD_FEATURES)
DRAFT_FEATURES = ("says", "turned", "own_says")


class Standard:
    """What the pieces of an answer to one question are measured against."""

    def __init__(self, question: Question, vectors_for: Callable[[Sequence[str]], Vectors]) -> None:
        statements: list[str] = []
        pairs = [((*point.true, point.says), _false(question, point)) for point in question.points]
        self._rows = [Rows(_take(statements, true), _take(statements, false)) for true, false in pairs]
        says = [point.says for point in question.points]
        believes = [belief.believes for belief in question.misconceptions]
        vectors = vectors_for([*statements, *says, *believes])
        self._statements = vectors[: len(statements)]
        self._points = vectors[len(statements) : len(statements) + len(says)]
        self._beliefs = vectors[len(statements) + len(says) :]
        self._says = tuple(wording(text) for text in says)
        self._words = StatementWords([wording(text) for text in statements], self._rows)
        self.draft = tuple(min(len(p.true), len(p.false)) < LEAST_STATEMENTS for p in question.points)

    def measure(self, texts: Sequence[str], vectors: Vectors) -> Numbers:
        """FEATURES for each piece and point: shape (pieces, points, features)."""
        near = np.round(vectors @ self._statements.T, PLACES).astype(np.float64)
        mass = np.stack([_mass(near[:, rows.true]) + _mass(near[:, rows.false]) for rows in self._rows], axis=1)
        share = np.log(mass / mass.sum(1, keepdims=True))
        by_words = np.stack([self._words.compare(wording(text), near[n]) for n, text in enumerate(texts)])
        return np.concatenate([share[:, :, None], by_words], axis=2)

    def measure_draft(self, texts: Sequence[str], vectors: Vectors) -> Numbers:
        """DRAFT_FEATURES, for points that have no statements: shape (pieces, points, features)."""
        near = np.round(vectors @ self._points.T, PLACES).astype(np.float64)
        odd = [[float(turned(wording(text), says)) for says in self._says] for text in texts]
        return np.stack([near, np.array(odd), _own(near)], axis=2)

    def nearest(self, vectors: Vectors) -> Numbers:
        """How near each piece comes to anything that was written down for this question."""
        return np.asarray(np.round(vectors @ np.vstack([self._statements, self._points]).T, PLACES).max(1))

    def beliefs(self, vectors: Vectors) -> Numbers:
        """How near each piece comes to each named misconception: shape (pieces, misconceptions)."""
        return np.round(vectors @ self._beliefs.T, PLACES).astype(np.float64)


def _false(question: Question, point: Point) -> tuple[str, ...]:
    """What contradicts a point: its false statements and the misconceptions about it."""
    return (*point.false, *(m.believes for m in question.misconceptions if point.id in m.points))


def _take(texts: list[str], statements: tuple[str, ...]) -> slice:
    rows = slice(len(texts), len(texts) + len(statements))
    texts.extend(statements)
    return rows


def _mass(near: Numbers) -> Numbers:
    """Nearness to the statements of a kind, near ones counting most. A kind without a statement has next to none."""
    return np.asarray(np.exp(SHARPNESS * near).mean(1) if near.shape[1] else np.ones(len(near)))


def _own(near: Numbers) -> Numbers:
    """Each point's value less the greatest of the other points."""
    if near.shape[1] < 2:
        return near
    others = [np.delete(near, i, axis=1).max(1) for i in range(near.shape[1])]
    return np.asarray(near - np.stack(others, axis=1))
