"""Looks every few minutes for what an outage kept from being judged, interviews that are over included.

Which those are, the desk knows; how one is judged and where that is said, `turns`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.errors import VivaError

#: Seconds between two looks.
EVERY = 300.0


class JudgingLate:
    """Has one sitting after another judged, until the model fails again; `wait` is called between two looks."""

    def __init__(
        self,
        unjudged: Callable[[], Awaitable[Sequence[str]]],
        judge: Callable[[str], Awaitable[bool]],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._unjudged = unjudged
        self._judge = judge
        self._wait = wait

    async def look(self) -> None:
        """Looks for as long as it is let."""
        while True:
            await self._look_once()
            await self._wait(EVERY)

    async def _look_once(self) -> None:
        try:
            found = await self._unjudged()
        except Exception:  # whatever it is, there is another look
            logging.getLogger(__name__).exception("it is not known what waits to be judged")
            return
        for session in found:
            if not await self._judged(session):
                return

    async def _judged(self, session: str) -> bool:
        """False where the model could not: then the others wait, too. What is wrong with one alone is logged."""
        try:
            return await self._judge(session)
        except Exception as error:
            unforeseen = None if isinstance(error, VivaError) else error
            logging.getLogger(__name__).warning(
                "nothing was judged late: %s", error, exc_info=unforeseen, extra={"session": session}
            )
            return True
