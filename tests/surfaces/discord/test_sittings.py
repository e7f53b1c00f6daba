"""Sittings are opened once however many come at once, and given back when nobody is left."""

from __future__ import annotations

import asyncio

from bot.surfaces.discord.sittings import Sittings


class Interview:
    """As much of an interview as is opened and closed."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        log.append("opened")

    async def close(self) -> None:
        await asyncio.sleep(0.01)
        self.log.append("closed")


async def visit(sittings: Sittings, log: list[str], seconds: float, session: str = "s") -> object:
    async def opened():
        await asyncio.sleep(0.01)
        return Interview(log)

    async with sittings.at(session, opened) as interview:
        await asyncio.sleep(seconds)
        return interview


async def test_who_comes_while_it_is_open_shares_it():
    log: list[str] = []
    sittings = Sittings()
    first, second = await asyncio.gather(visit(sittings, log, 0.05), visit(sittings, log, 0.02))
    assert first is second
    assert log == ["opened", "closed"]
    assert sittings.working == 0


async def test_who_comes_while_it_is_being_closed_opens_it_anew():
    log: list[str] = []
    sittings = Sittings()
    first = asyncio.create_task(visit(sittings, log, 0.0))
    await asyncio.sleep(0.015)  # it is being closed
    second = await visit(sittings, log, 0.0)
    assert await first is not second
    assert log == ["opened", "closed", "opened", "closed"]


async def test_one_that_cannot_be_opened_harms_no_later_one():
    log: list[str] = []
    sittings = Sittings()

    async def broken():
        raise OSError("the disk is gone")

    for _ in range(2):
        try:
            async with sittings.at("s", broken):
                raise AssertionError("it was opened")
        except OSError:
            pass
    assert await visit(sittings, log, 0.0)
    assert sittings.working == 0


async def test_turns_are_let_end_and_what_takes_too_long_is_broken_off():
    log: list[str] = []
    sittings = Sittings()
    quick = asyncio.create_task(visit(sittings, log, 0.05, "quick"))
    slow = asyncio.create_task(visit(sittings, log, 60.0, "slow"))
    await asyncio.sleep(0.03)
    await sittings.settle(0.2)
    assert quick.done() and not quick.cancelled()
    assert slow.cancelled()
    assert sittings.working == 0 and log.count("closed") == 2


async def test_who_comes_while_the_others_are_let_end_is_let_end_too():
    log: list[str] = []
    sittings = Sittings()
    first = asyncio.create_task(visit(sittings, log, 0.04, "first"))
    await asyncio.sleep(0.02)
    settling = asyncio.create_task(sittings.settle(1.0))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(visit(sittings, log, 0.1, "second"))
    await settling
    assert first.done() and second.done() and not second.cancelled()
