"""First responses go before all other work: whoever is about to work waits until no interaction is left unanswered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

#: Seconds for which work waits at most: a response that takes longer is not helped by more waiting.
MOMENT = 0.25


class Pending:
    """The interactions that have had no response yet."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """While one is being responded to."""
        self._count += 1
        self._none.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._none.set()

    async def over(self) -> None:
        """Returns when none is left, or after a moment."""
        if self._count:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MOMENT):
                    await self._none.wait()
