"""What tests of planned sittings share: a bank with flows of its own, a store with a clock, a sitting over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.beginning import Before, Wanted, begin
from bot.core.events import Event, Record
from bot.core.flow import Flow, Stage
from bot.core.question import Question
from bot.core.reply import Reply
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.ports import Doors
from tests.fakes import (
    Ear,
    MemoryBank,
    MemoryRetriever,
    MemoryStore,
    NoCodeReader,
    WordGrader,
    WordInterviewer,
    question,
)

LEVELS = ("beginner", "intermediate", "advanced")
STRONG, WEAK = "alpha beta", "dont_know:"


@dataclass
class FlowBank(MemoryBank):
    """Questions, and flows by name."""

    own: dict[str, Flow] = field(default_factory=dict)

    def flow(self, name: str) -> Flow:
        if name not in self.own:
            raise WrongUsage(f"There is no flow {name}.")
        return self.own[name]

    def flows(self) -> Sequence[Flow]:
        return list(self.own.values())


class ClockStore(MemoryStore):
    """A store whose clock stands until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def after(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    async def append(
        self,
        session: str,
        after: int,
        events: Sequence[tuple[str, Event]],
        rubrics: Mapping[str, Question] | None = None,
    ) -> list[Record]:
        records = await super().append(session, after, events, rubrics)
        timed = [replace(record, at=self.now.isoformat()) for record in records]
        self.logs[session][len(self.logs[session]) - len(timed) :] = timed
        return timed


def ladder(topics: Sequence[str] = ("data", "cnn"), each: int = 4) -> list[Question]:
    """So many questions of each level and topic, by names such as data-beginner-0."""
    return [
        question(f"{topic}-{level}-{n}", level=level, topics=(topic,))
        for level in LEVELS
        for topic in topics
        for n in range(each)
    ]


def levels(count: int = 2, flow: str = "levels", **more: Any) -> Flow:
    """A flow with a stage for each level."""
    stages = tuple(Stage(count, (level,), transition=f"Now {level}.") for level in LEVELS)
    return replace(Flow(flow, "levels", 30, stages=stages), **more)


def banked(questions: Sequence[Question], *flows: Flow) -> FlowBank:
    return FlowBank({q.id: q for q in questions}, own={flow.id: flow for flow in flows})


@dataclass
class Sat:
    """A sitting, its mouth and its store; `say` gives what is said to a line."""

    interview: Interview
    ear: Ear
    store: MemoryStore
    opening: list[Reply]
    lines: int = 0

    async def say(self, *lines: str, code: str | None = None) -> list[Reply]:
        """What is said to the last of these lines."""
        for line in lines:
            self.ear.take()
            await self.interview.hear(self.ear, f"m{self.lines}", line, code)
            self.lines += 1
        return self.ear.take()

    @property
    def standing(self) -> str:
        return self.interview.session.standing or ""

    @property
    def asked(self) -> list[str]:
        return [asking.question for asking in self.interview.session.in_order]


async def sat(
    bank: FlowBank,
    wanted: Wanted,
    before: Before | None = None,
    *,
    store: MemoryStore | None = None,
    seed: int = 0,
    interviewer: WordInterviewer | None = None,
) -> Sat:
    """A sitting of a flow that was begun; it closes with the test."""
    store = store or MemoryStore()
    store.logs.setdefault("s", [])
    doors = Doors(
        store, bank, interviewer or WordInterviewer(), WordGrader(), MemoryRetriever(), NoCodeReader(), "here"
    )
    flow, events = begin(bank, wanted, before or Before(), seed)
    interview, ear = Interview("s", doors, events, flow), Ear()
    await interview.begin(ear)
    opening = ear.take()
    await interview.close()
    return Sat(interview, ear, store, opening)
