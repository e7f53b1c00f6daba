"""What can happen to a sitting as a whole: it begins, is told something, is told the time, ends. Part of `events`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.flow import Setting
from bot.core.made import Made


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
class Started:
    """A sitting was begun. `plan` holds the question ids in the order in which they are to be asked.

    `stages` says how many questions each stage of the flow asks, `notes` what the candidate is told of how they were
    chosen, `earlier` which of them were asked before. `series` is the flow whose `round`-th of `rounds` this is, after
    those in `before`. `level` and `track` (topics) are what was asked for, `material` names the file that the candidate
    was given, `lately` holds all questions that the same person was asked in the last weeks, and `documents` names the
    notes of their own that the questions are drawn from. `told` is what they were told before they said a word, of a
    language model that judges them, say.
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
    told: str = ""


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
    """The candidate came back to the sitting: the time since the last event was spent away.

    `told` is what they were told anew, as it has come up since they began; `aloud` says that this is to be said once it
    is written down: in older logs it was said before.
    """

    told: str = ""
    aloud: bool = False


@dataclass(frozen=True)
class Heard:
    """The candidate's own words, as they came, before anything was made of them.

    `to` is the question that they were said to, where the surface knows: it need not be on the table any more.
    `probes` is how many follow-ups to it had been put by then. `instead` is the seq of words that these take the place
    of: they were changed before anything was made of them.
    """

    text: str
    code: str | None = None
    to: str = ""
    probes: int | None = None
    instead: int = 0


@dataclass(frozen=True)
class Remarked:
    """What was heard changed nothing in the interview: small talk, a question about the rules, a plea, a command.

    `act` is one of the names in `bot.core.dialogue.Act`; `detail` what it was about.
    """

    act: str
    heard: int
    detail: str = ""


@dataclass(frozen=True)
class Ended:
    """The interview is over: every question was dealt with, or the candidate stopped it."""

    reason: Literal["finished", "stopped", "time"]
    reading: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Said:
    """What the event numbered `seq` gave the interviewer to say was delivered."""

    seq: int


@dataclass(frozen=True)
class Phrased:
    """A voice put in words what the event numbered `seq` gives to say, so that it is worded once.

    `lead` comes before what is put, and `wording` takes the place of the question, follow-up or hint; where they are
    empty the interviewer's own words stand. `why_not` says what kept the voice from it, `made` what it took.
    """

    seq: int
    lead: str = ""
    wording: str = ""
    made: Made | None = None
    why_not: str = ""


@dataclass(frozen=True)
class BudgetReached:
    """A budget for language models was used to four fifths (`warn`) or up (`stop`), to `share` per cent.

    `aloud` says that the candidate is to be told once it is written down: in older logs they were told before.
    """

    budget: Literal["sitting", "person", "server", "day"]
    level: Literal["warn", "stop"]
    share: int = 0
    aloud: bool = False


OfSitting = (
    Started | Brought | Replanned | TimeCalled | CameBack | Heard | Remarked | Ended | Said | Phrased | BudgetReached
)
