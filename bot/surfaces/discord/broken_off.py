"""Takes up the turns that broke off with the process that worked on them. Which those are, the desk knows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from bot.errors import VivaError
from bot.interview import LEASE

#: So many at a time, so that one that waits for a program to be run does not hold up the rest.
AT_ONCE = 3
#: A claim of a process of which nobody knows whether it lives is over after this (seconds).
CLAIMED = LEASE + 10
#: Seconds between two looks after that one.
EVERY = 300.0
#: So long (seconds) others wait for the first look.
PATIENCE = 30.0
#: Taken up so often in vain, one waits for its person, who may not be reached any more.
MOST_TRIES = 5


class BrokenOff:
    """Has each turn that broke off gone on with; `wait` is called for the seconds between two looks."""

    def __init__(
        self,
        sessions: Callable[[], Awaitable[Sequence[str]]],
        go_on: Callable[[str], Awaitable[bool]],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sessions = sessions
        self._go_on = go_on
        self._wait = wait
        self._tried: Counter[str] = Counter()
        self._few = asyncio.Semaphore(AT_ONCE)
        self._looked = asyncio.Event()
        self._going_on: set[str] = set()

    async def look(self) -> None:
        """Goes on with them for as long as it is let: a claim may have run out since the last look."""
        await self.take_up()
        self._looked.set()
        await self._wait(CLAIMED)
        while True:
            await self.take_up()
            await self._wait(EVERY)

    async def looked(self) -> None:
        """Waits for what the first look found, but not for one that takes long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._looked.wait(), PATIENCE)

    async def take_up(self) -> None:
        """Goes on with all there are; what goes wrong with one is logged, and the others go on."""
        try:
            found = await self._sessions()
        except Exception:  # whatever it is, there is another look
            logging.getLogger(__name__).exception("it is not known which turns broke off")
            return
        for gone in self._tried.keys() - set(found):
            del self._tried[gone]
        wanted = [one for one in found if one not in self._going_on and self._tried[one] < MOST_TRIES]
        self._going_on.update(wanted)
        await asyncio.gather(*(self._take_up(one) for one in wanted))

    async def _take_up(self, session: str) -> None:
        try:
            async with self._few:
                self._tried[session] += 1
                await self._go_on(session)
        except Exception as error:  # whatever it is, it is this one's alone
            unforeseen = None if isinstance(error, VivaError) else error
            logging.getLogger(__name__).warning(
                "a turn was not finished: %s", error, exc_info=unforeseen, extra={"session": session}
            )
        finally:
            self._going_on.discard(session)
