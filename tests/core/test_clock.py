"""The clock: told at half and at five minutes, once each; what no longer fits is left out; time away does not count."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.beginning import Wanted
from bot.core import events as e
from bot.core.clock import affordable, due, minutes_left
from bot.core.flow import Flow, Step
from bot.core.folding import fold
from bot.core.session import Session
from bot.interview import Interview
from bot.ports import Doors
from tests.core.staged import STRONG, ClockStore, Sat, banked, sat
from tests.fakes import Ear, MemoryRetriever, NoCodeReader, WordGrader, WordInterviewer, question


def at(limit: int | None, spent: float, called: set[str] | None = None, slots: int = 10) -> Session:
    started = e.Started("f", "practice", 0, tuple(f"q{n}" for n in range(slots)), minutes=limit)
    return Session(started=started, seconds=spent * 60, called=frozenset(called or ()))


@pytest.mark.parametrize(
    ("limit", "spent", "called", "call"),
    [
        (None, 50, set(), None),
        (30, 14.9, set(), None),
        (30, 15, set(), "half"),
        (30, 15, {"half"}, None),
        (30, 24, {"half"}, None),
        (30, 25, {"half"}, "five"),
        (30, 26, set(), "five"),
        (30, 26, {"five"}, None),
        (30, 30, set(), None),
        (30, 31, {"half"}, None),
        (10, 5, set(), "half"),
        (10, 6, {"half"}, None),
        (4, 2, set(), "half"),
        (3, 2, set(), None),
        (1, 0.5, set(), None),
    ],
)
def test_what_is_called_when(limit: int | None, spent: float, called: set[str], call: str | None) -> None:
    assert due(at(limit, spent, called)) == call


@given(st.integers(1, 120), st.floats(0, 130), st.integers(1, 30))
def test_no_more_is_begun_than_the_time_holds(limit: int, spent: float, slots: int) -> None:
    session = at(limit, spent, slots=slots)
    room, left = affordable(session), minutes_left(session)
    assert room is not None and left is not None
    assert room == 0 or (room - 0.5) * limit / slots <= left + 1e-6  # half of its time, at the least
    if spent == 0:
        assert room == slots


def test_without_a_limit_there_is_room_for_all() -> None:
    assert minutes_left(at(None, 99)) is None and affordable(at(None, 99)) is None
    assert minutes_left(Session()) is None and affordable(Session()) is None


def flow(count: int = 6) -> Flow:
    return Flow("timed", "timed", 2 * count, tuple(Step(f"q{n}") for n in range(count)))


async def timed(minutes: int, count: int = 6) -> tuple[Sat, ClockStore]:
    store = ClockStore()
    bank = banked([question(f"q{n}") for n in range(count)], flow(count))
    return await sat(bank, Wanted(flow="timed", minutes=minutes), store=store), store


def calls(store: ClockStore) -> list[e.TimeCalled]:
    return [record.event for record in store.logs["s"] if isinstance(record.event, e.TimeCalled)]


async def test_half_and_five_are_told_once_each() -> None:
    sitting, store = await timed(20, 10)
    said = []
    for _ in range(9):
        store.after(2)
        said += await sitting.say(STRONG)
    assert [call.call for call in calls(store)] == ["half", "five"]
    assert [call.left for call in calls(store)] == [10, 4]
    told = [reply.text for reply in said if reply.kind == "progress"]
    assert told == ["Half of your time is over; you have 10 minutes left.", "You have 4 minutes left."]
    assert len(sitting.asked) == 10


async def test_who_is_late_is_asked_less_and_told_what_is_left_out() -> None:
    sitting, store = await timed(12)
    store.after(6)
    said = await sitting.say(STRONG)
    (half,) = calls(store)
    assert half.call == "half" and len(half.dropped) == len(half.titles) == 2
    told = next(reply.text for reply in said if "leave out" in reply.text)
    assert all(title in told for title in half.titles)
    store.after(5)
    said = await sitting.say(STRONG)
    late = calls(store)[-1]
    assert (late.call, late.left) == ("five", 1) and len(late.dropped) == 1
    assert not set(late.dropped) & set(half.dropped)
    assert "You have 1 minute left." in said[-2].text
    store.after(0.5)
    await sitting.say(STRONG)
    assert sitting.interview.session.ended is not None
    assert len(sitting.asked) == 3


async def test_an_answer_is_never_cut_off() -> None:
    sitting, store = await timed(12)
    store.after(9)
    await sitting.say("thanks:")
    store.after(9)
    said = await sitting.say(STRONG)
    assert sitting.interview.session.askings["q0"].settled is not None
    assert said[-1].kind == "closing"
    ended = sitting.interview.session.ended
    assert ended is not None and ended.reason == "time"


async def test_who_is_late_again_and_again_is_told_each_time_and_what_was_put_off_stays() -> None:
    sitting, store = await timed(12)
    await sitting.say("later:", "later:")
    for minutes in (3, 3, 1.5, 1.5):
        store.after(minutes)
        await sitting.say(STRONG)
    session = sitting.interview.session
    assert all(call.dropped for call in calls(store) if call.call == "late")
    assert not {"q0", "q1"} & {slot for call in calls(store) for slot in call.dropped}
    assert session.standing in ("q0", "q1") or session.ended is not None


async def test_time_that_passes_while_it_is_told_does_no_harm() -> None:
    class Hurrying(ClockStore):
        """A clock that goes on with every record that is written."""

        async def append(self, *given: Any, **more: Any) -> list[e.Record]:
            self.after(0.25)
            return await super().append(*given, **more)

    store = Hurrying()
    bank = banked([question(f"q{n}") for n in range(12)], flow(12))
    sitting = await sat(bank, Wanted(flow="timed", minutes=12), store=store)
    for _ in range(12):
        if sitting.interview.session.ended is None:
            await sitting.say(STRONG)
    assert sitting.interview.session.ended is not None
    assert [call.call for call in calls(store)].count("half") <= 1


async def test_in_a_very_short_sitting_no_time_is_told() -> None:
    sitting, store = await timed(3, 3)
    store.after(1.6)
    await sitting.say(STRONG)
    assert [call.call for call in calls(store)] in ([], ["late"])


async def test_time_away_does_not_count() -> None:
    sitting, store = await timed(20, 10)
    store.after(2)
    await sitting.say(STRONG)
    store.after(8)  # away for less than what counts as a pause
    bank = banked([question(f"q{n}") for n in range(10)], flow(10))
    doors = Doors(store, bank, WordInterviewer(), WordGrader(), MemoryRetriever(), NoCodeReader(), "here")
    again, ear = Interview("s", doors), Ear()
    await again.resume(ear)
    assert again.session.seconds == 120
    assert any(isinstance(record.event, e.CameBack) for record in store.logs["s"])
    store.after(1)
    await again.hear(ear, "back", STRONG)
    await again.close()
    assert again.session.seconds == 180
    assert fold(store.logs["s"]).seconds == 180
    assert calls(store) == []


async def test_a_long_pause_and_a_clock_that_jumps_back_do_not_count() -> None:
    sitting, store = await timed(20, 10)
    store.after(60 * 24)
    await sitting.say(STRONG)
    assert sitting.interview.session.seconds == 0
    store.after(-120)
    await sitting.say(STRONG)
    assert sitting.interview.session.seconds == 0
    store.after(3)
    await sitting.say(STRONG)
    assert sitting.interview.session.seconds == 180
