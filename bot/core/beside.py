"""What goes on beside an interview, with nobody there: it takes no time of it, and makes no sitting younger. Pure."""

from __future__ import annotations

from bot.core import events as e
from bot.core.session import Session


def is_beside(event: e.Event) -> bool:
    """True for what is judged beside an interview."""
    return isinstance(event, e.JudgedLate) or (isinstance(event, e.Graded | e.Regraded | e.Reconsidered) and event.late)


def says_so(session: Session, event: e.Event) -> bool:
    """True where this notes that it was said that something was judged late."""
    if not isinstance(event, e.Said):
        return False
    return any(
        seq == event.seq and isinstance(one, e.JudgedLate | e.Reconsidered) and is_beside(one)
        for seq, one in session.unsaid
    )
