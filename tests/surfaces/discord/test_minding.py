"""Tasks of ours leave a line behind, whatever ends them."""

from __future__ import annotations

import asyncio
import logging

from bot.errors import StoreError
from bot.surfaces.discord.minding import beside, stopped


async def _breaks(error: Exception) -> None:
    raise error


async def test_what_ends_a_task_is_in_the_log_and_nobody_is_asked_for_it(caplog):
    tasks = [beside(_breaks(error), "a turn", "s1") for error in (StoreError("The disk is full."), KeyError("a word"))]
    await asyncio.wait(tasks)
    await asyncio.sleep(0)
    first, second = caplog.records
    assert (first.levelno, first.getMessage()) == (logging.WARNING, "a turn broke off: The disk is full.")
    assert (second.levelno, second.getMessage()) == (logging.ERROR, "a turn broke off"), "no word of the error's"
    assert second.exc_info is not None and second.session == "s1"


async def test_a_task_that_is_stopped_has_ended_and_is_no_news(caplog):
    task = beside(asyncio.sleep(60), "waiting")
    await asyncio.sleep(0)
    await stopped(task, None)
    assert task.cancelled() and not caplog.records
