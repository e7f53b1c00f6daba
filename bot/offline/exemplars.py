"""Learns from graded answers to the same question that came with an answer: how far this grader is off near to it.

What they come to is one more point beside the key points; no mark of a key point is changed, and nothing is kept
that would change the mark of another answer.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.core.marking import PARTIAL_FROM, Mark, Part, Verdict, checked, grade, standing
from bot.core.question import Point, Question
from bot.core.records import rubric_hash
from bot.errors import VivaError
from bot.offline.evidence import evidence
from bot.offline.margins import PLACES, Vectors
from bot.offline.wording import wording
from bot.ports import Embedder, Grader

#: The id of the point that the examples make, and its weight for each 1 of the key points' together: four fifths of
#: the score are by example.
POINT, WEIGHT = "exemplars", 4.0
SAYS = "It reads as graded answers to the same question do that were given marks."
#: Likeness is half nearness of the whole texts, half the words in common. An example counts e times as much for each
#: 1/SHARPNESS that it is more alike, and 1 at ALIKE; DOUBT is how much the grader's own reading counts against them.
#: Chosen of seven settings on the sets that references.py names, by r and by what answers to other questions get. With
#: 10 examples r goes from .47, .57, .65, .46, .41 to .55, .66, .79, .56, .60; with one it stays, but for Beetle (.44).
SHARPNESS, ALIKE, DOUBT = 12.0, 0.4, 0.5
MOST_REMEMBERED = 4096


@dataclass(frozen=True)
class Exemplar:
    """An answer to the same question, and the score (0..1) that somebody gave it."""

    answer: str
    score: float


class ByExample:
    """A grader beside examples: what it found of the key points, and one more mark for what the examples say."""

    def __init__(self, embedder: Embedder, vectors_for: Callable[[Sequence[str]], Vectors]) -> None:
        self._embedder = embedder
        self._vectors_for = vectors_for
        self._scores: OrderedDict[tuple[str, str, str], float | None] = OrderedDict()

    async def grade(
        self, grader: Grader, question: Question, part: Part, exemplars: Sequence[Exemplar]
    ) -> tuple[Question, Verdict]:
        """The verdict, and the question with the point that the examples make.

        Both are as without examples where nothing can be learned from them: nothing was judged, or nothing may count.
        """
        verdict = checked(await grader.grade(question, part), question, part.text)
        own = _score(question, part, verdict)
        if own is None or not evidence(question, part):
            return question, verdict
        known = [(one, score) for one in exemplars if (score := await self._known(grader, question, one)) is not None]
        if not known:
            return question, verdict
        try:
            alike = self._alike(part.text, [one.answer for one, _ in known])
        except VivaError as error:
            return question, Verdict(by=verdict.by, why_not=str(error), retry=True)
        mark = _mark(own, alike, known, evidence_of(question, part, known[int(alike.argmax())][0]))
        return with_point(question), replace(verdict, marks=(*verdict.marks, mark))

    async def _known(self, grader: Grader, question: Question, one: Exemplar) -> float | None:
        """What the grader makes of an example; None where it cannot judge it."""
        key = (grader.name, rubric_hash(question), one.answer)
        if key not in self._scores:
            part = Part(one.answer)
            verdict: Verdict = checked(await grader.grade(question, part), question, part.text)
            if verdict.retry:
                return None
            self._scores[key] = _score(question, part, verdict)
            if len(self._scores) > MOST_REMEMBERED:
                self._scores.popitem(last=False)
        return self._scores[key]

    def _alike(self, text: str, answers: Sequence[str]) -> Vectors:
        near = np.round(self._vectors_for(answers) @ self._embedder.embed([text])[0], PLACES)
        return np.asarray([(float(n) + _common(text, answer)) / 2 for n, answer in zip(near, answers, strict=True)])


def with_point(question: Question) -> Question:
    """The question with one more point; where so many points are enough, one more is."""
    weight = WEIGHT * sum(point.weight for point in question.points if not point.bonus)
    needs = None if question.needs is None else question.needs + 1
    return replace(question, points=(*question.points, Point(POINT, SAYS, round(weight, 3))), needs=needs)


def evidence_of(question: Question, part: Part, exemplar: Exemplar) -> str:
    """The sentence of an answer that has most words in common with an example."""
    sentences = [segment.of(part.text) for segment in evidence(question, part)]
    return max(sentences, key=lambda sentence: _common(sentence, exemplar.answer))


def _mark(own: float, alike: Vectors, known: Sequence[tuple[Exemplar, float]], quote: str) -> Mark:
    """The grader's own score, and how far it was off on like answers, those most alike counting most."""
    weights = [math.exp(SHARPNESS * (float(likeness) - ALIKE)) for likeness in alike]
    off = sum(weight * (one.score - score) for weight, (one, score) in zip(weights, known, strict=True))
    credit = round(min(1.0, max(0.0, own + off / (sum(weights) + DOUBT))), 2)
    sure = round(sum(weights) / (sum(weights) + DOUBT), 2)
    return Mark(POINT, credit, sure, standing(credit), quote if credit >= PARTIAL_FROM else None)


def _score(question: Question, part: Part, verdict: Verdict) -> float | None:
    return grade(question, [replace(part, verdict=verdict)]).score


def _common(one: str, other: str) -> float:
    """The share of words in common (Dice), in 0..1."""
    here, there = frozenset(wording(one).stems), frozenset(wording(other).stems)
    return 2 * len(here & there) / (len(here) + len(there)) if here or there else 0.0
