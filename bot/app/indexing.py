"""Makes indexes behind the sittings: step by step on a thread that others use too, one owner after another.

What an index holds, it does not know.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from bot.errors import IndexUnavailable, VivaError

Result = TypeVar("Result")
#: Work that is done a step at a time.
Work = Generator[None, None, Any]
Begin = Callable[[], Awaitable[Work]]
_DONE = object()
#: Seconds after each step in which others go first, also those that need no thread but Python alone.
PAUSE = 0.02


class Beside(Protocol):
    """Does some work in a thread of its own, after what waits there already; IndexUnavailable when it is over."""

    async def __call__(self, work: Callable[[], Result]) -> Result: ...


class Indexing:
    """The indexes that are to be made. An index that is asked for while it is being made is made once more."""

    def __init__(self, beside: Beside, pause: float = PAUSE) -> None:
        self._beside = beside
        self._pause = pause
        self._one = asyncio.Lock()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def ask(self, owner: str, begin: Begin) -> None:
        """Has an owner's index made soon; `begin` says what the work is, as things are by then."""
        if owner in self._tasks:
            self._again.add(owner)
            return
        task = asyncio.create_task(self._make(owner, begin))
        self._tasks[owner] = task
        task.add_done_callback(lambda done: self._over(owner, done))

    async def done(self) -> None:
        """Waits until every index is made that was asked for."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def leave(self, owner: str) -> None:
        """Leaves an owner's index undone; what there is of it is gone afterwards."""
        task = self._tasks.get(owner)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def stop(self) -> None:
        """Leaves all of them undone."""
        for owner in list(self._tasks):
            await self.leave(owner)

    async def _make(self, owner: str, begin: Begin) -> None:
        async with self._one:
            while True:
                self._again.discard(owner)
                try:
                    await self._through(await begin())
                except (VivaError, OSError) as error:  # the old index stands, or keywords are searched
                    logging.getLogger(__name__).warning("an index of documents was not made: %s", error)
                if owner not in self._again:
                    self._tasks.pop(owner, None)  # now, for who asks from here on asks for another one
                    return

    def _over(self, owner: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(owner) is task:
            del self._tasks[owner]

    async def _through(self, work: Work) -> None:
        try:
            while True:
                if await self._beside(partial(next, work, _DONE)) is _DONE:
                    return
                await asyncio.sleep(self._pause)
        finally:
            await self._closed(work)

    async def _closed(self, work: Work) -> None:
        """Ends the work in its own thread, after the step that may still be going on there."""
        try:
            await self._beside(work.close)
        except IndexUnavailable:  # that thread is over, and no step goes on
            work.close()
