"""Work waits for responses that are under way, and for no more than a moment."""

from __future__ import annotations

import asyncio

from bot.surfaces.discord.pending import MOMENT, Pending


async def test_work_waits_until_no_response_is_under_way() -> None:
    pending, order = Pending(), list[str]()

    async def respond(seconds: float) -> None:
        with pending.one():
            await asyncio.sleep(seconds)
            order.append("responded")

    async def work() -> None:
        await pending.over()
        order.append("worked")

    responding = [asyncio.create_task(respond(seconds)) for seconds in (0.01, 0.03)]
    await asyncio.sleep(0)
    await asyncio.gather(work(), *responding)
    assert order == ["responded", "responded", "worked"]


async def test_work_does_not_wait_for_ever_nor_at_all_where_nothing_is_under_way() -> None:
    pending, loop = Pending(), asyncio.get_running_loop()
    await asyncio.wait_for(pending.over(), 0.01)
    with pending.one():
        began = loop.time()
        await pending.over()
    assert loop.time() - began >= MOMENT * 0.9
