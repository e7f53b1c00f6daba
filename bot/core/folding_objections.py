"""The part of `folding` about objections: they are kept, judged again, and may raise marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core import events as e
from bot.core.asking import Asking
from bot.core.objecting import Objection
from bot.core.session import Session, with_asking


def disputed(session: Session, seq: int, event: e.Disputed) -> Session:
    asking = session.askings[event.question]
    objection = Objection(seq, event.text, event.about)
    return with_asking(session, event.question, objections=(*asking.objections, objection))


def reconsidered(session: Session, seq: int, event: e.Reconsidered) -> Session:
    """Keeps what came of an objection; the marks that it raised count from now on, and the first ones stay beside.

    It is judged once: what is said of it a second time changes nothing.
    """
    if any(o.judged_at for o in session.askings[event.question].objections if o.seq == event.dispute):
        return session
    session = _with_objection(
        session,
        session.askings[event.question],
        event.dispute,
        lambda o: replace(
            o,
            outcome=event.outcome,
            why=event.why,
            why_not=event.why_not or "",
            words=event.words,
            raised=event.raised,
            elsewhere=event.elsewhere,
            by=event.by,
            judged_at=0 if event.outcome == "waits" else seq,
        ),
    )
    asking = session.askings[event.question]
    parts = tuple(c.with_marks_of(asking.objections) for c in asking.contributions)
    return with_asking(session, event.question, contributions=parts)


def asked_again(session: Session, asking: Asking, seq: int) -> Session:
    """Puts objections back on the grader's desk that an outage kept from being judged."""
    for objection in (o for o in asking.objections if o.waits):
        session = _with_objection(
            session, asking, objection.seq, lambda o: replace(o, outcome="", why_not="", again=seq)
        )
        asking = session.askings[asking.question]
    return session


def read_again(session: Session, asking: Asking, event: e.Regraded) -> Session:
    """Counts a reading for an objection that came to nothing and cost something; what the others came to follows."""
    if event.why_not is None or event.made is None:
        return session
    return _with_objection(session, asking, event.dispute, lambda o: replace(o, tries=o.tries + 1))


def _with_objection(
    session: Session, asking: Asking, dispute: int, changed: Callable[[Objection], Objection]
) -> Session:
    objections = tuple(changed(o) if o.seq == dispute else o for o in asking.objections)
    return with_asking(session, asking.question, objections=objections)
