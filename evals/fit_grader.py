"""Fits the few numbers by which single sentences are read and writes bot/offline/grader_weights.json.

python -m evals.fit_grader. It reads the development answers and never opens the blind ones; how whole answers are read
and weighed is fitted in evals/reader/. Which piece of an answer a label belongs to is not known, so it is learnt with
the weights: fit, take the piece that reads best, fit again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.marking import Part, Standing
from bot.core.question import Question
from bot.offline.evidence import evidence
from bot.offline.margins import FEATURES, Standard, Vectors
from bot.offline.statement_words import Numbers
from evals.answers import DEVELOPMENT, WORTH, Labelled, labelled

OUT = Path(__file__).parent.parent / "bot" / "offline" / "grader_weights.json"
VERSION = 1
#: From probability to credit. Held out, what is read at p is met or partly met in a share of about p (see calibration):
#: partial begins near even chances, met where three of four are, full marks where six of seven are.
CREDIT = ((0.0, 0.0), (0.38, 0.35), (0.6, 0.75), (0.8, 1.0), (1.0, 1.0))
#: A draft is read more coarsely, so that met asks for more.
DRAFT_CREDIT = ((0.0, 0.0), (0.4, 0.35), (0.7, 0.75), (0.85, 1.0), (1.0, 1.0))
#: Of what is contradicted this surely 19 in 20 are not right: to be told so by mistake is worse than silence.
WRONG_FROM = 0.75
RIDGE = 3.0
ROUNDS = 4
#: What a first guess at the piece that counts goes by: the share of the point, with and against the margins.
FIRST_SAID = (1.0, 1.0, *[0.0] * (len(FEATURES) - 2))
FIRST_CONTRADICTED = (1.0, -1.0, *[0.0] * (len(FEATURES) - 2))
FIRST_DRAFT = (1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Row:
    """One answer and one key point: the measures of each piece, the draft's measures, and the label."""

    question: str
    measures: Numbers
    draft: Numbers
    label: Standing
    weight: float


def rows(
    answers: Sequence[Labelled], questions: dict[str, Question], embed: Callable[[Sequence[str]], Vectors]
) -> list[Row]:
    """Measures of every answer that has a piece to judge."""
    found: list[Row] = []
    standards = {q: Standard(questions[q], embed) for q in sorted({a.question for a in answers})}
    for answer in answers:
        question, standard = questions[answer.question], standards[answer.question]
        words = [piece.of(answer.answer) for piece in evidence(question, Part(answer.answer))]
        if not words:
            continue
        vectors = embed(words)
        measures, draft = standard.measure(words, vectors), standard.measure_draft(words, vectors)
        for i, point in enumerate(question.points):
            if point.id in answer.points:
                label = answer.points[point.id]
                found.append(Row(question.id, measures[:, i], draft[:, i], label, point.weight))
    return found


def logistic(x: Numbers, y: Numbers, ridge: float = RIDGE) -> Numbers:
    """Ridge logistic regression by Newton's method; `y` in 0..1; the last number is the constant."""
    x = np.c_[x, np.ones(len(x))]
    b = np.zeros(x.shape[1])
    penalty = np.eye(len(b)) * ridge
    penalty[-1, -1] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ b))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(hessian, x.T @ (p - y) + penalty @ b)
        b = b - step
        if np.abs(step).max() < 1e-8:
            break
    return b


def scale(pieces: Sequence[Numbers], y: Numbers, first: Sequence[float]) -> dict[str, Any]:
    """A Scale for measures of which the best piece of each row carries the label."""
    every = np.concatenate(pieces)
    centre, spread = every.mean(0), every.std(0) + 1e-9
    standard = [(p - centre) / spread for p in pieces]
    b = np.append(np.array(first), 0.0)
    for _ in range(ROUNDS):
        best = np.array([p[(p @ b[:-1]).argmax()] for p in standard])
        b = logistic(best, y)
    numbers = {"centre": centre, "spread": spread, "weights": b[:-1]}
    return {k: [round(float(n), 5) for n in v] for k, v in numbers.items()} | {"constant": round(float(b[-1]), 5)}


def probability(fitted: dict[str, Any], pieces: Numbers) -> float:
    """That of the best piece."""
    standard = (pieces - np.array(fitted["centre"])) / np.array(fitted["spread"])
    return float(1 / (1 + np.exp(-(standard @ np.array(fitted["weights"]) + fitted["constant"]).max())))


def held_out(data: Sequence[Row], pick: Callable[[Row], Numbers], y: Numbers, first: Sequence[float]) -> Numbers:
    """Each row's probability by weights that were fitted without its question."""
    out = np.zeros(len(data))
    for question in sorted({row.question for row in data}):
        train = [i for i, row in enumerate(data) if row.question != question]
        fitted = scale([pick(data[i]) for i in train], y[train], first)
        for i, row in enumerate(data):
            if row.question == question:
                out[i] = probability(fitted, pick(row))
    return out


def calibration(p: Numbers, labels: Sequence[str]) -> str:
    """How often what is read at a probability is so: held out, in tenths."""
    lines = []
    for low in np.arange(0, 1, 0.1):
        found = [label for value, label in zip(p, labels, strict=True) if low <= value < low + 0.1]
        if found:
            at_least = sum(label in ("met", "partial") for label in found) / len(found)
            lines.append(f"{low:.1f}: met or partial {at_least:.2f} of {len(found)}")
    return "\n".join(lines)


def fit(data: Sequence[Row]) -> dict[str, Any]:
    """All numbers of the sentences' reading."""
    said = np.array([WORTH[row.label] for row in data])
    wrong = np.array([float(row.label == "wrong") for row in data])
    return {
        "version": VERSION,
        "said": scale([r.measures for r in data], said, FIRST_SAID),
        "contradicted": scale([r.measures for r in data], wrong, FIRST_CONTRADICTED),
        "draft_said": scale([r.draft for r in data], said, FIRST_DRAFT),
        "credit": CREDIT,
        "draft_credit": DRAFT_CREDIT,
        "wrong_from": WRONG_FROM,
    }


def main() -> None:
    from evals.places import bank, embedder

    data = rows(labelled(DEVELOPMENT), bank(), embedder().embed)
    OUT.write_text(json.dumps(fit(data), indent=1) + "\n", encoding="utf-8")
    said = np.array([WORTH[row.label] for row in data])
    print(calibration(held_out(data, lambda r: r.measures, said, FIRST_SAID), [row.label for row in data]))
    print(f"{len(data)} labelled points; written to {OUT.name}")


if __name__ == "__main__":
    main()
