"""What a code round came to: its grade, and what that is made of. The arithmetic is `marking`'s."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.asking import Asking
from bot.core.marking import ROUND_WEIGHTS, Grade, RoundShare, round_grade, total
from bot.core.question import Question
from bot.core.session import Session

#: The measured facts that are shares of their own; the other key points say how correct the program is.
MEASURED_SHARES = {"runs": "runs", "learns": "learns", "held_out_accuracy": "accuracy"}


@dataclass(frozen=True)
class CodeRound:
    """One question that a program answered, with what was asked about it. `score` is in 0..1, or None."""

    asking: Asking
    title: str
    shares: tuple[RoundShare, ...]
    score: float | None
    about: tuple[Asking, ...]


def code_rounds(session: Session, book: Mapping[str, Question]) -> Iterator[CodeRound]:
    """The code rounds of a sitting in which a program was handed in."""
    for asking in session.in_order:
        if asking.task and asking.programs:
            about = tuple(other for other in session.in_order if other.about == asking.question)
            question = book[asking.rubric]
            shares = tuple(_shares(asking.grade(question), question, [a.grade(book[a.rubric]) for a in about]))
            yield CodeRound(asking, question.title, shares, round_grade(shares), about)


def _shares(grade: Grade, question: Question, about: list[Grade]) -> Iterator[RoundShare]:
    """The shares in order. What helped counts as it does in the question's own marks."""
    credits = {question.point(point.point).shown_by: point.credit for point in grade.points}
    correct = [p for p in grade.points if question.point(p.point).shown_by not in MEASURED_SHARES and not p.bonus]
    weight = sum(point.weight for point in correct)
    found: dict[str, float | None] = {name: credits.get(fact) for fact, name in MEASURED_SHARES.items()}
    found["correct"] = round(sum(p.weight * p.credit for p in correct) / weight, 3) if weight else None
    found["understood"] = total(one.score for one in about if one.score is not None)
    for name, share in ROUND_WEIGHTS.items():
        yield RoundShare(name, share, found[name])
