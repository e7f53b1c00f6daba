"""Keeps the right to work on a session for as long as it is wanted. Who may have it, the store decides."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from bot.errors import StoreError
from bot.ports import Store


class Holding:
    """The right of one process, for so many `seconds` each time, renewed after every `renew` of them."""

    def __init__(self, store: Store, session_id: str, holder: str, seconds: float, renew: float) -> None:
        self._store = store
        self._session = session_id
        self._holder = holder
        self._seconds = seconds
        self._renew_after = renew
        self._renewal: asyncio.Task[None] | None = None

    async def take(self) -> None:
        """Takes it, and renews it from now on; SittingBusy when somebody else has it."""
        await self._store.lease(self._session, self._holder, self._seconds)
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew())

    async def leave(self, give_back: bool) -> None:
        """Renews it no more; it runs out by itself unless it is given back."""
        if self._renewal is not None:
            self._renewal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewal
            self._renewal = None
        if give_back:
            await self._store.release(self._session, self._holder)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._renew_after)
            try:
                await self._store.lease(self._session, self._holder, self._seconds)
            except StoreError as error:  # who took it over is told when the next word is written
                logging.getLogger(__name__).warning("the lease was not renewed: %s", error)
