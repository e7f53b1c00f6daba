"""The arithmetic of figures: correlations, false praise, false blame, calibration, and how sure each figure is.

It knows no grader and no question: true scores and given scores go in, numbers come out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Scores = Sequence[float] | Numbers

#: What is truly worth BAD or less is praised falsely above PRAISED; what is worth GOOD or more is blamed below BLAMED.
BAD, PRAISED = 0.25, 0.5
GOOD, BLAMED = 0.8, 0.6
#: How often the questions are drawn anew, by which seed, and how much of what comes out lies in an interval.
DRAWS, SEED, WITHIN = 1000, 1, 95
#: The borders between the steps of calibration.
STEPS: Final = (0.0, 0.2, 0.4, 0.6, 0.8)


def spearman(one: Scores, other: Scores) -> float:
    """The rank correlation, ties sharing their mean rank."""
    return pearson(_ranks(one), _ranks(other))


def pearson(one: Scores, other: Scores) -> float:
    """The correlation; 0 where one of the two is the same throughout."""
    a, b = (np.asarray(values, np.float64) for values in (one, other))
    a, b = a - a.mean(), b - b.mean()
    below = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / below if below > 1e-12 else 0.0


def _ranks(values: Scores) -> Numbers:
    _, which, times = np.unique(np.asarray(values, np.float64), return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(times) - times + (times - 1) / 2
    return np.asarray(mean_rank[which])


def false_praise(true: Numbers, given: Numbers) -> float:
    """Of the bad answers, the share that was given more than PRAISED; not a number where none is bad."""
    return _share(given[true <= BAD] > PRAISED)


def false_blame(true: Numbers, given: Numbers) -> float:
    """Of the good answers, the share that was given less than BLAMED; not a number where none is good."""
    return _share(given[true >= GOOD] < BLAMED)


def error(true: Numbers, given: Numbers) -> float:
    """How far a score is expected to lie from the true one: the mean distance."""
    return float(np.abs(true - given).mean())


def _share(of: npt.NDArray[np.bool_]) -> float:
    return float(of.mean()) if len(of) else float("nan")


Measure = Callable[[Numbers, Numbers], float]
MEASURES: Final[Mapping[str, Measure]] = {
    "spearman": spearman,
    "pearson": pearson,
    "false_praise": false_praise,
    "false_blame": false_blame,
    "error": error,
}
#: Of these more is better, of the others less.
MORE_IS_BETTER: Final = frozenset({"spearman", "pearson"})


@dataclass(frozen=True)
class Value:
    """A figure, and the interval that holds it; None where there is nothing to measure it on."""

    value: float | None
    low: float | None = None
    high: float | None = None


def measured(
    true: Sequence[float], given: Sequence[float], questions: Sequence[str], draws: int = DRAWS, seed: int = SEED
) -> dict[str, Value]:
    """Every measure with its interval. The bootstrap draws questions, not answers: those to one question are alike."""
    whole, scores = np.asarray(true, np.float64), np.asarray(given, np.float64)
    samples = [(whole[rows], scores[rows]) for rows in _draws(questions, draws, seed)]
    found = {}
    for name, measure in MEASURES.items():
        drawn = np.array([measure(*sample) for sample in samples])
        drawn = drawn[~np.isnan(drawn)]
        ends = np.percentile(drawn, [(100 - WITHIN) / 2, (100 + WITHIN) / 2]) if len(drawn) else (np.nan, np.nan)
        found[name] = Value(_number(measure(whole, scores)), *map(_number, ends))
    return found


def _draws(questions: Sequence[str], draws: int, seed: int) -> list[npt.NDArray[np.intp]]:
    """The rows of the answers to as many questions as there are, drawn with replacement."""
    asked = np.asarray(questions)
    rows = [np.flatnonzero(asked == question) for question in sorted(set(questions))]
    drawn = np.random.default_rng(seed).integers(len(rows), size=(draws, len(rows)))
    return [np.concatenate([rows[n] for n in some]) for some in drawn]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


@dataclass(frozen=True)
class Step:
    """The marks that were said to be about so sure: how many, how sure in the mean, and the share that is right."""

    begins: float
    n: int
    sure: float
    right: float


def calibration(marks: Sequence[tuple[float, bool]]) -> list[Step]:
    """How often a mark is right, by how sure it was said to be."""
    found = []
    for begins, ends in zip(STEPS, (*STEPS[1:], np.inf), strict=True):
        some = [(sure, right) for sure, right in marks if begins <= sure < ends]
        if some:
            sure, right = np.array(some, np.float64).mean(0)
            found.append(Step(begins, len(some), round(float(sure), 4), round(float(right), 4)))
    return found


def calibration_error(steps: Sequence[Step]) -> float | None:
    """How far sureness and being right lie apart, as the mean over all marks."""
    marks = sum(step.n for step in steps)
    return round(sum(step.n * abs(step.sure - step.right) for step in steps) / marks, 4) if marks else None
