"""What happens around programs, read into the state of an interview: steps of `folding`."""

from __future__ import annotations

from dataclasses import replace

from bot.core import events as e
from bot.core.marking import Verdict
from bot.core.session import Session, with_asking, with_contribution


def inspected(session: Session, seq: int, event: e.Inspected) -> Session:
    """What was read off a program; of one that cannot be read nothing is owed any more."""
    session = with_contribution(session, event.question, event.submission, facts=event.facts, problem=event.problem)
    if event.problem is None:
        return session
    asking = session.askings[event.question]
    unread = next(c for c in asking.contributions if c.seq == event.submission)
    verdict = Verdict(by="", why_not=event.problem)
    session = with_contribution(session, event.question, unread.seq, part=replace(unread.part, verdict=verdict))
    return with_asking(session, event.question, decided=max(asking.decided, asking.contributions.index(unread) + 1))


def run_began(session: Session, seq: int, event: e.RunBegan) -> Session:
    """A run that is written down before it is begun, so that one that breaks off is known."""
    return with_contribution(session, event.question, event.part, running=True)


def ran(session: Session, seq: int, event: e.Ran) -> Session:
    """What came of a run; without effect on what was taken back while it ran."""
    return with_contribution(
        session,
        event.question,
        event.part,
        running=False,
        outcome=event.outcome,
        beside=event.beside,
        findings=event.findings,
        otherwise=event.otherwise,
        aim=event.aim,
    )


def questioned(session: Session, seq: int, event: e.Questioned) -> Session:
    """Puts the questions about a program where they come; what stands open is come back to after them."""
    asking = session.askings[event.question]
    slots = {one.slot: one.values for one in event.asked}
    decided = len(asking.contributions)
    pointed = asking.pointed | frozenset(event.points)
    if event.why != "wish":
        session = with_asking(session, event.question, decided=decided, probing=None)
    mend_from = decided if event.why == "bugs" else asking.mend_from
    session = with_asking(session, event.question, pointed=pointed, mend_from=mend_from)
    return replace(
        session,
        agenda=event.agenda,
        placed={**session.placed, **slots},
        about={**session.about, **dict.fromkeys(slots, event.question)},
        standing=None,
        amending=None,
        turned=seq,
    )
