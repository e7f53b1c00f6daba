"""Several messages are one answer: how long more is waited for, by a clock that the tests set."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.errors import StoreError, WrongUsage
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.gathering import TALKING, Gathering, Waits
from bot.surfaces.discord.turns import Given

DIRECT = Place("s1", "discord:1", "10")
THREAD = Place("s1", "discord:1", "10", server="5", parent="6")
WAITS = Waits(direct=2.0, threads=8.0, typing=10.0, longest=30.0)


class Interview:
    """As much of an interview as keeps words and works on them, as long as it is let; one turn may break."""

    def __init__(self) -> None:
        self.session = SimpleNamespace(ended=None, askings={})
        self.kept: list[str] = []
        self.judged: list[list[str]] = []
        self.breaks: Exception | None = None
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def keep(self, cause: str, text: str, *_: object) -> bool:
        self.kept.append(text)
        return True

    async def change(self, cause: str, change: str, text: str) -> bool:
        if cause.partition(":")[2] not in self.kept:
            return False
        self.kept[self.kept.index(cause.partition(":")[2])] = text
        return True

    def asks(self, text: str) -> bool:
        return text.endswith("?")

    async def go_on(self, mouth: object) -> None:
        new, self.kept = self.kept, []
        if self.breaks is not None:
            raise self.breaks
        self.judged.append(new)
        await self.goes_on.wait()


class Turns:
    ending = False

    def __init__(self) -> None:
        self.interview = Interview()
        self.another = Interview()
        self.posts = self.desk = self.groups = self
        self.forgotten = False
        self.said: list[str] = []

    @contextlib.asynccontextmanager
    async def at(self, place):
        yield self.another if place.session == "s2" else self.interview

    @contextlib.asynccontextmanager
    async def speaking(self, interview, place):
        yield None

    def apart(self, interview):
        return asyncio.Lock()

    async def heard(self, interview, place, given):
        self.said.append(f"It is over: {given.text}")
        return True

    async def placed(self, session):
        return None if self.forgotten else DIRECT

    async def send(self, place, page):
        self.said += page.blocks


class Seat:
    """A person and the gathering of what they say; time goes on when `after` says so, and by nothing else."""

    def __init__(self, place: Place = DIRECT) -> None:
        self.turns = Turns()
        self.place = place
        self.now = 100.0
        self.passed = asyncio.Event()
        self.gathering = Gathering(self.turns, WAITS, lambda: self.now, self._wait)  # type: ignore[arg-type]

    async def _wait(self, changed: asyncio.Event, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end and not changed.is_set():
            passed = asyncio.ensure_future(self.passed.wait())
            told = asyncio.ensure_future(changed.wait())
            await asyncio.wait({passed, told}, return_when=asyncio.FIRST_COMPLETED)
            passed.cancel()
            told.cancel()

    async def says(self, *texts: str, whole: bool = False) -> None:
        for text in texts:
            async with self.gathering.coming(self.place.channel, 1):
                await self.gathering.take(self.place, given(text), 1, whole)
        await self.after(0.0)

    async def after(self, seconds: float) -> list[list[str]]:
        """Lets time pass; what was judged by then, turn by turn."""
        await _all_go_on()
        self.now += seconds
        self.passed.set()
        self.passed.clear()
        await _all_go_on()
        return self.turns.interview.judged


async def _all_go_on() -> None:
    """Lets whatever can go on do so, as far as it can."""
    for _ in range(50):
        await asyncio.sleep(0)


def given(text: str) -> Given:
    return Given(f"discord:{text}", text, to="q")


async def test_what_is_said_in_several_messages_is_one_turn():
    seat = Seat()
    await seat.says("one")
    assert await seat.after(1.9) == []
    await seat.says("two")
    assert await seat.after(1.9) == []
    assert await seat.after(0.1) == [["one", "two"]]


async def test_while_somebody_types_more_is_waited_for_and_who_stops_is_not_waited_for_longer():
    seat = Seat()
    await seat.says("one")
    await seat.after(1.5)
    seat.gathering.typing("10", 1)
    await seat.after(8.0)
    seat.gathering.typing("10", 1)  # as clients say it again
    assert await seat.after(9.9) == []
    await seat.says("two")
    assert await seat.after(2.0) == [["one", "two"]]
    await seat.says("three")
    seat.gathering.typing("10", 1)
    await seat.after(9.9)
    assert await seat.after(0.1) == [["one", "two"], ["three"]], "they left it at that"


async def test_what_others_type_and_what_is_typed_elsewhere_puts_nothing_off():
    seat = Seat()
    await seat.says("one")
    seat.gathering.typing("10", 2)
    seat.gathering.typing("11", 1)
    assert await seat.after(2.0) == [["one"]]


async def test_nobody_is_waited_for_without_an_end():
    seat = Seat()
    await seat.says("one")
    for _ in range(29):
        seat.gathering.typing("10", 1)
        assert await seat.after(1.0) == []
    assert await seat.after(1.0) == [["one"]]


async def test_in_a_thread_where_all_is_heard_people_are_given_longer():
    seat = Seat(THREAD)
    await seat.says("one")
    assert await seat.after(7.9) == [] and await seat.after(0.1) == [["one"]]
    assert Waits().after(THREAD) == Waits().after(DIRECT) < TALKING == Waits(threads=TALKING).after(THREAD)


async def test_who_asks_for_something_is_answered_at_once_and_what_they_said_before_counts_first():
    seat = Seat()
    await seat.says("one", "can you repeat that?")
    assert await seat.after(0.0) == [["one", "can you repeat that?"]]
    await seat.says("a program", whole=True)
    assert (await seat.after(0.0))[1:] == [["a program"]]


async def test_a_message_that_has_come_and_is_not_written_down_yet_holds_up_the_turn_and_keeps_its_place():
    seat = Seat()
    await seat.says("one")
    fetched = asyncio.Event()

    async def takes(text: str, file: asyncio.Event | None = None) -> None:
        async with seat.gathering.coming("10", 1):
            if file is not None:
                await file.wait()
            await seat.gathering.take(DIRECT, given(text), 1)

    tasks = [asyncio.create_task(takes("two, with a file", fetched)), asyncio.create_task(takes("three"))]
    assert await seat.after(20.0) == [], "its file is still being fetched"
    fetched.set()
    await asyncio.gather(*tasks)
    assert await seat.after(2.0) == [["one", "two, with a file", "three"]]


async def test_what_is_changed_before_its_turn_is_judged_as_it_stands_then():
    seat = Seat()
    await seat.says("one")
    await seat.after(1.9)
    assert await seat.gathering.change(DIRECT, Given("discord:one", "the first"), 1, "discord:one:1")
    assert await seat.after(1.9) == [] and await seat.after(0.1) == [["the first"]]
    assert not await seat.gathering.change(DIRECT, Given("discord:one", "again"), 1, "discord:one:2")


async def test_what_comes_while_the_turn_is_worked_on_is_judged_by_a_turn_of_its_own(caplog):
    seat = Seat()
    seat.turns.interview.goes_on.clear()
    await seat.says("one")
    await seat.after(2.0)
    await seat.says("two")
    seat.turns.interview.goes_on.set()
    assert await seat.after(0.0) == [["one"]]
    assert await seat.after(2.0) == [["one"], ["two"]] and not caplog.records


@pytest.mark.parametrize(("error", "said"), [(KeyError("a word"), []), (StoreError("gone"), [words.RECORDS])])
async def test_a_turn_that_breaks_is_logged_and_the_next_answer_is_waited_for_as_ever(caplog, error, said):
    seat = Seat()
    seat.turns.interview.breaks = error
    await seat.says("one")
    await seat.after(2.0)
    seat.turns.interview.breaks = None
    await seat.says("two")
    assert await seat.after(2.0) == [["two"]]
    broken = [record for record in caplog.records if "a turn broke off" in record.getMessage()]
    assert [vars(record)["session"] for record in broken] == ["s1"] and seat.turns.said == said


async def test_what_is_said_to_the_next_sitting_in_a_channel_is_a_turn_of_its_own_and_ends_the_wait_of_the_one_before():
    seat = Seat()
    await seat.says("one")
    seat.place = replace(DIRECT, session="s2")
    assert not seat.gathering.waits_at(seat.place), "nothing was said to that one yet"
    await seat.says("two")
    assert await seat.after(0.0) == [["one"]] and seat.turns.another.judged == []
    await seat.after(2.0)
    assert seat.turns.another.judged == [["two"]] and seat.turns.interview.judged == [["one"]]


async def test_who_moves_while_more_is_waited_for_is_waited_for_where_they_went():
    seat = Seat(THREAD)
    await seat.says("one")
    seat.place = replace(DIRECT, channel="11")
    await seat.says("two")
    seat.gathering.typing("11", 1)
    assert await seat.after(9.9) == [] and await seat.after(0.1) == [["one", "two"]]


@pytest.mark.parametrize("forgotten", [False, True])
async def test_who_had_everything_deleted_before_their_turn_is_told_nothing_more(caplog, forgotten):
    seat = Seat()
    seat.turns.interview.breaks = WrongUsage("There is no session s1.")
    await seat.says("one")
    seat.turns.forgotten = forgotten
    await seat.after(2.0)
    assert seat.turns.said == ([] if forgotten else ["There is no session s1."])
    assert bool(caplog.records) != forgotten


async def test_while_the_bot_is_being_ended_words_are_kept_and_no_turn_is_begun():
    seat = Seat()
    await seat.says("one")
    seat.gathering.leave()
    assert await seat.after(90.0) == [] and not seat.gathering.waits_at(DIRECT)
    await seat.says("two")
    assert await seat.after(90.0) == [] and seat.turns.interview.kept == ["one", "two"]


async def test_what_is_said_after_the_end_is_answered_at_once():
    seat = Seat()
    seat.turns.interview.session.ended = "finished"
    await seat.says("one more thing")
    assert seat.turns.said == ["It is over: one more thing"] and not seat.gathering.waits_at(DIRECT)
