"""The warm pool: single use, made in the background, counted by memory, ended when idle; nothing is left behind.

What a slot is does not matter to the pool, so slots are small processes here: `sleep`.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.errors import LabUnavailable
from bot.lab.slots import Keeping, Slots
from tests.waiting import until


@dataclass
class Sleeper:
    process: Process

    def alive(self) -> bool:
        return self.process.returncode is None

    async def kill(self) -> None:
        if self.alive():
            self.process.kill()
        await self.process.wait()


@dataclass
class Maker:
    """Makes slots, which are warm once `open` is set. `all` are those that were ever made."""

    all: list[Sleeper] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    breaks: bool = False
    tried: int = 0

    async def __call__(self) -> Sleeper:
        self.tried += 1
        if self.breaks:
            raise LabUnavailable("no sandbox")
        slot = Sleeper(await asyncio.create_subprocess_exec("sleep", "60"))
        self.all.append(slot)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            await slot.kill()
            raise
        return slot

    def living(self) -> list[Sleeper]:
        return [slot for slot in self.all if slot.alive()]


MakePool = Callable[..., Slots[Sleeper]]


@pytest.fixture
async def maker() -> Maker:
    made = Maker()
    made.open.set()
    return made


@pytest.fixture
async def pool(maker: Maker) -> AsyncIterator[MakePool]:
    made: list[Slots[Sleeper]] = []

    def make(most: Callable[[], int] = lambda: 1, **keeping: Any) -> Slots[Sleeper]:
        made.append(Slots(maker, Keeping(most, **keeping)))
        return made[-1]

    yield make
    for slots in made:
        await slots.close()
    await asyncio.gather(*(slot.kill() for slot in maker.all))


def assert_standing(slots: Slots[Sleeper], warm: int, becoming: int = 0) -> Awaitable[None]:
    return until(lambda: slots.waiting() == (warm, becoming))


async def test_nothing_waits_until_a_program_is_near(maker: Maker, pool: MakePool) -> None:
    slots = pool()
    await asyncio.sleep(0.05)
    assert maker.all == []
    slots.near()
    await assert_standing(slots, 1)


async def test_a_slot_is_used_once_and_another_is_made(maker: Maker, pool: MakePool) -> None:
    slots = pool()
    slots.near()
    await assert_standing(slots, 1)
    first = await slots.take("cpu")
    await assert_standing(slots, 1)
    second = await slots.take("cpu")
    assert first and second
    assert first is not second
    assert first.alive()


async def test_without_a_warm_slot_nobody_is_kept_waiting(maker: Maker, pool: MakePool) -> None:
    assert await pool().take("cpu") is None
    assert maker.all == []


async def test_a_program_for_another_device_does_not_get_the_warm_slot(maker: Maker, pool: MakePool) -> None:
    slots = pool()
    slots.near()
    await assert_standing(slots, 1)
    assert await slots.take("cuda:0") is None
    assert slots.waiting() == (1, 0)


async def test_the_slot_that_is_becoming_warm_is_waited_for_and_only_by_one(maker: Maker, pool: MakePool) -> None:
    maker.open.clear()
    slots = pool(quiet=lambda: not maker.all)
    slots.near()
    await until(lambda: len(maker.all) == 1)
    taking = asyncio.create_task(slots.take("cpu"))
    await asyncio.sleep(0.02)
    assert await slots.take("cpu") is None
    maker.open.set()
    assert await taking is maker.all[0]


async def test_who_stops_waiting_for_a_slot_takes_it_along(maker: Maker, pool: MakePool) -> None:
    maker.open.clear()
    slots = pool()
    slots.near()
    await until(lambda: len(maker.all) == 1)
    taking = asyncio.create_task(slots.take("cpu"))
    await asyncio.sleep(0.02)
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    assert not maker.all[0].alive()


async def test_a_slot_that_died_while_it_waited_is_never_given_out(maker: Maker, pool: MakePool) -> None:
    slots = pool()
    slots.near()
    await assert_standing(slots, 1)
    await maker.all[0].kill()
    slot = await slots.take("cpu")
    assert slot is None or slot.alive()


async def test_memory_decides_how_many_wait_also_later(maker: Maker, pool: MakePool) -> None:
    most = [3]
    slots = pool(lambda: most[0], look=0.01)
    slots.near()
    await assert_standing(slots, 3)
    most[0] = 1
    await assert_standing(slots, 1)
    await until(lambda: len(maker.living()) == 1)
    most[0] = 0
    await assert_standing(slots, 0)


async def test_slots_are_made_only_while_the_machine_is_quiet(maker: Maker, pool: MakePool) -> None:
    quiet = [False]
    slots = pool(quiet=lambda: quiet[0])
    slots.near()
    await asyncio.sleep(0.05)
    assert maker.all == []
    quiet[0] = True
    slots.look()
    await assert_standing(slots, 1)


async def test_slots_are_made_one_at_a_time(maker: Maker, pool: MakePool) -> None:
    maker.open.clear()
    slots = pool(lambda: 3)
    slots.near()
    await until(lambda: len(maker.all) == 1)
    await asyncio.sleep(0.05)
    assert slots.waiting() == (0, 1)


async def test_when_nobody_comes_they_are_ended_and_come_back_when_one_is_near(maker: Maker, pool: MakePool) -> None:
    slots = pool(idle=0.2, look=0.01)
    slots.near()
    await assert_standing(slots, 1)
    await assert_standing(slots, 0)
    await until(lambda: maker.living() == [])
    slots.near()
    await assert_standing(slots, 1)


async def test_a_sandbox_that_does_not_start_is_not_tried_for_ever(maker: Maker, pool: MakePool) -> None:
    maker.breaks = True
    slots = pool(look=0.001)
    slots.near()
    await asyncio.sleep(0.1)
    assert maker.tried == 2
    assert await slots.take("cpu") is None
    maker.breaks = False
    slots.near()
    await assert_standing(slots, 1)


@pytest.mark.parametrize("opened", [True, False])
async def test_closing_leaves_nothing_warm_or_becoming_so(maker: Maker, pool: MakePool, opened: bool) -> None:
    if not opened:
        maker.open.clear()
    slots = pool(lambda: 2)
    slots.near()
    await until(lambda: len(maker.all) == (2 if opened else 1))
    await slots.close()
    assert maker.living() == []
    assert slots.waiting() == (0, 0)
    with pytest.raises(LabUnavailable, match="closed"):
        await slots.take("cpu")
    slots.near()
    await asyncio.sleep(0.02)
    assert maker.living() == []
