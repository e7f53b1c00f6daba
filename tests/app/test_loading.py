"""What is loaded beside the first question, and set apart from garbage collection where a process does nothing else."""

from __future__ import annotations

import asyncio
import gc

from bot.app.loading import Loading
from bot.app.serving import set_apart


async def test_what_is_loaded_is_set_apart_once_all_of_it_is_there() -> None:
    begun, may = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may.wait()

    before = gc.get_freeze_count()
    loading = Loading(work)
    loading.start()
    apart = asyncio.create_task(set_apart(loading))
    try:
        await begun.wait()
        assert not apart.done() and gc.get_freeze_count() == before
        may.set()
        await apart
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()  # it holds for the whole process, which here has other tests to run


async def test_who_waits_for_it_and_leaves_does_not_end_it() -> None:
    may, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await may.wait()
        done.set()

    loading = Loading(work)
    loading.start()
    waiting = asyncio.create_task(loading.finished())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    may.set()
    await loading.finished()
    assert done.is_set()
