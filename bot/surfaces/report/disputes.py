"""Objections as labelled data: a question, what was answered, the marks before and after, and what was objected.

It names nobody (who said it is a number that holds within one file) and tells nothing of the documents that questions
were drawn from. The words are the candidates' own, as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.core.asking import Asking
from bot.core.concerning import concerns
from bot.core.feedback import mark
from bot.core.marking import Grade
from bot.core.objecting import Objection
from bot.core.objection_words import stood
from bot.core.question import Question
from bot.core.session import Session

VERSION = 1
#: Whether a question was drawn from a document of somebody's own.
IsDrawn = Callable[[Question], bool]


def dispute_rows(
    person: int, session: Session, book: Mapping[str, Question], is_drawn: IsDrawn
) -> Iterator[dict[str, Any]]:
    """The objections of one sitting, a row each."""
    for asking in session.in_order:
        question = book[asking.rubric]
        for objection in asking.objections:
            row = _row(person, asking, objection, question)
            yield _without_the_document(row) if is_drawn(question) else row


def _without_the_document(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what a question has from a document: its name, its words, and the places that it names.

    Even the ids have words of it; key points are numbered in their place.
    """
    numbers = {point["id"]: str(n) for n, point in enumerate(row["points"], 1)}
    points = [{**point, "id": numbers[point["id"]], "says": ""} for point in row["points"]]
    before, after = (
        {**row[key], "marks": [{**one, "point": numbers[one["point"]]} for one in row[key]["marks"]]}
        for key in ("before", "after")
    )
    left_out = {"question": "", "asked": "", "points": points, "reference": "", "sources": [], "drawn": True}
    return {**row, **left_out, "before": before, "after": after}


def _row(person: int, asking: Asking, objection: Objection, question: Question) -> dict[str, Any]:
    before, after = stood(asking, question, objection)
    about = objection.about or concerns(objection.text)
    return {
        "v": VERSION,
        "person": person,
        "question": question.id,
        "rubric": asking.rubric,
        "drawn": False,
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
