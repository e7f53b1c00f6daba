"""Work that goes on beside what comes in: whatever ends it is in the log. It neither starts it again nor says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.errors import VivaError


def beside(work: Coroutine[Any, Any, None], what: str, session: str = "") -> asyncio.Task[None]:
    """A task of ours. `what` it does is for the log; of an error the log has its kind and place, and no words."""
    task = asyncio.create_task(work)

    def ended(done: asyncio.Task[None]) -> None:
        error = None if done.cancelled() else done.exception()
        if error is not None:
            noted(error, what, session)

    task.add_done_callback(ended)
    return task


def noted(error: BaseException, what: str, session: str = "") -> None:
    """Writes down that `what` was being done did not come to its end."""
    log, about = logging.getLogger(__name__), {"session": session} if session else {}
    if isinstance(error, VivaError):
        log.warning("%s broke off: %s", what, error, extra=about)
    else:
        log.error("%s broke off", what, exc_info=error, extra=about)


async def stopped(*tasks: asyncio.Task[None] | None) -> None:
    """Breaks off tasks and waits until they have ended; what ends them otherwise is in the log already."""
    running = [task for task in tasks if task is not None and task is not asyncio.current_task()]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
