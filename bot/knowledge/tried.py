"""What an author learns from trying answers on a question: what is off in how they were marked, and what to write.

The marks are the grader's; nothing is marked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from bot.core.marking import MET_FROM, PARTIAL_FROM, Grade, PointGrade
from bot.core.question import Point, Question
from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Which = Literal["good", "half", "wrong"]
ANSWERS: tuple[Which, ...] = ("good", "half", "wrong")

#: What an answer should score: a good one at least, a half one between, a wrong one at most.
GOOD_FROM, HALF, WRONG_BELOW = 0.8, (0.2, 0.8), 0.2
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True)
class Tried:
    """An answer that an author tried, and what it came to."""

    which: Which
    text: str
    grade: Grade
    note: str = ""


@dataclass(frozen=True)
class Near:
    """A sentence and the statement nearest to it."""

    sentence: str
    statement: str
    cosine: float


def advice(question: Question, tried: Sequence[Tried], embedder: Embedder) -> list[str]:
    """What is off, a sentence or two each; empty where all is as it should be."""
    told: list[str] = []
    for one in tried:
        if not one.grade.graded:
            told.append(f"The {one.which} answer was not graded: {one.grade.why_not}")
            continue
        told += _ADVICE[one.which](question, one, embedder)
    return [*told, *_order(tried)]


def _order(tried: Sequence[Tried]) -> Iterator[str]:
    """Better answers must score more."""
    scored = [(one.which, one.grade.score) for one in tried if one.grade.score is not None]
    for (better, more), (worse, less) in pairwise(scored):
        if less >= more:
            yield f"The {worse} answer scores {less:.2f} and the {better} one {more:.2f}: it must be less."


def _good(question: Question, one: Tried, embedder: Embedder) -> Iterator[str]:
    score = one.grade.score or 0.0
    if question.needs is not None and score >= GOOD_FROM:
        return
    for grade in one.grade.points:
        if grade.bonus or grade.given >= MET_FROM:
            continue
        yield _missed(question.point(grade.point), grade, one, embedder)
    yield from (
        f"On {grade.point} the good answer counts half: {HALVED[grade.halved]}."
        for grade in one.grade.points
        if grade.halved
    )


#: Why a point counts half, as an author is told.
HALVED = {
    "order": "it is out of order among the steps",
    "reason": "its reason was not heard",
    "hinge": "the answer turns the wrong way",
}


def _missed(point: Point, grade: PointGrade, one: Tried, embedder: Embedder) -> str:
    """Why the good answer does not earn a point."""
    if point.exact:
        return (
            f"The good answer earns {grade.given:.2f} on {point.id}, which is found by its value or wording: check the "
            "answer, and what the point accepts."
        )
    if grade.verdict == "wrong" and grade.evidence:
        near = nearest([grade.evidence], point.false, embedder)
        beside = f", nearest to its false statement “{near.statement}” ({near.cosine:.2f})" if near else ""
        return (
            f"The good answer is heard as wrong on {point.id} (“{grade.evidence}”{beside}). If the sentence is right, "
            "add a true statement like it, or reword that false one."
        )
    near = nearest(sentences(one.text), (*point.true, point.says), embedder)
    if near is None:
        return f"The good answer earns {grade.given:.2f} on {point.id}."
    return (
        f"The good answer earns only {grade.given:.2f} on {point.id}: its nearest sentence “{near.sentence}” has a "
        f"cosine of {near.cosine:.2f} to “{near.statement}”. If it says the point, add a true statement like it; if "
        "not, the answer lacks the point."
    )


def _half(question: Question, one: Tried, embedder: Embedder) -> Iterator[str]:
    score, (low, high) = one.grade.score or 0.0, HALF
    met = [grade.point for grade in one.grade.points if grade.credit >= MET_FROM and not grade.bonus]
    if score >= high:
        yield (
            f"The half answer scores {score:.2f}, as much as a good one: it is heard to say {', '.join(met)}. Where it "
            "does not say one of them, add a false statement like what was quoted; where two are earned by one "
            "sentence, the points overlap."
        )
    elif score < low:
        parts = sentences(one.text)
        near = nearest(parts, [text for point in question.points for text in point.true], embedder)
        beside = (
            f" Its nearest sentence is “{near.sentence}” ({near.cosine:.2f} to “{near.statement}”)." if near else ""
        )
        yield f"The half answer scores only {score:.2f}.{beside} Add true statements like what it says rightly."


def _wrong(question: Question, one: Tried, embedder: Embedder) -> Iterator[str]:
    for grade in one.grade.points:
        if grade.given < PARTIAL_FROM:
            continue
        point = question.point(grade.point)
        near = nearest([grade.evidence or ""], point.false, embedder)
        why = (
            "its false statements are too far from it "
            f"(the nearest, “{near.statement}”, has a cosine of {near.cosine:.2f})"
            if near
            else "the point has no false statements"
        )
        yield (
            f"The wrong answer earns {grade.given:.2f} on {point.id} (“{grade.evidence}”): {why}. "
            "If the sentence is wrong, add a false statement like it."
        )
    heard = one.grade.misconceptions or any(grade.verdict == "wrong" for grade in one.grade.points)
    if not heard and (one.grade.score or 0.0) < WRONG_BELOW:
        yield (
            "The wrong answer earns nothing, as it should, but nothing in it is recognised as wrong, so that nobody "
            "would tell the candidate why: add false statements, or a misconception, like what it says."
        )


_ADVICE = {"good": _good, "half": _half, "wrong": _wrong}


def sentences(text: str) -> list[str]:
    """The sentences of an answer, roughly."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def nearest(said: Sequence[str], statements: Sequence[str], embedder: Embedder) -> Near | None:
    """The sentence and the statement that are nearest to each other."""
    if not said or not statements:
        return None
    near: npt.NDArray[np.float32] = embedder.embed(list(said)) @ embedder.embed(list(statements)).T
    row, column = divmod(int(near.argmax()), near.shape[1])
    return Near(said[row], statements[column], float(near[row, column]))
