"""What is known of a person from earlier sittings: the questions they had lately, and how their series stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.beginning import Before
from bot.core import events as e
from bot.core.folding import fold
from bot.core.plan import base
from bot.core.question import Question
from bot.core.session import Session
from bot.core.summary import summarise
from bot.errors import WrongUsage
from bot.ports import Sitting, Store

#: Nobody is asked the same again within so many days, as long as there is something else.
LATELY = timedelta(days=30)
#: A series that was left for longer begins anew.
SERIES = timedelta(days=90)
MOST_SITTINGS = 200


async def known_before(store: Store, owner: str, now: datetime, series: str | None) -> Before:
    """Reads the sittings of the last weeks; `series` is the flow of rounds that is to go on, if there is one.

    WrongUsage when a round of it is not finished: it is to be gone on with first.
    """
    questions: dict[str, e.Earlier] = {}
    rounds: tuple[e.Round, ...] = ()
    for sitting in reversed(await store.sittings(owner, MOST_SITTINGS)):
        age = now - datetime.fromisoformat(sitting.at)
        if age > (SERIES if series else LATELY):
            continue
        session, book = fold(await store.load(sitting.id)), await store.rubrics(sitting.id)
        if age <= LATELY:
            _note(questions, session, book, sitting.at)
        if session.started is not None and session.started.series == series and series:
            rounds = _with_round(session, book, sitting)
    return Before(questions, {series: rounds} if series else {})


def _note(questions: dict[str, e.Earlier], session: Session, book: Mapping[str, Question], at: str) -> None:
    """Keeps of each question how often it was asked, and what it came to the last time."""
    for line in summarise(session, book).lines:
        question = base(line.asking.question)
        times = questions[question].times if question in questions else 0
        score = line.grade.score if line.outcome in ("graded", "dont_know", "skipped") else None
        questions[question] = e.Earlier(question, at, score, times + 1)


def _with_round(session: Session, book: Mapping[str, Question], sitting: Sitting) -> tuple[e.Round, ...]:
    """The rounds of a series up to this one: it knows those before it, however long ago they were."""
    started = session.started
    assert started is not None
    if session.ended is None:
        raise WrongUsage(
            f"Round {started.round} of {started.series} ({started.title}) is not finished. Go on with it: "
            f"viva chat --resume {sitting.id}   or end it there with /end."
        )
    summary = summarise(session, book)
    done = e.Round(started.flow, started.title, sitting.at, sitting.id, summary.score, len(summary.counted))
    return (*started.before, done)
