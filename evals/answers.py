"""Labelled answers: reads the files beside this one, and says what a label is worth. It grades nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.question import Question

HERE = Path(__file__).parent
#: Written blind to the statements; what the published figures are measured on, and nothing is tuned on.
BLIND = HERE / "opengenus.jsonl"
#: Written by the grader's author; what the weights are fitted on.
DEVELOPMENT = HERE / "grader_dev.jsonl"
WORTH = {"met": 1.0, "partial": 0.5, "missing": 0.0, "wrong": 0.0}


@dataclass(frozen=True)
class Labelled:
    """An answer and what it says of each key point, by the writer who wrote it."""

    id: str
    question: str
    kind: str
    answer: str
    points: Mapping[str, str]
    writer: str = ""


def labelled(path: Path) -> list[Labelled]:
    """The answers of a file, in order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    fields = ("id", "question", "kind", "answer", "points", "writer")
    return [Labelled(**{k: row[k] for k in fields if k in row}) for row in rows]


def true_score(question: Question, points: Mapping[str, str]) -> float:
    """The score that the labels amount to, by the rule of core/marking.py."""
    full = sum(p.weight for p in question.points if not p.bonus)
    earned = sum(p.weight * WORTH[points.get(p.id, "missing")] for p in question.points)
    return min(1.0, earned / full)


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The rank correlation, ties sharing their mean rank."""
    a, b = _ranks(one), _ranks(other)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    above = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    below = (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5
    return above / below if below else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    first = {v: ordered.index(v) for v in set(values)}
    count = {v: ordered.count(v) for v in first}
    return [first[v] + (count[v] - 1) / 2 for v in values]
