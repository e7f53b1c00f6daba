"""Waits for a model, and no longer than the candidate does: who wants to end an interview waits for no machine."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Patience:
    """Ends when the candidate says that they want to stop; begins anew when that turned out to mean something else."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    def end(self) -> None:
        """Nothing is waited for any more."""
        self._over.set()

    def begin(self) -> None:
        """What is asked from now on is waited for."""
        self._over.clear()

    async def wait(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work comes to; None where patience ends before it does, and then the work is given up."""
        doing, over = asyncio.ensure_future(work), asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({doing, over}, return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else None
        finally:
            for task in (doing, over):
                task.cancel()
            await asyncio.gather(doing, over, return_exceptions=True)
