"""Work that waits until the first words are on screen. What is loaded, it is told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from bot.errors import VivaError

#: Seconds after the first words until loading begins, so that they are on screen before it takes the processor.
LOAD_AFTER = 0.3


class Loading:
    """Loads what the first answer needs while the first question is on screen, and does what can wait till then."""

    def __init__(self, *work: Callable[[], Awaitable[object]]) -> None:
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins in the background; without effect when it has begun."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def finished(self) -> None:
        """Returns once what was begun is loaded, or left."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """Leaves undone what has not begun."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        await asyncio.sleep(LOAD_AFTER)
        for work in self._work:
            try:
                await work()
            except (VivaError, OSError) as error:  # what fails here is said when it is needed
                logging.getLogger(__name__).warning("%s", error)
