"""One sandbox that runs: its pipes, its memory, its end. What it says on the pipes is for others to judge."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from bot.lab.sandbox.policy import MIB
from bot.lab.sandbox.watching import tree

LINE = 64 * 1024
#: How long what was written before the end may take to be read after it.
LAST_WORDS = 0.2
DYING = 5.0
ATTEMPTS = 1000


class Memory(Protocol):
    """A cgroup's Group, or a Watch. `interval` is how often to ask whether too much is used."""

    interval: float
    folders: list[Path]

    def cap(self, memory: int) -> None: ...

    def used(self) -> int: ...

    def exceeded(self) -> bool: ...

    def kill(self) -> None: ...

    def remove(self) -> bool: ...


class Ending(asyncio.StreamReaderProtocol):
    """A stream that can be waited for to its end, whoever reads it."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self.ended = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.ended.set()


class Pipes:
    """The host's ends, as streams."""

    def __init__(self) -> None:
        self._transports: list[asyncio.BaseTransport] = []
        self._spoken: list[Ending] = []

    async def reader(self, descriptor: int) -> asyncio.StreamReader:
        reader = asyncio.StreamReader(limit=LINE)
        transport, protocol = await asyncio.get_running_loop().connect_read_pipe(
            lambda: Ending(reader), os.fdopen(descriptor, "rb", 0)
        )
        self._transports.append(transport)
        self._spoken.append(protocol)
        return reader

    async def writer(self, descriptor: int) -> asyncio.StreamWriter:
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.connect_write_pipe(
            lambda: Ending(asyncio.StreamReader()), os.fdopen(descriptor, "wb", 0)
        )
        self._transports.append(transport)
        return asyncio.StreamWriter(transport, protocol, None, loop)

    async def close(self) -> None:
        """Closes all, once whoever reads has had a moment to read to the end."""
        async with _patience(LAST_WORDS):
            for protocol in self._spoken:
                await protocol.ended.wait()
        for transport in self._transports:
            if isinstance(transport, asyncio.WriteTransport) and not transport.is_closing():
                transport.abort()  # nobody is left to take what was not written
            transport.close()
        self._spoken, self._transports = [], []
        await asyncio.sleep(0)  # transports let go of their descriptors in the loop's next turn


class Confined:
    """A process tree in a sandbox. Made by Sandbox.start alone."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        memory: Memory,
        pipes: Pipes,
        streams: tuple[asyncio.StreamWriter, asyncio.StreamReader, asyncio.StreamReader, asyncio.StreamReader],
        reserve: int | None,
    ) -> None:
        self.stdin, self.stdout, self.stderr, self.channel = streams
        self.pid = process.pid
        self._process = process
        self._memory = memory
        self._pipes = pipes
        self._reserve = reserve
        self._exceeded = False
        # What must be dead in the end: bubblewrap, and the first process inside, with which all others die.
        self._lives = [life for pid in tree(process.pid)[:2] if (life := _opened(pid)) is not None]
        self._over = asyncio.ensure_future(self._watched())

    def memory(self) -> int:
        """Bytes in use by the whole tree."""
        return 0 if self._over.done() else self._memory.used()

    def died_of_memory(self) -> bool:
        """True after something of it was killed for the memory it used."""
        return self._exceeded

    def cap_memory(self, mib: int) -> None:
        """Another cap, for a sandbox that waited and whose job has come."""
        if self._over.done():
            return
        self._memory.cap(mib * MIB)
        if self._reserve is not None:
            import resource  # not on Windows, where this module is imported, too

            most = mib * MIB + self._reserve
            for pid in tree(self.pid):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    resource.prlimit(pid, resource.RLIMIT_DATA, (most, most))

    async def kill(self) -> None:
        """Kills the whole tree; when this returns, nothing of it is left. Any number of times."""
        self._strike()
        await self.wait()
        await self._pipes.close()

    async def wait(self) -> int:
        """How it ended, as a shell has it: the command's exit code, or 128 and the signal."""
        return await asyncio.shield(self._over)

    def _strike(self) -> None:
        for life in self._lives:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(life, signal.SIGKILL)
        if self._lives:
            self._memory.kill()

    async def _watched(self) -> int:
        """Waits for the end and clears away; kills what uses more memory than it may."""
        try:
            while not await _dead(self._lives[0], self._memory.interval):
                if self._memory.exceeded():
                    self._exceeded = True
                    self._strike()
        finally:  # also when the loop ends before the job does
            self._exceeded = self._exceeded or self._memory.exceeded()
            self._strike()
        lives, self._lives = self._lives, []  # nobody signals one that is closed
        for life in lives:
            await _dead(life, DYING)
            os.close(life)
        code = self._process.wait()  # only now may its number be given to another
        for _ in range(ATTEMPTS):
            if self._memory.remove():
                break
            await asyncio.sleep(DYING / ATTEMPTS)
        return code if code >= 0 else 128 - code


@contextlib.asynccontextmanager
async def _patience(seconds: float) -> AsyncIterator[None]:
    """As long as that, and on."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            yield


def _opened(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


async def _dead(life: int, patience: float) -> bool:
    """True as soon as the process has ended, False when it has not by then."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(life, ended.set)
    try:
        async with asyncio.timeout(patience):
            await ended.wait()
    except TimeoutError:
        return bool(select.select([life], [], [], 0)[0])
    finally:
        loop.remove_reader(life)
    return True
