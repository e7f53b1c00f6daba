"""Turns measures of pieces into a reading of each key point: how likely it is said, how likely contradicted.

It weighs no reading of a whole answer (weighing.py does). The numbers were fitted by evals/fit_grader.py on labelled
answers and lie in grader_weights.json; none is set here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from bot.offline.statement_words import Numbers


@dataclass(frozen=True)
class Scale:
    """A logistic model of a few measures: centre and spread of each, weights, and a constant."""

    centre: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]
    constant: float

    def of(self, measures: Numbers) -> Numbers:
        """Probabilities in 0..1, of the shape of `measures` without its last axis."""
        standard = (measures - np.array(self.centre)) / np.array(self.spread)
        return np.asarray(1.0 / (1.0 + np.exp(-(standard @ np.array(self.weights) + self.constant))))


@dataclass(frozen=True)
class Weights:
    """Everything that was fitted. `credit` are the knots (probability, credit) of a rising line."""

    said: Scale
    contradicted: Scale
    draft_said: Scale
    credit: tuple[tuple[float, float], ...]
    draft_credit: tuple[tuple[float, float], ...]
    wrong_from: float
    version: int

    def credit_of(self, probability: float, draft: bool = False) -> float:
        """What a probability is worth, rounded to two places."""
        knots = self.draft_credit if draft else self.credit
        return round(float(np.interp(probability, [p for p, _ in knots], [c for _, c in knots])), 2)


def shipped_weights() -> Weights:
    """The weights that come with the package."""
    text = resources.files("bot.offline").joinpath("grader_weights.json").read_text(encoding="utf-8")
    return weights_from(json.loads(text))


def weights_from(data: Mapping[str, Any]) -> Weights:
    """Weights as the fitting script writes them."""
    return Weights(
        said=_scale(data["said"]),
        contradicted=_scale(data["contradicted"]),
        draft_said=_scale(data["draft_said"]),
        credit=_knots(data["credit"]),
        draft_credit=_knots(data["draft_credit"]),
        wrong_from=float(data["wrong_from"]),
        version=int(data["version"]),
    )


def _scale(data: Mapping[str, Any]) -> Scale:
    return Scale(tuple(data["centre"]), tuple(data["spread"]), tuple(data["weights"]), float(data["constant"]))


def _knots(pairs: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((float(p), float(c)) for p, c in pairs)
