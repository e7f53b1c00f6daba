"""The state of an interview, as `folding` reads it off the log. It decides nothing and keeps what decisions need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.costing import Spent
from bot.core.objecting import MOST_TRIES, Objection


@dataclass(frozen=True)
class Undoable:
    """The last answer or skip, and how its question stood before it."""

    seq: int
    heard: int
    kind: Literal["answer", "skip"]
    before: Asking
    standing: str | None


@dataclass(frozen=True)
class Held:
    """A claim of the candidate's, and the question to which it was made, with the seq of the words."""

    question: str
    heard: int
    claim: e.Claim


@dataclass(frozen=True)
class Session:
    """Where an interview stands. `agenda` holds what is still to be dealt with, `standing` what is on the table.

    `amending` is an earlier question that the next words belong to, `begun` an answer that is not finished yet,
    `returning` a question whose answer was taken back, `dropped` counts what is left out. `claims` holds what the
    candidate claimed and `put` what of it was come back to; `steered_at` is how many questions had been asked when
    they were last made harder or easier, `led_at` when one last led to another, `called` how often the time was told.
    `placed` holds what is filled into questions about a program, by slot, and `about` whose program they are about.
    `told` is what they know of who judges them, `phrased` what a voice made of events that were not said yet, by seq.
    `spent` is what language models took, `warned` which budgets for that were told of: `sitting:warn`, say.
    """

    started: e.Started | None = None
    seq: int = 0
    agenda: tuple[str, ...] = ()
    standing: str | None = None
    askings: Mapping[str, Asking] = field(default_factory=dict)
    unread: tuple[tuple[int, e.Heard], ...] = ()
    unsaid: tuple[tuple[int, e.Event], ...] = ()
    clarifying: tuple[e.Remarked, ...] = ()
    stopping: bool = False
    amending: str | None = None
    begun: tuple[str, ...] = ()
    turned: int = 0
    undoable: Undoable | None = None
    returning: str | None = None
    dropped: int = 0
    claims: tuple[Held, ...] = ()
    put: frozenset[frozenset[e.Claim]] = frozenset()
    told: str = ""
    phrased: Mapping[int, e.Phrased] = field(default_factory=dict)
    spent: Spent = field(default_factory=Spent)
    warned: frozenset[str] = frozenset()
    programs: tuple[e.Brought, ...] = ()
    steered_at: int = 0
    led_at: int = 0
    called: frozenset[str] = frozenset()
    placed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    ended: e.Ended | None = None
    last_at: str = ""
    seconds: float = 0.0

    @property
    def current(self) -> Asking | None:
        """The question on the table."""
        return self.askings.get(self.standing) if self.standing else None

    @property
    def addressed(self) -> Asking | None:
        """The question that the next words belong to: one that was reopened, or the one on the table."""
        return self.askings.get(self.amending) if self.amending else self.current

    @property
    def in_order(self) -> tuple[Asking, ...]:
        return tuple(sorted(self.askings.values(), key=lambda a: a.seq))

    @property
    def waiting(self) -> tuple[tuple[Asking, Contribution], ...]:
        """What an outage kept from being judged, all over the interview."""
        every = ((asking, part) for asking in self.in_order for part in asking.judged)
        return tuple((a, c) for a, c in every if c.part.verdict is not None and c.part.verdict.retry)

    def hopeful(self, by: str) -> tuple[tuple[Asking, Contribution], ...]:
        """Of what waits to be judged, what this grader has not failed at too often."""
        return tuple((asking, part) for asking, part in self.waiting if not part.hopeless(by))

    @property
    def put_off(self) -> tuple[tuple[Asking, Objection], ...]:
        """Objections that an outage kept from being judged, but for those that were tried in vain too often."""
        every = ((asking, objection) for asking in self.in_order for objection in asking.objections)
        return tuple((a, o) for a, o in every if o.waits and o.tries < MOST_TRIES)

    @property
    def asked(self) -> int:
        """How many questions of the plan were put: those about one's program come on top, and have no number."""
        return sum(not asking.about for asking in self.askings.values())

    @property
    def practice(self) -> bool:
        return self.started is not None and self.started.mode == "practice"

    @property
    def out_of_time(self) -> bool:
        limit = self.started.minutes if self.started else None
        return limit is not None and self.seconds >= limit * 60

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is known of the candidate's latest readable program; empty when there is none."""
        known = [c.facts for a in self.in_order for c in a.contributions if c.facts and not a.about]
        return known[-1] if known else {}


def with_asking(session: Session, question: str, **changes: Any) -> Session:
    """The session with one of its questions changed."""
    asking = replace(session.askings[question], **changes)
    return replace(session, askings={**session.askings, question: asking})


def with_contribution(session: Session, question: str, seq: int, **changes: Any) -> Session:
    """The session with one contribution changed; without effect where it was taken back."""
    asking = session.askings[question]
    changed = tuple(replace(c, **changes) if c.seq == seq else c for c in asking.contributions)
    return with_asking(session, question, contributions=changed)
