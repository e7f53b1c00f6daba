"""The sittings that are being worked on: each is opened when something comes in for it and given back after the turn.

What comes in while a turn is going on goes to the same interview. Nothing is kept of a sitting at which nobody works.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from bot.interview import Interview


@dataclass
class _Open:
    interview: Interview | None = None
    users: int = 0
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Sittings:
    """Opens sittings and closes them; `working` counts those that somebody waits for."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._turns: set[asyncio.Task[object]] = set()

    @property
    def working(self) -> int:
        return len(self._open)

    @contextlib.asynccontextmanager
    async def at(self, session: str, opened: Callable[[], Awaitable[Interview]]) -> AsyncIterator[Interview]:
        """The interview of a session, the same for all who come while it is open."""
        turn = asyncio.current_task()
        held = self._open.setdefault(session, _Open())
        held.users += 1
        if turn is not None:
            self._turns.add(turn)
        try:
            async with held.changing:
                if held.interview is None:
                    held.interview = await opened()
            yield held.interview
        finally:
            held.users -= 1
            async with held.changing:  # whoever comes now waits until the sitting was given back
                if not held.users and held.interview is not None:
                    await held.interview.close()
                    held.interview = None
            if not held.users:
                self._open.pop(session, None)
            if turn is not None:
                self._turns.discard(turn)

    async def settle(self, seconds: float) -> None:
        """Lets turns end; those that take longer are broken off, and are taken up by the next process."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and (turns := self._others()):  # some come while the others end
            await asyncio.wait(turns, timeout=left)
        if late := self._others():
            for turn in late:
                turn.cancel()
            await asyncio.wait(late, timeout=1.0)

    def _others(self) -> set[asyncio.Task[object]]:
        return self._turns - {asyncio.current_task()}
