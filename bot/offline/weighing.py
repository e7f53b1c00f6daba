"""Weighs two readings of a key point against each other: the whole answer's and the single sentences'.

Each errs where the other does not: the reader of whole answers (bot/ports/reading.py) follows what is meant, the
statements know what is right. The numbers were fitted by evals/reader/weigh.py and lie in weighing.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from bot.core.marking import PARTIAL_FROM, Standing, standing
from bot.offline.statement_words import Numbers
from bot.ports.reading import STANDINGS, Reading

MET, PARTIAL, MISSING, WRONG = range(len(STANDINGS))
#: How much a chance of being wrong takes away. An answer with two names exchanged is half met and half wrong for both
#: readings; at as much blame for right answers (17 % on known questions, held out) it earned .27 with this and .34
#: without.
AGAINST = 0.3
#: Probabilities nearer to 0 or 1 than these tell nothing more.
LEAST_SHARE, LEAST_CHANCE = 0.001, 0.002


@dataclass(frozen=True)
class Weighing:
    """A multinomial logistic model of both readings; the credit is a rising line over the worth that is expected of it.

    `weights` has a row for each of STANDINGS, the last number of each being its constant.
    """

    centre: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    credit: tuple[tuple[float, float], ...]

    def of(self, measured: Numbers) -> Numbers:
        """How probable each of STANDINGS is: shape (..., 4), from measures of shape (..., 6)."""
        x = (measured - np.array(self.centre)) / np.array(self.spread)
        fitted = np.array(self.weights)
        scores = x @ fitted[:, :-1].T + fitted[:, -1]
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(np.round(powers / powers.sum(axis=-1, keepdims=True), 5))

    def credit_of(self, chances: Sequence[float]) -> float:
        """What a point is worth that stands so, rounded to two places; what may be wrong counts against it."""
        worth = chances[MET] + chances[PARTIAL] / 2 - AGAINST * chances[WRONG]
        return round(float(np.interp(worth, [w for w, _ in self.credit], [c for _, c in self.credit])), 2)


@dataclass(frozen=True)
class Weighings:
    """For the points whose wording the reader has learnt from answers, for others, for those without statements, and
    for the one point that a short reply tells of.
    """

    learnt: Weighing
    others: Weighing
    drafts: Weighing
    replies: Weighing
    version: int


def shipped_weighings() -> Weighings:
    """The numbers that come with the package."""
    text = resources.files("bot.offline").joinpath("weighing.json").read_text(encoding="utf-8")
    data: Mapping[str, Any] = json.loads(text)
    learnt, others, drafts, replies = (_weighing(data[name]) for name in ("learnt", "others", "drafts", "replies"))
    return Weighings(learnt, others, drafts, replies, int(data["version"]))


def _weighing(data: Mapping[str, Any]) -> Weighing:
    return Weighing(
        tuple(data["centre"]),
        tuple(data["spread"]),
        tuple(tuple(row) for row in data["weights"]),
        tuple((float(worth), float(credit)) for worth, credit in data["credit"]),
    )


def measures(shares: Numbers, said: Numbers, contradicted: Numbers) -> Numbers:
    """What is weighed of each point: the reader's log odds against missing, and the sentences' reading: (points, 6)."""
    logs = np.log(np.clip(shares, LEAST_SHARE, 1.0))
    whole = logs[:, [MET, PARTIAL, WRONG]] - logs[:, [MISSING]]
    return np.column_stack([whole, _odds(said), _odds(contradicted), said * contradicted])


def _odds(chances: Numbers) -> Numbers:
    kept = np.clip(chances, LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    return np.asarray(np.log(kept / (1.0 - kept)))


def standing_of(chances: Sequence[float], credit: float) -> Standing:
    """How a point stands that is worth this credit: wrong rather than missing where that is likelier."""
    if credit >= PARTIAL_FROM:
        return standing(credit)
    return "wrong" if chances[WRONG] > chances[MISSING] else "missing"


def joined(readings: Sequence[Reading]) -> Numbers:
    """The shares of a whole answer that was read in windows: the mean of those in which a point is more likely said,
    or contradicted, than missing; else the one in which it is least likely missing.
    """
    every = np.stack([reading.verdicts for reading in readings])
    heard = np.where(every[:, :, [MISSING]] < 0.5, 1.0, 0.0)
    best = every[every[:, :, MISSING].argmin(axis=0), np.arange(every.shape[1])]
    times = heard.sum(axis=0)
    return np.asarray(np.where(times > 0, (every * heard).sum(axis=0) / np.maximum(times, 1.0), best))
