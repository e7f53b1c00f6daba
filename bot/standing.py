"""Where a sitting stands, for a status line and for what is owed, as its surface is to show it. It words nothing."""

from __future__ import annotations

from bot.core.scene import Book
from bot.core.session import Session
from bot.ports import Stands


def stands(session: Session, book: Book) -> Stands:
    """What a session comes to for one who looks at it."""
    asking = session.addressed
    minutes, of = round(session.seconds / 60), len(session.started.plan) if session.started else 0
    if asking is None or session.ended is not None:
        return Stands("nothing", of=of, minutes=minutes)
    question = book[asking.rubric]
    return Stands(
        owes="code" if asking.awaits_program else "answer",
        question=asking.question,
        title=question.title,
        wording=asking.probing.wording if asking.probing else asking.wording,
        number=asking.number,
        of=of,
        hints=asking.hints,
        probes=asking.probes,
        minutes=minutes,
        follow_up=asking.probing is not None,
        starter=question.starter or "",
    )
