"""What can happen in an interview: facts, in the past tense. Nothing here decides anything.

A name and its fields are for ever: new fields have defaults, and the golden logs of every release must fold for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.flow import Setting
from bot.core.marking import Belief, Mark
from bot.core.program_events import Inspected as Inspected
from bot.core.program_events import Placed as Placed
from bot.core.program_events import Questioned as Questioned
from bot.core.program_events import Ran as Ran
from bot.core.program_events import RunBegan as RunBegan
from bot.core.program_events import Submitted as Submitted


@dataclass(frozen=True)
class Earlier:
    """A question that the same person was asked before: how often, when last (UTC, ISO 8601), and what it came to."""

    question: str
    at: str
    score: float | None = None
    times: int = 1


@dataclass(frozen=True)
class Round:
    """A round of a series that is over: the flow it was, when it ended, and what it came to."""

    flow: str
    title: str
    at: str
    session: str
    score: float | None = None
    graded: int = 0


@dataclass(frozen=True)
class Claim:
    """What a candidate said of their own work, or holds to be so. `words` is an exact quotation.

    Two claims on the same `subject` with different values do not go together, unless the later one `corrects` it.
    `about` names the network or project that the words name, if any: what is said of another one is no contradiction.
    """

    subject: str
    value: str
    words: str
    corrects: bool = False
    about: str = ""


@dataclass(frozen=True)
class Started:
    """A sitting was begun. `plan` holds the question ids in the order in which they are to be asked.

    `stages` says how many questions each stage of the flow asks, `notes` what the candidate is told of how they were
    chosen, `earlier` which of them were asked before. `series` is the flow whose `round`-th of `rounds` this is, after
    those in `before`. `level` and `track` (topics) are what was asked for, `material` names the file that the candidate
    was given, `lately` holds all questions that the same person was asked in the last weeks, and `documents` names the
    notes of their own that the questions are drawn from.
    """

    flow: str
    mode: Literal["practice", "simulation"]
    seed: int
    plan: tuple[str, ...]
    title: str = ""
    about_minutes: int = 0
    code_at: int | None = None
    minutes: int | None = None
    stages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    setting: Setting = "chat"
    series: str = ""
    round: int = 0
    rounds: tuple[str, ...] = ()
    before: tuple[Round, ...] = ()
    level: str = ""
    track: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    material: str = ""
    lately: tuple[str, ...] = ()
    documents: str = ""


@dataclass(frozen=True)
class Brought:
    """A program of the candidate's own was read, and never run; `problem` says why there are no facts."""

    name: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class Replanned:
    """The order of what is still to be asked was changed: harder, easier, or on to what the last question leads to."""

    agenda: tuple[str, ...]
    why: Literal["harder", "easier", "leads"]


@dataclass(frozen=True)
class TimeCalled:
    """The candidate was told how the time stands (`left` minutes); `dropped` questions are left out to keep to it."""

    call: Literal["half", "five", "late"]
    left: int
    dropped: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class CameBack:
    """The candidate came back to the sitting: the time since the last event was spent away."""


@dataclass(frozen=True)
class Claimed:
    """In what was heard the candidate made claims that may be come back to."""

    question: str
    heard: int
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Heard:
    """The candidate's own words, as they came, before anything was made of them."""

    text: str
    code: str | None = None


@dataclass(frozen=True)
class Remarked:
    """What was heard changed nothing in the interview: small talk, a question about the rules, a plea, a command.

    `act` is one of the names in `bot.core.dialogue.Act`; `detail` what it was about.
    """

    act: str
    heard: int
    detail: str = ""


@dataclass(frozen=True)
class Asked:
    """A question was put. `rubric` is the hash under which the store keeps the question as it was asked.

    A program that answers it is run as a submission to the `task`; `experiments` may be predicted, and this question is
    the prediction of one where `experiment` is true. `about` names the question whose program it asks about.
    """

    question: str
    rubric: str
    wording: str
    number: int
    transition: str = ""
    code: bool = False
    recalls: Claim | None = None
    task: str = ""
    experiments: tuple[str, ...] = ()
    experiment: bool = False
    about: str = ""


@dataclass(frozen=True)
class Returned:
    """A question that had been asked before was put on the table again."""

    question: str
    heard: int | None = None


@dataclass(frozen=True)
class Answered:
    """What was heard is an answer, or a part of one. `text` is what of it is to be judged.

    `reply` answers the follow-up about the point `about`; `late` was added after the reference was shown, `recall`
    explains an earlier claim: both are kept but not judged.
    """

    question: str
    heard: int
    text: str
    role: Literal["answer", "reply", "amendment", "late", "recall"] = "answer"
    about: str | None = None


@dataclass(frozen=True)
class Graded:
    """One part of an answer was judged, or could not be (`why_not`). `part` is the seq of its Answered or Submitted."""

    question: str
    part: int
    by: str
    marks: tuple[Mark, ...] = ()
    misconceptions: tuple[Belief, ...] = ()
    beyond: tuple[str, ...] = ()
    why_not: str | None = None
    retry: bool = False
    note: str = ""


@dataclass(frozen=True)
class FollowedUp:
    """A follow-up was decided on, about one key point. `again` asks for what could not be judged, and has no point.

    `recall` asks how two `claims` go together, or what became of one, and is about no point either.
    """

    question: str
    point: str
    when: Literal["missed", "wrong", "interesting", "again", "recall"]
    wording: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Hinted:
    """A rung of hints was given: 1 nudge, 2 direction, 3 half the answer."""

    question: str
    rung: int
    heard: int


@dataclass(frozen=True)
class Clarified:
    """A word was explained from the index; `text` is empty where the index has nothing on it, or where the word is just
    what the question asks about (`subject`)."""

    heard: int
    term: str
    text: str = ""
    sources: tuple[str, ...] = ()
    subject: bool = False


@dataclass(frozen=True)
class GaveUp:
    """The candidate said "I don't know" (or nothing more than that) to a question or a follow-up."""

    question: str
    heard: int


@dataclass(frozen=True)
class Skipped:
    """A question was left; with `later` the candidate wants to come back to it."""

    question: str
    heard: int
    later: bool = False


@dataclass(frozen=True)
class Reopened:
    """The candidate wants to add to or correct the answer to a question: what is said next belongs to it."""

    question: str
    heard: int


@dataclass(frozen=True)
class Undone:
    """The last answer or skip was taken back. `what` is its seq."""

    question: str
    what: int
    heard: int
    kind: Literal["answer", "skip"] = "answer"


@dataclass(frozen=True)
class Settled:
    """No more is asked about a question for now. The reference is kept as the index had it at that moment."""

    question: str
    reference: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A question of the plan can no longer be asked: the bank does not hold it any more."""

    question: str


@dataclass(frozen=True)
class Disputed:
    """The candidate objects to the marks of a question; the sentence is kept beside them."""

    question: str
    heard: int
    text: str


@dataclass(frozen=True)
class Ended:
    """The interview is over: every question was dealt with, or the candidate stopped it."""

    reason: Literal["finished", "stopped", "time"]
    reading: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Said:
    """What the event numbered `seq` gave the interviewer to say was delivered."""

    seq: int


Event = (
    Started
    | Brought
    | Replanned
    | TimeCalled
    | CameBack
    | Claimed
    | Heard
    | Remarked
    | Asked
    | Returned
    | Answered
    | Submitted
    | Inspected
    | RunBegan
    | Ran
    | Questioned
    | Graded
    | FollowedUp
    | Hinted
    | Clarified
    | GaveUp
    | Skipped
    | Reopened
    | Undone
    | Settled
    | Dropped
    | Disputed
    | Ended
    | Said
)


@dataclass(frozen=True)
class Record:
    """An event as it stands in the log: the seq-th of its session, at a time (UTC, ISO 8601), with what caused it."""

    seq: int
    at: str
    cause: str
    event: Event
