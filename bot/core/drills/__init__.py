"""Fresh numbers for computed questions: each drill draws them from a seed and computes what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from bot.core.drills.convolution import conv_output
from bot.core.drills.drawing import Drawn, Drill
from bot.core.plan import filled
from bot.core.question import Misconception, Point, Question

DRILLS: Mapping[str, Drill] = {
    "conv-output": conv_output,
}


def fresh(question: Question, seed: int) -> Question:
    """The question with numbers drawn from the seed; one without a drill as it is."""
    if question.drill is None:
        return question
    return with_numbers(question, DRILLS[question.drill](Random(seed)))


def with_numbers(question: Question, drawn: Drawn) -> Question:
    """The question as it is asked with these numbers: texts filled in, right and wrong results known."""
    right = {drawn.results.get(p.value_of) for p in question.points if p.value_of is not None}
    slips = [_slip(m, drawn) for m in question.misconceptions]
    kept = tuple(m for m in slips if m.value is None or m.value not in right)
    points = tuple(_point(point, drawn) for point in question.points)
    return filled(replace(question, points=points, misconceptions=kept), drawn.shown)


def _point(point: Point, drawn: Drawn) -> Point:
    return replace(point, value=drawn.results.get(point.value_of, point.value)) if point.value_of else point


def _slip(slip: Misconception, drawn: Drawn) -> Misconception:
    return replace(slip, value=drawn.results.get(slip.value_of, slip.value)) if slip.value_of else slip
