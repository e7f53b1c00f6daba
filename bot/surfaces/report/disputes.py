"""Objections as labelled data: a question, what was answered, the marks before and after, and what was objected.

It names nobody: who said it is a number that holds within one file. The words are the candidates' own, as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.asking import Asking
from bot.core.feedback import mark
from bot.core.marking import Grade
from bot.core.objecting import Objection, concerns
from bot.core.objection_words import stood
from bot.core.question import Question
from bot.core.session import Session

VERSION = 1


def dispute_rows(person: int, session: Session, book: Mapping[str, Question]) -> Iterator[dict[str, Any]]:
    """The objections of one sitting, a row each."""
    for asking in session.in_order:
        for objection in asking.objections:
            yield _row(person, asking, objection, book[asking.rubric])


def _row(person: int, asking: Asking, objection: Objection, question: Question) -> dict[str, Any]:
    before, after = stood(asking, question, objection)
    about = objection.about or concerns(objection.text)
    return {
        "v": VERSION,
        "person": person,
        "question": question.id,
        "rubric": asking.rubric,
        "asked": asking.wording,
        "points": [{"id": p.id, "says": p.says, "weight": p.weight, "bonus": p.bonus} for p in question.points],
        "reference": question.reference,
        "sources": list(question.sources),
        "answer": [
            {"role": c.role, "text": c.part.text, "after_hints": c.part.rungs}
            for c in asking.contributions
            if c.seq < objection.seq
        ],
        "about": about,
        "sentence": objection.text,
        "outcome": objection.outcome or ("kept" if about == "question" else "not_judged"),
        "why": objection.why,
        "words": list(objection.words),
        "before": _marks(before),
        "after": _marks(after),
        "by": objection.by,
    }


def _marks(grade: Grade) -> dict[str, Any]:
    return {"score": grade.score, "by": grade.by, "marks": [mark(point) for point in grade.points]}
