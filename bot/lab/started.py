"""A sandbox with the harness in it: what goes in, and what it says. It judges none of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.errors import LabUnavailable
from bot.lab import claims, protocol
from bot.lab.sandbox import Confined, Room, Sandbox

#: Bytes that are read at once, and that a job may say in all: results are 8 MiB at most.
PIECE = 64 * 1024
MOST_SAID = 16 * 1024 * 1024
#: Seconds until a slot is warm: some 3 on an idle machine.
PATIENCE = 120.0


class TooMuch(Exception):
    """The job said more on its channel than any job has to say."""


class Started:
    """The sandbox of one job. `hearing` holds what it has said so far."""

    def __init__(self, confined: Confined) -> None:
        self.confined = confined
        self.hearing = protocol.Hearing()
        self._warm = False
        self._nonce = ""
        self._said = 0

    def alive(self) -> bool:
        """False once nobody inside holds the channel open any more."""
        return not self.confined.channel.at_eof()

    async def kill(self) -> None:
        """Ends it; nothing is left."""
        await self.confined.kill()

    async def warmed(self) -> None:
        """Returns when it waits for its job; LabUnavailable when it does not come to that."""
        try:
            async with asyncio.timeout(PATIENCE):
                async for _ in self.said():
                    if self._warm:
                        return
        except TimeoutError:
            raise LabUnavailable(f"A sandbox was not ready after {PATIENCE:.0f} seconds.") from None
        raise LabUnavailable("A sandbox ended before it was ready.")

    async def hand_in(self, frame: bytes, nonce: str, rows: int, lengths: tuple[int, ...]) -> None:
        """Sends the job. One that is not warm yet finds it when it is."""
        self._nonce = nonce
        self.hearing.rows, self.hearing.lengths = rows, lengths
        if self._warm:
            self.hearing.nonce = nonce
        await self.send(frame)

    async def send(self, data: bytes) -> None:
        """To the job; where it reads no more, what it says, or does not say, tells."""
        with contextlib.suppress(ConnectionError):
            self.confined.stdin.write(data)
            await self.confined.stdin.drain()

    async def said(self) -> AsyncIterator[claims.Said]:
        """What it says, to its end; TooMuch when that is more than any job has to say."""
        while data := await self.confined.channel.read(PIECE):
            self._said += len(data)
            if self._said > MOST_SAID:
                raise TooMuch
            for said in self._understood(data):
                yield said

    def _understood(self, data: bytes) -> list[claims.Said]:
        """Lines before the job, and `warm`, have no nonce; from then on all must have the job's."""
        found: list[claims.Said] = []
        while data and not self._warm:
            line, newline, data = data.partition(b"\n")
            found += self.hearing.feed(line + newline)
            if any(isinstance(said, claims.Warm) for said in found):
                self._warm = True
                self.hearing.nonce = self._nonce
        return found + self.hearing.feed(data)


async def started(sandbox: Sandbox, room: Room, nice: int, warm: bool = False) -> Started:
    """A sandbox with the harness in it; with `warm`, once it has warmed up. Cancelled, it leaves none."""
    try:
        slot = Started(await sandbox.start(room, nice))
    except OSError as error:
        raise LabUnavailable(
            f"A sandbox could not be started ({error.strerror}). That is the machine's fault: try again later."
        ) from error
    if warm:
        try:
            await slot.warmed()
        except BaseException:  # also when it is cancelled
            await asyncio.shield(slot.kill())
            raise
    return slot
