"""Looks at statements as the grader will: which stand too near to each other, which give themselves away.

It needs an embedder, so it is no part of reading a corpus; it judges no statement's truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.question import Question
from bot.knowledge.corpus_places import Problem
from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Two statements of the same truth at this cosine say the same in nearly the same words. Of the 41,000 pairs of the
#: first sixteen questions, the nearest is at .92; a minimal negation of a statement is at .95.
DUPLICATE = 0.93
#: A false statement stands astray when another point's true one is nearer than its own point by so much. Of 826, none.
ASTRAY = 0.12
#: Below this cosine two statements are about different things, and which is nearer means nothing.
RELATED = 0.6
#: How far the mean number of words of false statements may lie from that of the true ones, as a share.
LONGER = 0.15
FEWEST_WORDS, MOST_WORDS = 5, 35


@dataclass(frozen=True)
class Statement:
    """A statement, the point that it is about, and whether it is true."""

    point: str
    true: bool
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())


def check_statements(questions: Sequence[Question], embedder: Embedder) -> list[Problem]:
    """Everything about the statements that may mislead the grader, each with the numbers behind it."""
    problems: list[Problem] = []
    for question in questions:
        statements = list(_statements(question))
        problems.extend(_lengths(question, statements))
        if statements:
            near = _nearness(statements, embedder)
            problems.extend(_duplicates(question, statements, near))
            problems.extend(_astray(question, statements, near))
    return problems


def _statements(question: Question) -> Iterator[Statement]:
    for point in question.points:
        yield from (Statement(point.id, True, text) for text in point.true)
        yield from (Statement(point.id, False, text) for text in point.false)


def _nearness(statements: Sequence[Statement], embedder: Embedder) -> npt.NDArray[np.float32]:
    vectors = embedder.embed([statement.text for statement in statements])
    return vectors @ vectors.T


def _duplicates(
    question: Question, statements: Sequence[Statement], near: npt.NDArray[np.float32]
) -> Iterator[Problem]:
    """Statements of the same truth that say nearly the same: one is wasted. True and false ones may be near."""
    for i, one in enumerate(statements):
        for j in range(i):
            other = statements[j]
            if one.true == other.true and near[i, j] >= DUPLICATE:
                says = (
                    f"{one.text!r} and {other.text!r} (of {other.point!r}) say nearly the same "
                    f"(cosine {near[i, j]:.2f}, from {DUPLICATE} on); reword one"
                )
                yield Problem(f"{question.id}/{one.point}", says, "warning")


def _astray(question: Question, statements: Sequence[Statement], near: npt.NDArray[np.float32]) -> Iterator[Problem]:
    """False statements that stand nearer to what is true of another point than to all that is said of their own."""
    for i, one in enumerate(statements):
        own = [near[i, j] for j, other in enumerate(statements) if other.point == one.point and j != i]
        others = [j for j, other in enumerate(statements) if other.point != one.point and other.true]
        if one.true or not own or not others:
            continue
        nearest = max(others, key=lambda j: float(near[i, j]))
        ahead = near[i, nearest] - max(own)
        if near[i, nearest] >= RELATED and ahead >= ASTRAY:
            other = statements[nearest]
            says = (
                f"the false statement {one.text!r} stands nearer to {other.text!r}, which is true of {other.point!r} "
                f"(cosine {near[i, nearest]:.2f}), than to anything said of its own point ({max(own):.2f}): who says "
                f"the one will seem to say the other; name the subject of {one.point!r} in it"
            )
            yield Problem(f"{question.id}/{one.point}", says, "warning")


def _lengths(question: Question, statements: Sequence[Statement]) -> Iterator[Problem]:
    """Lengths that give the truth away, and single statements that are too short or too long."""
    for one in statements:
        if not FEWEST_WORDS <= one.words <= MOST_WORDS:
            says = f"{one.text!r} has {one.words} words; a statement has {FEWEST_WORDS} to {MOST_WORDS}"
            yield Problem(f"{question.id}/{one.point}", says, "warning")
    true = [one.words for one in statements if one.true]
    false = [one.words for one in statements if not one.true]
    if not true or not false:
        return
    means = sum(true) / len(true), sum(false) / len(false)
    ratio = means[1] / means[0]
    if abs(ratio - 1) > LONGER:
        says = (
            f"the false statements have {means[1]:.1f} words on average and the true ones {means[0]:.1f} "
            f"({ratio:.2f} to 1, at most {LONGER:.0%} apart); lengthen or shorten some, or length gives the truth away"
        )
        yield Problem(question.id, says, "error")
