"""Interviews that can be sat, as data: their stages, their setting, their rounds. It chooses no question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: How the interviewer and the candidate meet: in a chat, by telephone (words only), or at a whiteboard.
Setting = Literal["chat", "phone", "whiteboard"]


@dataclass(frozen=True)
class Step:
    """One step of a fixed flow: the question, what leads over to it, and which one is asked instead.

    `instead` maps a fact of the candidate's program to another question: {"optimizer": {"SGD": "sgd-optimiser"}}. A
    step that is asked `each` "project" comes once for every project, one for each "program" wherever one shows it.
    """

    question: str
    transition: str = ""
    instead: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    each: Literal["", "project", "program"] = ""


@dataclass(frozen=True)
class Stage:
    """A stretch of an interview that draws `count` questions from the bank: those of these levels, topics and kinds.

    With `questions` it draws from these alone. `transition` leads over to its first question.
    """

    count: int
    levels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    transition: str = ""


@dataclass(frozen=True)
class Flow:
    """An interview that can be sat: fixed `steps`, or `stages` that draw from the bank, or `rounds` of other flows.

    `minutes` is about how long it takes. `briefing` is said at the opening, and `material` names what the candidate is
    given to work on.
    """

    id: str
    title: str
    minutes: int
    steps: tuple[Step, ...] = ()
    sources: tuple[str, ...] = ()
    describes: str = ""
    stages: tuple[Stage, ...] = ()
    rounds: tuple[str, ...] = ()
    setting: Setting = "chat"
    briefing: str = ""
    material: Literal["", "search-log"] = ""

    @property
    def fixed(self) -> bool:
        """True when it asks the same questions whoever sits it."""
        return bool(self.steps)

    @property
    def questions(self) -> int:
        """How many questions it has."""
        return len(self.steps) or sum(stage.count for stage in self.stages)
