"""What can happen in an interview: facts, in the past tense. Nothing here decides anything.

A name and its fields are for ever: new fields have defaults, and the golden logs of every release must fold for ever.
They stand in a module each for the sitting, its questions, and the programs that are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events.programs import Inspected, OfProgram, Placed, Questioned, Ran, RunBegan, Submitted
from bot.core.events.questions import (
    Answered,
    Asked,
    Claim,
    Claimed,
    Clarified,
    Disputed,
    Dropped,
    FollowedUp,
    GaveUp,
    Graded,
    Hinted,
    JudgedLate,
    OfQuestion,
    Raised,
    Reconsidered,
    Regraded,
    Reopened,
    Returned,
    Settled,
    Skipped,
    Undone,
)
from bot.core.events.sitting import (
    Brought,
    BudgetReached,
    CameBack,
    Earlier,
    Ended,
    Heard,
    OfSitting,
    Phrased,
    Remarked,
    Replanned,
    Round,
    Said,
    Started,
    TimeCalled,
)
from bot.core.made import Made

__all__ = [
    "Answered", "Asked", "Brought", "BudgetReached", "CameBack", "Claim", "Claimed", "Clarified", "Disputed",
    "Dropped", "Earlier", "Ended", "Event", "FollowedUp", "GaveUp", "Graded", "Heard", "Hinted", "Inspected",
    "JudgedLate", "Made", "Phrased", "Placed", "Questioned", "Raised", "Ran", "Reconsidered", "Record", "Regraded",
    "Remarked", "Reopened", "Replanned", "Returned", "Round", "RunBegan", "Said", "Settled", "Skipped", "Started",
    "Submitted", "TimeCalled", "Undone",
]  # fmt: skip

Event = OfSitting | OfQuestion | OfProgram


@dataclass(frozen=True)
class Record:
    """An event as it stands in the log: the seq-th of its session, at a time (UTC, ISO 8601), with what caused it."""

    seq: int
    at: str
    cause: str
    event: Event
