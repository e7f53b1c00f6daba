"""Earlier sittings: which questions were asked lately and what they came to, and how a series stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.beginning import Before, Wanted, begin
from bot.core.flow import Flow, Stage, Step
from bot.earlier import known_before
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.ports import Doors, Sitting
from tests.core.staged import STRONG, FlowBank, banked
from tests.fakes import Ear, MemoryRetriever, MemoryStore, NoCodeReader, WordGrader, WordInterviewer, question

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass
class Past(MemoryStore):
    """A store that lists the sittings that were held in it, newest first."""

    held: list[Sitting] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def sittings(self, owner: str | None = None, limit: int = 50) -> list[Sitting]:
        mine = [sitting for sitting in self.held if owner in (None, sitting.owner)]
        return sorted(mine, key=lambda sitting: sitting.at, reverse=True)[:limit]


@pytest.fixture
def bank() -> FlowBank:
    return banked(
        [question(name) for name in ("ant", "bee", "cat")],
        Flow("whole", "the whole", 10, tuple(Step(name) for name in ("ant", "bee", "cat"))),
        Flow("first", "the first round", 10, (Step("ant"),)),
        Flow("second", "the second round", 10, stages=(Stage(1),)),
        Flow("series", "two rounds", 20, rounds=("first", "second")),
    )


async def held(store: Past, bank: FlowBank, flow: str, days_ago: float, *lines: str, owner: str = "me") -> None:
    """A sitting that was held so many days ago."""
    name = f"s{len(store.held)}"
    at = NOW - timedelta(days=days_ago)
    before = await known_before(store, owner, at, flow if bank.flow(flow).rounds else None)
    chosen, events = begin(bank, Wanted(flow=flow), before, 0)
    await store.create(name, owner, "terminal")
    doors = Doors(store, bank, WordInterviewer(), WordGrader(), MemoryRetriever(), NoCodeReader(), "here")
    interview = Interview(name, doors, events, chosen)
    await interview.begin(Ear())
    for n, line in enumerate(lines):
        await interview.hear(Ear(), f"m{n}", line)
    await interview.close()
    store.held.append(Sitting(name, owner, "terminal", "ended", chosen.id, "practice", at.isoformat(), at.isoformat()))


async def test_nothing_is_known_of_a_stranger(bank: FlowBank) -> None:
    assert await known_before(Past(), "me", NOW, None) == Before({}, {})


async def test_what_was_asked_lately_is_known_with_what_it_came_to(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "whole", 5, STRONG, "dont_know:", "stop:")
    known = (await known_before(store, "me", NOW, None)).questions
    assert {name: (was.score, was.times) for name, was in known.items()} == {
        "ant": (1.0, 1),
        "bee": (0.0, 1),
        "cat": (None, 1),  # it was asked, and left open
    }
    assert known["ant"].at == store.held[0].at


async def test_the_last_mark_counts_and_the_times_are_counted(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "whole", 20, "dont_know:", STRONG, "skip:")
    await held(store, bank, "whole", 3, STRONG, "skip:", "stop:")
    known = (await known_before(store, "me", NOW, None)).questions
    assert (known["ant"].score, known["ant"].times) == (1.0, 2)
    assert (known["bee"].score, known["bee"].times) == (0.0, 2)
    assert known["ant"].at == store.held[1].at


async def test_after_thirty_days_and_of_others_nothing_is_known(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "whole", 31, STRONG, "stop:")
    await held(store, bank, "whole", 1, STRONG, "stop:", owner="somebody else")
    assert (await known_before(store, "me", NOW, None)).questions == {}


async def test_a_question_that_came_twice_in_one_sitting_is_one_question(bank: FlowBank) -> None:
    store, flow = Past(), Flow("twice", "twice", 10, (Step("ant", each="project"),))
    bank.own["twice"] = flow
    chosen, events = begin(bank, Wanted(flow="twice", projects=("A", "B")), Before(), 0)
    await store.create("s0", "me", "terminal")
    doors = Doors(store, bank, WordInterviewer(), WordGrader(), MemoryRetriever(), NoCodeReader(), "here")
    interview = Interview("s0", doors, events, chosen)
    await interview.begin(Ear())
    for n in range(2):
        await interview.hear(Ear(), f"m{n}", STRONG)
    await interview.close()
    at = NOW.isoformat()
    store.held.append(Sitting("s0", "me", "terminal", "ended", "twice", "practice", at, at))
    known = (await known_before(store, "me", NOW, None)).questions
    assert list(known) == ["ant"] and known["ant"].score == 1.0


async def test_a_series_goes_on_where_it_was_left(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "series", 10, STRONG)
    (done,) = (await known_before(store, "me", NOW, "series")).rounds["series"]
    assert (done.flow, done.title, done.session, done.score, done.graded) == ("first", "the first round", "s0", 1.0, 1)
    await held(store, bank, "series", 4, "dont_know:")
    rounds = (await known_before(store, "me", NOW, "series")).rounds["series"]
    assert [(round.flow, round.score) for round in rounds] == [("first", 1.0), ("second", 0.0)]


async def test_a_series_begins_anew_after_its_last_round(bank: FlowBank) -> None:
    store = Past()
    for days_ago in (10, 6, 2):
        await held(store, bank, "series", days_ago, STRONG)
    rounds = (await known_before(store, "me", NOW, "series")).rounds["series"]
    assert [(round.flow, round.session) for round in rounds] == [("first", "s2")]


async def test_a_series_that_was_left_for_long_begins_anew(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "series", 91, STRONG)
    assert (await known_before(store, "me", NOW, "series")).rounds["series"] == ()


async def test_a_series_that_goes_on_slowly_is_not_left(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "series", 120, STRONG)
    await held(store, bank, "series", 80, STRONG)
    before = await known_before(store, "me", NOW, "series")
    assert [(round.flow, round.session) for round in before.rounds["series"]] == [("first", "s0"), ("second", "s1")]
    assert before.questions == {}  # asked too long ago to be avoided


async def test_a_round_that_is_not_finished_is_to_be_gone_on_with(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "series", 10)
    with pytest.raises(WrongUsage, match=r"Round 1 of series \(the first round\) is not finished.*--resume s0"):
        await known_before(store, "me", NOW, "series")
    assert "ant" in (await known_before(store, "me", NOW, None)).questions


async def test_other_flows_leave_a_series_alone(bank: FlowBank) -> None:
    store = Past()
    await held(store, bank, "series", 10, STRONG)
    await held(store, bank, "first", 5, STRONG)
    rounds = (await known_before(store, "me", NOW, "series")).rounds["series"]
    assert [round.session for round in rounds] == ["s0"]
