"""How a limited time is divided: when it is told, and how many questions it still holds. Pure; it reads no clock."""

from __future__ import annotations

from typing import Literal

from bot.core.session import Session

#: The second call comes so many minutes before the end.
LAST_CALL = 5
#: Shorter sittings are told once, at half the time; in still shorter ones a call would only take time.
SHORTEST_FOR_LAST_CALL = 10
SHORTEST_FOR_A_CALL = 4
#: A question is begun while at least this share of its time is left.
WORTH_BEGINNING = 0.5

Call = Literal["half", "five"]


def minutes_left(session: Session) -> float | None:
    """What is left of a limited time, in minutes; None where there is no limit."""
    limit = session.started.minutes if session.started else None
    return None if limit is None else limit - session.seconds / 60


def due(session: Session) -> Call | None:
    """The call that is due and was not made, the later one where both are."""
    limit = session.started.minutes if session.started else None
    left = minutes_left(session)
    if limit is None or left is None or left <= 0 or limit < SHORTEST_FOR_A_CALL:
        return None
    if limit > SHORTEST_FOR_LAST_CALL and left <= LAST_CALL:
        return "five" if "five" not in session.called else None
    return "half" if left <= limit / 2 and not session.called else None


def affordable(session: Session) -> int | None:
    """How many more questions the time holds, at the pace that it was planned for; None where there is no limit."""
    left = minutes_left(session)
    if left is None or session.started is None or session.started.minutes is None:
        return None
    each = session.started.minutes / max(1, len(session.started.plan))
    return max(0, int(left / each + 1 - WORTH_BEGINNING))
