"""What can happen around a program: it is handed in, read, run, and asked about. Part of `events`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.training import Finding, Outcome


@dataclass(frozen=True)
class Submitted:
    """A program was handed in."""

    question: str
    heard: int
    code: str


@dataclass(frozen=True)
class Inspected:
    """Facts were read off a program without running it; `problem` says why there are none."""

    question: str
    submission: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class RunBegan:
    """A run was begun: of a program, or of the experiment whose outcome was predicted.

    `part` is the seq of its Submitted or Answered, `seconds` the most that it may take.
    """

    question: str
    part: int
    seconds: float = 0.0


@dataclass(frozen=True)
class Ran:
    """A run is over, however it ended. `findings` are what the program was found to be.

    Of an experiment, `outcome` is that of the changed program and `beside` that of the one it is compared with;
    `recorded` names the machine where they were run, if it was not here. `otherwise` says that the run did not come
    out as the key points take for granted, `aim` which accuracy (0..1) a good program reaches.
    """

    question: str
    part: int
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    beside: Outcome | None = None
    recorded: str = ""
    otherwise: bool = False
    aim: float | None = None


@dataclass(frozen=True)
class Placed:
    """What is filled into the wording of a question about a program, by name ({"line": "14"})."""

    slot: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Questioned:
    """The candidate is to be asked about the program that answers `question`: the agenda as it is from now on.

    `points` are the key points of that question at which the new ones point. `why` says what they come from: bugs that
    can still be mended, the run of a program that is done with, or a wish (`/predict`).
    """

    question: str
    agenda: tuple[str, ...]
    asked: tuple[Placed, ...] = ()
    points: tuple[str, ...] = ()
    why: str = ""


OfProgram = Submitted | Inspected | RunBegan | Ran | Questioned
