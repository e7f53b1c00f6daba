"""What the candidate claimed and what of it is worth coming back to. It finds no claims (the interviewer does)."""

from __future__ import annotations

from bot.core.question import Question
from bot.core.session import Held, Session


def contradiction(session: Session) -> tuple[Held, Held] | None:
    """Two claims that do not go together and were not put to the candidate yet: the newest pair, earlier one first.

    What is corrected by the candidate is no contradiction: `folding` has left it out.
    """
    for later in reversed(session.claims):
        for earlier in session.claims:
            if earlier.heard >= later.heard:
                break
            differ = earlier.claim.subject == later.claim.subject and earlier.claim.value != later.claim.value
            if differ and frozenset((earlier.claim, later.claim)) not in session.put:
                return earlier, later
    return None


def recalled(session: Session, question: Question) -> Held | None:
    """What the candidate claimed earlier, to another question, about what this one asks; once only."""
    put = {claim for pair in session.put for claim in pair}
    fitting = [
        said
        for said in session.claims
        if said.claim.subject in question.recalls and said.question != question.id and said.claim not in put
    ]
    return fitting[-1] if fitting else None
