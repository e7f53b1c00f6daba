"""Measures the offline grader against labelled answers and prints the tables that the README quotes.

python -m evals.grader [--dev]. It fits nothing (fit_grader.py does) and never shows an answer to the grader twice.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.marking import Part, Verdict, checked, grade
from bot.core.question import Question
from bot.offline.grader import OfflineGrader
from evals.answers import BLIND, DEVELOPMENT, Labelled, labelled, true_score
from evals.measures import spearman

KINDS = (
    "excellent",
    "excellent_odd_words",
    "good",
    "partial",
    "weak",
    "wrong",
    "negated",
    "swapped",
    "off_topic",
    "keyword_soup",
    "copied_question",
    "injection",
    "other_question",
    "excellent_code",
    "weak_code",
)
PASS = 0.5


@dataclass(frozen=True)
class Judged:
    """An answer, its true score and what the grader made of it. What was not graded counts as 0 here."""

    answer: Labelled
    true: float
    score: float
    verdict: Verdict


def judge(grader: OfflineGrader, questions: Mapping[str, Question], answers: Sequence[Labelled]) -> list[Judged]:
    """Every answer graded once."""
    found = []
    for answer in answers:
        question, part = questions[answer.question], Part(answer.answer)
        facts = read(answer.answer) if answer.kind.endswith("_code") else None
        verdict = checked(grader.judge(question, part, facts), question, answer.answer)
        score = grade(question, [replace(part, verdict=verdict)]).score or 0.0
        found.append(Judged(answer, true_score(question, answer.points), score, verdict))
    return found


def read(source: str) -> Mapping[str, Any]:
    """The facts of a program, as an interview reads them."""
    from bot.lab.syntax.reading import LimitedReader

    return asyncio.run(LimitedReader().facts(source))


@dataclass(frozen=True)
class Summary:
    """What the published figures say. Shares are in 0..1; `beaten` and `fallen` count questions."""

    answers: int
    questions: int
    spearman: float
    false_praise: float
    invented_praise: float
    false_blame: float
    within: float
    beaten: int
    fallen_negated: int
    fallen_swapped: int
    fallen: int


def summary(judged: Sequence[Judged]) -> Summary:
    """The figures over all answers.

    False praise: of the points labelled missing or wrong, the share called met. Invented praise: called met or partial.
    False blame: of the points labelled met, the share called missing or wrong.
    """
    pairs = [
        (j.answer.points[m.point], m.verdict) for j in judged for m in j.verdict.marks if m.point in j.answer.points
    ]
    bad = [v for label, v in pairs if label in ("missing", "wrong")]
    good = [v for label, v in pairs if label == "met"]
    ids = sorted({j.answer.question for j in judged})
    return Summary(
        answers=len(judged),
        questions=len(ids),
        spearman=spearman([j.true for j in judged], [j.score for j in judged]),
        false_praise=_share(bad, ("met",)),
        invented_praise=_share(bad, ("met", "partial")),
        false_blame=_share(good, ("missing", "wrong")),
        within=sum(abs(j.true - j.score) <= 0.25 for j in judged) / len(judged),
        beaten=sum(_beats(judged, q) for q in ids),
        fallen_negated=sum(_falls(judged, q, ("negated",)) for q in ids),
        fallen_swapped=sum(_falls(judged, q, ("swapped",)) for q in ids),
        fallen=sum(_falls(judged, q, ("negated", "swapped")) for q in ids),
    )


def _share(verdicts: Sequence[str], of: Sequence[str]) -> float:
    return sum(v in of for v in verdicts) / len(verdicts) if verdicts else 0.0


def scores(judged: Sequence[Judged], question: str | None, kinds: Sequence[str]) -> list[float]:
    """The scores of the answers of these kinds, to one question or to all."""
    return [j.score for j in judged if question in (None, j.answer.question) and j.answer.kind in kinds]


def _beats(judged: Sequence[Judged], question: str) -> bool:
    """True when the worst excellent answer is above the best weak one."""
    excellent, weak = scores(judged, question, ("excellent",)), scores(judged, question, ("weak",))
    return bool(excellent and weak) and min(excellent) > max(weak)


def _falls(judged: Sequence[Judged], question: str, kinds: Sequence[str]) -> bool:
    found = scores(judged, question, kinds)
    return bool(found) and max(found) < PASS


def table(judged: Sequence[Judged]) -> str:
    """Mean score per question and kind, as a Markdown table."""
    kinds = [k for k in KINDS if any(j.answer.kind == k for j in judged)]
    ids = list(dict.fromkeys(j.answer.question for j in judged))
    lines = ["| question | " + " | ".join(k.replace("_", " ") for k in kinds) + " |", "| --- " * (len(kinds) + 1) + "|"]
    for name, only in [*((q, q) for q in ids), ("**all**", None)]:
        lines.append(f"| {name} | " + " | ".join(_mean(scores(judged, only, (k,))) for k in kinds) + " |")
    truth = [[j.true for j in judged if j.answer.kind == k] for k in kinds]
    return "\n".join([*lines, "| *true score* | " + " | ".join(_mean(t) for t in truth) + " |"])


def _mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.2f}" if values else ""


def lines(figures: Summary) -> str:
    """The figures as sentences."""
    return "\n".join(
        [
            f"{figures.answers} answers to {figures.questions} questions.",
            f"Spearman with the true score: {figures.spearman:.3f}.",
            f"False praise (missing or wrong called met): {figures.false_praise:.1%}; called met or partial: "
            f"{figures.invented_praise:.1%}.",
            f"False blame (met called missing or wrong): {figures.false_blame:.1%}.",
            f"Within .25 of the true score: {figures.within:.1%}.",
            f"Every excellent answer beats every weak one on {figures.beaten} of {figures.questions} questions.",
            f"Below .5: the negated answer on {figures.fallen_negated} questions, the swapped one on "
            f"{figures.fallen_swapped}, both on {figures.fallen}.",
        ]
    )


def main() -> None:
    from evals.places import bank, embedder
    from evals.places import grader as open_grader

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="the development answers, on which the weights were fitted")
    path = DEVELOPMENT if parser.parse_args().dev else BLIND
    grader, answers = open_grader(embedder()), labelled(path)
    begun = time.process_time()
    judged = judge(grader, bank(), answers)
    print(table(judged), lines(summary(judged)), sep="\n\n")
    print(f"{grader.name}, {path.name}; {1000 * (time.process_time() - begun) / len(answers):.0f} ms of CPU an answer.")


if __name__ == "__main__":
    main()
