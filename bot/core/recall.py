"""What the candidate claimed and what of it is worth coming back to. It finds no claims (the interviewer does)."""

from __future__ import annotations

from bot.core.events import Claim
from bot.core.plan import base
from bot.core.question import Question
from bot.core.session import Held, Session


def contradiction(session: Session) -> tuple[Held, Held] | None:
    """Two claims that do not go together and were not put to the candidate yet: the newest pair, earlier one first.

    What is corrected by the candidate is no contradiction: `folding` has left it out. What was asked about once is
    explained, whatever is said of it later.
    """
    explained = {_matter(claim) for pair in session.put if len(pair) > 1 for claim in pair}
    for later in reversed(session.claims):
        for earlier in session.claims:
            if earlier.heard >= later.heard:
                break
            if _apart(earlier, later) and _matter(later.claim) not in explained:
                return earlier, later
    return None


def recalled(session: Session, question: Question, slot: str = "") -> Held | None:
    """What the candidate claimed earlier, to another question, about what this one asks; once only.

    A question about one of several projects (`slot` says which) comes back to nothing that was said of another.
    """
    put = {claim for pair in session.put for claim in pair}
    fitting = [
        said
        for said in session.claims
        if said.claim.subject in question.recalls and base(said.question) != question.id and said.claim not in put
    ]
    here = [said for said in fitting if _project(slot) in ("", _project(said.question))]
    return here[-1] if here else None


def _matter(claim: Claim) -> tuple[str, str]:
    """What a claim is about: its subject, and the network or project that it names."""
    return claim.subject, claim.about


def _apart(earlier: Held, later: Held) -> bool:
    """Whether two claims cannot both hold: of one matter, said of one project, with different values."""
    same = _matter(earlier.claim) == _matter(later.claim) and _project(earlier.question) == _project(later.question)
    return same and earlier.claim.value != later.claim.value


def _project(slot: str) -> str:
    """The project or program that is talked about in a slot: what stands after its @."""
    return slot.partition("@")[2]
