"""Fresh numbers for computed questions: each drill draws them from a seed and computes what they come to.

It marks nothing: which number of an answer is right, a slip or a step of the working is the grader's to find.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from bot.core.drills import attention, convolution, evaluation, networks, training
from bot.core.drills.drawing import Drawn, Drill
from bot.core.plan import filled
from bot.core.question import Misconception, Point, Question

DRILLS: Mapping[str, Drill] = {
    "adam-step": training.adam_step,
    "attention-memory": attention.attention_memory,
    "base-rate": evaluation.base_rate,
    "batch-norm": training.batch_norm,
    "box-overlap": evaluation.box_overlap,
    "confusion": evaluation.confusion,
    "conv-fit": convolution.conv_fit,
    "conv-output": convolution.conv_output,
    "conv-parameters": networks.conv_parameters,
    "cnn-shapes": networks.cnn_shapes,
    "cross-entropy": training.cross_entropy,
    "iterations": training.iterations,
    "kv-cache": attention.kv_cache,
    "mlp-parameters": networks.mlp_parameters,
    "momentum-steps": training.momentum_steps,
    "network-gradients": networks.network_gradients,
    "neuron-gradients": networks.neuron_gradients,
    "pool-output": convolution.pool_output,
    "receptive-field": convolution.receptive_field,
    "same-padding": convolution.same_padding,
    "sgd-step": training.sgd_step,
    "softmax": training.softmax,
}
#: How often numbers are drawn again that give the answer away or leave too few wrong results to tell from it.
DRAWS = 60
#: How many usual wrong results are to be told from the right one, where the question names as many.
FEWEST_SLIPS = 2
#: Beyond so many decimals a number holds nothing but what binary fractions do to it.
DECIMALS, ROUNDING = 9, 1e-9

_NUMBER = re.compile(r"(?<![\d.])(?P<number>-?\d+(?:,\d{3})*(?:\.\d+)?)(?P<percent>\s?(?:%|per cent|percent))?")


def fresh(question: Question, seed: int) -> Question:
    """The question with numbers drawn from the seed; one without a drill as it is."""
    if question.drill is None:
        return question
    drill, rng = DRILLS[question.drill], Random(seed)
    wanted = min(FEWEST_SLIPS, sum(slip.value_of is not None for slip in question.misconceptions))
    posed = with_numbers(question, drill(rng))
    for _ in range(DRAWS):
        if tells_apart(posed, wanted):
            break
        posed = with_numbers(question, drill(rng))
    return posed


def with_numbers(question: Question, drawn: Drawn) -> Question:
    """The question as it is asked with these numbers: texts filled in, right and wrong results known."""
    points = tuple(_point(point, drawn) for point in question.points)
    slips = tuple(_slip(slip, drawn) for slip in question.misconceptions)
    posed = filled(replace(question, points=points, misconceptions=slips), drawn.texts)
    return replace(posed, misconceptions=_telling(posed))


def tells_apart(posed: Question, slips: int) -> bool:
    """Whether no result stands in the question, each point has its own, and so many wrong results are left."""
    keys = [(point.value, point.tolerance) for point in posed.points if point.value is not None]
    among = [
        (value, tolerance) for i, (value, tolerance) in enumerate(keys) for other in keys[:i] if near(value, other)
    ]
    told = [value for value, tolerance in keys if any(near(n, (value, tolerance)) for n in numbers_in(_asked(posed)))]
    left = sum(slip.value is not None and not _stated(slip, posed) for slip in posed.misconceptions if slip.value_of)
    return not among and not told and left >= slips


def near(value: float, key: tuple[float, float]) -> bool:
    """Whether a value could be taken for a key, given how far a number may be off."""
    right, tolerance = key
    return abs(value - right) <= 2 * tolerance + ROUNDING


def numbers_in(text: str) -> list[float]:
    """The numbers of a text; a percentage counts as what it says and as its share of one."""
    found = []
    for match in _NUMBER.finditer(text):
        value = float(match["number"].replace(",", ""))
        found += [value, value / 100] if match["percent"] else [value]
    return found


def _asked(question: Question) -> str:
    return "\n".join((question.ask, question.reworded, question.plain, question.statement or ""))


def _telling(posed: Question) -> tuple[Misconception, ...]:
    """The misconceptions less the wrong results that tell nothing.

    Those that do not exist, are right after all, or are those of another one. What stands in the question gives way
    to what does not, and is the grader's to tell from a number that is only repeated.
    """
    keys = [(point.value, point.tolerance) for point in posed.points if point.value is not None]
    kept: list[Misconception] = []
    for slip in sorted(posed.misconceptions, key=lambda slip: _stated(slip, posed)):
        tolerance = _tolerance(slip, posed)
        others = [(other.value, tolerance) for other in kept if other.value is not None]
        apart = slip.value is not None and not any(near(slip.value, key) for key in (*keys, *others))
        if slip.value_of is None or apart:
            kept.append(slip)
    return tuple(slip for slip in posed.misconceptions if slip in kept)


def _stated(slip: Misconception, posed: Question) -> bool:
    """Whether a wrong result is among the numbers that the question gives."""
    value, tolerance = slip.value, _tolerance(slip, posed)
    return value is not None and any(near(n, (value, tolerance)) for n in numbers_in(_asked(posed)))


def _tolerance(slip: Misconception, posed: Question) -> float:
    return max((p.tolerance for p in posed.points if p.id in slip.points), default=0.0)


def _point(point: Point, drawn: Drawn) -> Point:
    """The point with its result; `accepts` hold what is right where there is none."""
    if point.value_of is None:
        return point
    value = _result(drawn, point.value_of)
    return replace(point, value=value, accepts=point.accepts if value is None else ())


def _slip(slip: Misconception, drawn: Drawn) -> Misconception:
    return replace(slip, value=_result(drawn, slip.value_of)) if slip.value_of else slip


def _result(drawn: Drawn, name: str) -> float | None:
    """A result without what binary fractions add to it."""
    value = drawn.results[name]
    return None if value is None else round(value, DECIMALS)
