"""Several messages are one answer; one that comes as the turn begins is waited for anew, and judged."""

from __future__ import annotations

import asyncio
import contextlib

from bot.ports.groups import Place
from bot.surfaces.discord.gathering import Gathering
from bot.surfaces.discord.turns import Given

PLACE = Place("s1", "discord:1", "10")
SILENCE = 0.05


class Interview:
    """As much of an interview as keeps words and works on them; a turn takes a while, and one of them may break."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.judged: list[list[str]] = []
        self.breaks = False

    async def keep(self, cause: str, text: str, *_: object) -> bool:
        self.kept.append(text)
        return True

    async def go_on(self, mouth: object) -> None:
        new, self.kept = self.kept, []
        if self.breaks:
            raise KeyError("a word")
        await asyncio.sleep(SILENCE / 2)
        self.judged.append(new)


class Turns:
    ending = False

    def __init__(self) -> None:
        self.interview = Interview()
        self.leaving = 0.0

    @contextlib.asynccontextmanager
    async def at(self, place):
        yield self.interview
        await asyncio.sleep(self.leaving)

    @contextlib.asynccontextmanager
    async def speaking(self, interview, place):
        yield None

    def apart(self, interview):
        return asyncio.Lock()


def gathering(turns: Turns) -> Gathering:
    return Gathering(turns, SILENCE, 10 * SILENCE)  # type: ignore[arg-type]


def given(text: str) -> Given:
    return Given(f"discord:{text}", text, to="q")


async def test_what_is_said_in_several_messages_is_one_turn():
    turns = Turns()
    gathered = gathering(turns)
    for text in ("one", "two"):
        await gathered.take(PLACE, given(text), 1)
    await asyncio.sleep(3 * SILENCE)
    assert turns.interview.judged == [["one", "two"]]


async def test_what_comes_while_the_turn_is_left_is_judged_by_a_turn_of_its_own(caplog):
    turns = Turns()
    turns.leaving = 2 * SILENCE
    gathered = gathering(turns)
    taking = asyncio.create_task(gathered.take(PLACE, given("one"), 1))
    while not turns.interview.judged:  # noqa: ASYNC110 - a turn wakes nobody here
        await asyncio.sleep(SILENCE / 10)
    await taking
    await gathered.take(PLACE, given("two"), 1)
    await asyncio.sleep(8 * SILENCE)
    assert turns.interview.judged == [["one"], ["two"]] and not caplog.records


async def test_a_turn_that_breaks_is_logged_and_the_next_answer_is_waited_for_as_ever(caplog):
    turns = Turns()
    gathered = gathering(turns)
    turns.interview.breaks = True
    await gathered.take(PLACE, given("one"), 1)
    await asyncio.sleep(3 * SILENCE)
    turns.interview.breaks = False
    await gathered.take(PLACE, given("two"), 1)
    await asyncio.sleep(3 * SILENCE)
    assert turns.interview.judged == [["two"]]
    (record,) = caplog.records
    assert record.getMessage() == "a turn broke off" and record.session == "s1"


async def test_while_the_bot_is_being_ended_words_are_kept_and_no_turn_is_begun():
    turns = Turns()
    turns.ending = True
    await gathering(turns).take(PLACE, given("one"), 1)
    await asyncio.sleep(3 * SILENCE)
    assert turns.interview.kept == ["one"] and not turns.interview.judged
