"""`viva regrade`: has an interview that is over judged once more by another grader, and shows both marks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from bot.app.judging import judge_again
from bot.app.records import open_records
from bot.core.folding import fold
from bot.core.question import Question
from bot.core.session import Session
from bot.errors import VivaError, WrongUsage
from bot.ports import Sitting
from bot.settings import Settings, read_settings

Read = tuple[Sitting, Session, Mapping[str, Question]]
NOTHING_NEW = "Everything in it was judged by this grader in the first place: there is nothing to compare."
COUNTS = "The mark on the left counts, as before. `viva report {id}` shows both, point by point."


def regrade_command(name: str, grader: str | None, as_json: bool) -> None:
    """Judges a session once more, and prints what each question comes to by either grader."""
    if grader not in (None, "offline", "llm"):
        raise WrongUsage(f"There is no grader {grader!r}: take offline or llm.")
    settings = read_settings()
    if grader is not None:
        settings = settings.model_copy(update={"grader": grader})
    sitting, found, why_not = asyncio.run(_judged(settings, name))
    rows = list(_rows(found))
    if as_json:
        for row in rows:
            typer.echo(json.dumps({"v": 1, "session": sitting.id, **row}, ensure_ascii=False))
    elif rows:
        typer.echo("\n".join([*map(_line, rows), COUNTS.format(id=sitting.id)]))
    elif not why_not:
        typer.echo(NOTHING_NEW)
    if why_not:
        raise VivaError(f"Not all of it was judged again: {why_not}")


async def _judged(settings: Settings, name: str) -> tuple[Sitting, Read, str]:
    sitting, _, _ = await _read(settings, name)
    _, why_not = await judge_again(settings, sitting)
    return sitting, await _read(settings, sitting.id), why_not


async def _read(settings: Settings, name: str) -> Read:
    store = await open_records(settings)
    try:
        sitting = await store.find(name)
        return sitting, fold(await store.load(sitting.id)), await store.rubrics(sitting.id)
    finally:
        await store.close()


def _rows(read: Read) -> Iterator[dict[str, Any]]:
    """A question a row, of those that another grader judged."""
    _, session, book = read
    for asking in session.in_order:
        question = book[asking.rubric]
        first = asking.grade(question)
        for by, other in asking.grades_by_others(question).items():
            yield {
                "question": asking.question,
                "number": asking.number,
                "title": question.title,
                "score": first.score,
                "by": first.by,
                "again": other.score,
                "again_by": by,
            }


def _line(row: dict[str, Any]) -> str:
    scores = (f"{_number(row['score'])} by {row['by'] or 'nobody'}", f"{_number(row['again'])} by {row['again_by']}")
    return f"{row['number']}. {row['title']}: {scores[0]}; {scores[1]}"


def _number(score: float | None) -> str:
    return "not graded" if score is None else f"{score:.2f}"
