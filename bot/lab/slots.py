"""The warm pool: sandboxes made ready for a program before there is one. It knows neither programs nor the protocol.

A slot is used once: whoever takes it ends it. What waits is counted by free memory, and ended when nobody comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.errors import LabUnavailable

#: Seconds between looks at what waits: whether it lives, and whether memory still has room for it.
LOOK = 15.0
#: So many slots in a row that do not come up, and no more are tried until somebody wants one again.
MOST_FAILURES = 2

log = logging.getLogger(__name__)


class Held(Protocol):
    """What a slot is to the pool: something that lives, and can be ended."""

    def alive(self) -> bool: ...

    async def kill(self) -> None: ...


S = TypeVar("S", bound=Held)


@dataclass(frozen=True)
class Keeping:
    """When slots wait: `most` says how many may now, `quiet` whether the machine has a core to spare for making one.

    After `idle` seconds without a program none wait until `near` is called again; None keeps them.
    """

    most: Callable[[], int]
    quiet: Callable[[], bool] = lambda: True
    idle: float | None = 600.0
    look: float = LOOK


class Slots(Generic[S]):
    """Slots for programs on one device. `make` starts one and returns when it is warm; cancelled, it leaves none."""

    def __init__(
        self,
        make: Callable[[], Awaitable[S]],
        keeping: Keeping,
        device: str = "cpu",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._keeping = keeping
        self._device = device
        self._clock = clock
        self._waiting: list[asyncio.Future[S]] = []
        self._keeper: asyncio.Task[None] | None = None
        self._kick = asyncio.Event()
        self._asked = 0.0
        self._failures = 0
        self._closed = False

    def near(self) -> None:
        """A program may come soon: slots are made ready in the background from now on."""
        self._asked, self._failures = self._clock(), 0
        self._kick.set()
        if not self._closed and (self._keeper is None or self._keeper.done()):
            self._keeper = asyncio.create_task(self._keep())

    def look(self) -> None:
        """Something has changed (a program has ended): looks again soon whether slots are to be made or ended."""
        self._kick.set()

    def waiting(self) -> tuple[int, int]:
        """How many slots are warm, and how many are becoming so."""
        warm = len(self.warm())
        return warm, len(self._waiting) - warm

    def warm(self) -> list[S]:
        """The slots that wait for a program. They stay the pool's own."""
        return [future.result() for future in self._waiting if _warm(future)]

    async def take(self, device: str) -> S | None:
        """A warm slot of the caller's own, to be ended by the caller; None when there is none for this device."""
        if self._closed:
            raise LabUnavailable("The lab is being closed: nothing more is run. Hand the program in again later.")
        self._asked = self._clock()
        while device == self._device and self._waiting:
            slot = await self._first()
            if slot is not None:
                return slot
        return None

    async def close(self) -> None:
        """Ends all that waits, and all that is being made."""
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self._drain(0)

    async def _first(self) -> S | None:
        """A warm slot, or the one that will be so next: it has less to do than a new one. None when it died."""
        future = next(filter(_warm, self._waiting), self._waiting[0])
        self._waiting.remove(future)
        self._kick.set()
        try:
            slot = await asyncio.shield(future)
        except asyncio.CancelledError:
            await _ended(future)
            raise
        except Exception:  # the keeper has said so; a cold one may do better
            return None
        if slot.alive():
            return slot
        await slot.kill()
        return None

    async def _keep(self) -> None:
        """Makes and ends slots until nobody has come for long."""
        while not self._idle():
            self._kick.clear()
            await self._bury()
            most = self._keeping.most()
            await self._drain(most)
            if len(self._waiting) < most and self._failures < MOST_FAILURES and self._keeping.quiet():
                await self._add()
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):  # wait_for of 3.11 loses a cancellation beside the event
                    await self._kick.wait()
        await self._drain(0)

    def _idle(self) -> bool:
        idle = self._keeping.idle
        return idle is not None and self._clock() - self._asked >= idle

    def _pause(self) -> float:
        idle = self._keeping.idle
        return self._keeping.look if idle is None else min(self._keeping.look, idle)

    async def _add(self) -> None:
        """Makes one slot, one at a time; who takes it meanwhile waits for it."""
        future = asyncio.ensure_future(self._make())
        self._waiting.append(future)
        try:
            await asyncio.wait({future})
        finally:
            if not future.done():
                await self._lost(future)
        if future.cancelled():
            return
        if (error := future.exception()) is None:
            self._failures = 0
            return
        self._failures += 1
        log.warning("No slot could be made ready: %s", error)
        if future in self._waiting:
            self._waiting.remove(future)

    async def _lost(self, future: asyncio.Future[S]) -> None:
        """The pool is being closed: what is being made is ended, unless somebody has taken it."""
        if future in self._waiting:
            self._waiting.remove(future)
            await _ended(future)

    async def _bury(self) -> None:
        for future in [future for future in self._waiting if _warm(future) and not future.result().alive()]:
            self._waiting.remove(future)
            await _ended(future)

    async def _drain(self, most: int) -> None:
        """Ends slots until so many are left."""
        while len(self._waiting) > most:
            await _ended(self._waiting.pop())


def _warm(future: asyncio.Future[S]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


async def _ended(future: asyncio.Future[S]) -> None:
    """Ends a slot, also one that is still being made."""
    future.cancel()
    await asyncio.gather(future, return_exceptions=True)
    if _warm(future):
        await future.result().kill()
