"""Keeps a cancellation out of the middle of a database operation. It undoes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def whole(operation: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The operation, run to its end also when its caller is cancelled, who learns of it then.

    An aiosqlite connection that is dropped in the middle of a transaction keeps its lock for as long as anything refers
    to one of its cursors, a traceback say: after a Ctrl-C at the wrong moment nobody could write any more.
    """

    @wraps(operation)
    async def run(*args: P.args, **options: P.kwargs) -> T:
        task = asyncio.ensure_future(operation(*args, **options))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # its own failure, if any, is outranked
            raise

    return run
