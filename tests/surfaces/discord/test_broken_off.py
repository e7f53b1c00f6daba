"""Turns that broke off are gone on with: a few at a time, again and again, and none at the cost of the others."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.app.alone import name_of
from bot.app.home import now
from bot.core import events as e
from bot.errors import SittingBusy
from bot.interview import LEASE
from bot.store.opening import open_store
from bot.surfaces.discord.broken_off import AT_ONCE, CLAIMED, EVERY, MOST_TRIES, BrokenOff
from tests.surfaces.discord.candidate import begins
from tests.surfaces.discord.interrupting import PATIENCE
from tests.surfaces.discord.seats import clean, kinds, sessions, story
from tests.surfaces.discord.serving import served


class Looks:
    """Waits that last as long as the test wants."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.waiting = asyncio.Event()
        self._over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.waiting.set()
        await self._over.wait()
        self._over.clear()

    async def next(self) -> None:
        """Lets the look after this wait happen, until it waits again."""
        await self.waiting.wait()
        self.waiting.clear()
        self._over.set()
        await self.waiting.wait()


async def test_it_looks_again_once_claims_ran_out_and_every_few_minutes() -> None:
    broken: list[str] = []
    taken: list[str] = []

    async def sessions() -> list[str]:
        return list(broken)

    async def go_on(session: str) -> bool:
        taken.append(session)
        broken.remove(session)
        return True

    looks = Looks()
    off = BrokenOff(sessions, go_on, looks)
    task = asyncio.create_task(off.look())
    await off.looked()
    assert taken == []
    broken.append("a")  # the claim of a process that is gone has run out
    await looks.next()
    broken.append("b")
    await looks.next()
    task.cancel()
    assert taken == ["a", "b"] and looks.waits == [CLAIMED, EVERY, EVERY] and CLAIMED > LEASE


async def test_whatever_is_wrong_with_one_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    wrong = {"a": SittingBusy("Somebody has it."), "b": KeyError("unforeseen"), "c": RuntimeError("unforeseen")}
    taken: list[str] = []

    async def sessions() -> list[str]:
        return ["a", "b", "c", "d", "e"]

    async def go_on(session: str) -> bool:
        if session in wrong:
            raise wrong[session]
        taken.append(session)
        return True

    with caplog.at_level(logging.WARNING):
        await BrokenOff(sessions, go_on).take_up()
    assert taken == ["d", "e"]
    assert [vars(record)["session"] for record in caplog.records] == ["a", "b", "c"]
    assert [record.exc_info is not None for record in caplog.records] == [False, True, True]


async def test_what_cannot_be_said_is_tried_so_often_and_then_left_to_its_person() -> None:
    taken: list[str] = []
    broken = ["a"]

    async def sessions() -> list[str]:
        return list(broken)

    async def go_on(session: str) -> bool:
        taken.append(session)
        return False

    off = BrokenOff(sessions, go_on)
    for _ in range(MOST_TRIES + 3):
        await off.take_up()
    assert len(taken) == MOST_TRIES
    broken.clear()
    await off.take_up()
    broken.append("a")
    await off.take_up()
    assert len(taken) == MOST_TRIES + 1, "it was worked on since, and broke off anew"


async def test_one_that_takes_long_holds_up_no_others_and_is_not_taken_up_twice() -> None:
    long, taken, at_once = asyncio.Event(), [], []

    async def sessions() -> list[str]:
        return ["long", *map(str, range(10))]

    async def go_on(session: str) -> bool:
        at_once.append(session)
        assert len(at_once) <= AT_ONCE
        if session == "long":
            await long.wait()
        await asyncio.sleep(0)
        at_once.remove(session)
        taken.append(session)
        return True

    off = BrokenOff(sessions, go_on)
    first = asyncio.create_task(off.take_up())
    while len(taken) < 10:  # noqa: ASYNC110 - nothing tells of the others but that they were taken
        await asyncio.sleep(0)
    await off.take_up()
    assert "long" not in taken and at_once == ["long"]
    long.set()
    await first
    assert taken.count("long") == 1


async def test_records_that_cannot_be_read_now_are_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    async def sessions() -> list[str]:
        raise OSError("gone")

    async def go_on(session: str) -> bool:
        raise AssertionError(session)

    await BrokenOff(sessions, go_on).take_up()
    assert "it is not known which turns broke off" in caplog.text


@pytest.mark.slow
async def test_a_turn_that_broke_off_with_a_container_goes_on_at_once_in_the_next(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        group = bot.discord.server("Study group")
        one = group.member("one")
        me = await begins(one, group["general"], flow="quick", questions=1, seed=5)
        await bot.kill()
        [session] = sessions(bot, one)
        gone = f"serve:{name_of(tmp_path)}:a-container/0badb007/1/7/12345"
        store = await open_store(None, tmp_path, now, gone)
        await store.lease(session, gone, LEASE)
        last = (await store.load(session))[-1].seq
        await store.append(session, last, [("discord:1", e.Heard("It learns from data."))])
        await store.close()
        await bot.start()
        await me.next(PATIENCE)
        assert kinds(story(bot, session), "Heard", "Graded") == ["Heard", "Graded"]
        assert clean(bot) == []
