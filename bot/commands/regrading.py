"""`viva regrade`: has an interview that is over judged once more by another grader, and shows both marks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from bot.app.judging import judge_again, judge_late
from bot.app.records import open_records
from bot.core.asking import Asking
from bot.core.folding import fold
from bot.core.question import Question
from bot.core.session import Session
from bot.errors import VivaError, WrongUsage
from bot.ports import Sitting
from bot.settings import Settings, read_settings

Read = tuple[Sitting, Session, Mapping[str, Question]]
NOTHING_NEW = "Everything in it was judged by this grader in the first place: there is nothing to compare."
LATE = "{number}. {title}: the answer was not graded before; now {score}, which counts."
NOT_COUNTED = "{number}. {title}: the answer could not be graded before; {again}, which is shown and does not count."
COUNTS = "The mark on the left counts, as before. `viva report {id}` shows both, point by point."


def regrade_command(name: str, grader: str | None, as_json: bool) -> None:
    """Judges a session once more, and prints what each question comes to by either grader."""
    if grader not in (None, "offline", "llm"):
        raise WrongUsage(f"There is no grader {grader!r}: take offline or llm.")
    settings = read_settings()
    if grader is not None:
        settings = settings.model_copy(update={"grader": grader})
    sitting, before, found, why_not = asyncio.run(_judged(settings, name))
    late, rows = list(_late(before, found)), list(_rows(found))
    if as_json:
        for row in (*late, *rows):
            typer.echo(json.dumps({"v": 1, "session": sitting.id, **row}, ensure_ascii=False))
    elif late or rows:
        counts = [COUNTS.format(id=sitting.id)] if any(row["score"] is not None for row in rows) else []
        typer.echo("\n".join([*map(_late_line, late), *map(_line, rows), *counts]))
    elif not why_not:
        typer.echo(NOTHING_NEW)
    if why_not:
        raise VivaError(f"Not all of it was judged again: {why_not}")


async def _judged(settings: Settings, name: str) -> tuple[Sitting, Read, Read, str]:
    """How it stood before and after; what waited to be judged at all is judged first, and counts."""
    before = await _read(settings, name)
    sitting, session, _ = before
    if session.ended is not None and session.waiting:
        await judge_late(settings, sitting)
    _, why_not = await judge_again(settings, sitting)
    return sitting, before, await _read(settings, sitting.id), why_not


async def _read(settings: Settings, name: str) -> Read:
    store = await open_records(settings)
    try:
        sitting = await store.find(name)
        return sitting, fold(await store.load(sitting.id)), await store.rubrics(sitting.id)
    finally:
        await store.close()


def _late(before: Read, after: Read) -> Iterator[dict[str, Any]]:
    """A question a row, of those that are graded only now."""
    _, session, book = after
    for asking in session.in_order:
        question = book[asking.rubric]
        was, now = before[1].askings[asking.question].grade(question), asking.grade(question)
        if asking.judged and not was.graded and now.graded:
            yield {**_named(asking, question), "score": None, "by": was.by, "again": now.score, "again_by": now.by}


def _late_line(row: dict[str, Any]) -> str:
    score = f"{_number(row['again'])} by {row['again_by']}"
    return LATE.format(number=row["number"], title=row["title"], score=score)


def _named(asking: Asking, question: Question) -> dict[str, Any]:
    return {"question": asking.question, "number": asking.number, "title": question.title}


def _rows(read: Read) -> Iterator[dict[str, Any]]:
    """A question a row, of those that another grader judged."""
    _, session, book = read
    for asking in session.in_order:
        question = book[asking.rubric]
        first = asking.grade(question)
        for by, other in asking.grades_by_others(question).items():
            yield {
                **_named(asking, question),
                "score": first.score,
                "by": first.by,
                "again": other.score,
                "again_by": by,
            }


def _line(row: dict[str, Any]) -> str:
    if row["score"] is None:
        again = f"{_number(row['again'])} by {row['again_by']}"
        return NOT_COUNTED.format(number=row["number"], title=row["title"], again=again)
    scores = (f"{_number(row['score'])} by {row['by'] or 'nobody'}", f"{_number(row['again'])} by {row['again_by']}")
    return f"{row['number']}. {row['title']}: {scores[0]}; {scores[1]}"


def _number(score: float | None) -> str:
    return "not graded" if score is None else f"{score:.2f}"
