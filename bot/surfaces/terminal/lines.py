"""Standard input by the line, without blocking the loop: for pipes, JSON lines, plain terminals. It judges no line."""

from __future__ import annotations

import asyncio
import queue
import select
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from bot.surfaces.text.harmless import storable

#: Bytes of one line that are taken; more than any answer, and less than would fill the memory.
LONGEST_LINE = 4 * 1024 * 1024
_CHUNK = 64 * 1024
#: Where the descriptor cannot be asked, a line that is there already has come within this time (seconds).
_THERE = 0.02
#: Seconds that fetching what is known to be there may take, on the slowest machine.
_FETCHED = 2.0


@dataclass(frozen=True)
class Line:
    """A line without its end. `damaged` where bytes were no UTF-8, `cut` where it was too long."""

    text: str
    damaged: bool = False
    cut: bool = False

    @property
    def trouble(self) -> str | None:
        """What went wrong with it, in a sentence."""
        if self.cut:
            return f"That line was longer than {LONGEST_LINE // 1024 // 1024} MiB: only its beginning was taken."
        if self.damaged:
            return "Some bytes of that were no valid UTF-8; each is kept as \ufffd."
        return None


class Lines:
    """Reads one line when it is asked for, and never ahead of that: an editor may want the terminal in between."""

    def __init__(self, stdin: TextIO) -> None:
        buffer: Any = getattr(stdin, "buffer", stdin)
        # Read beneath the buffer: a thread that is blocked inside it at exit would bring the interpreter down.
        self._read: Callable[[int], bytes | None] = getattr(buffer, "raw", buffer).read
        self._fileno: Callable[[], int] = buffer.fileno
        self._rest = bytearray()
        self._asked: queue.SimpleQueue[asyncio.Future[Line | None]] = queue.SimpleQueue()
        self._pending: asyncio.Future[Line | None] | None = None
        self._thread: threading.Thread | None = None
        self._first = True

    async def line(self) -> Line | None:
        """The next line; None at the end of input."""
        future = self._request()
        line = await asyncio.shield(future)
        self._pending = None
        return line

    async def soon(self, seconds: float) -> bool:
        """Whether another line, or the end of input, comes within this time; it is then what `line` gives next.

        The descriptor is asked, so that what is there counts as there, however busy the machine is.
        """
        stirs = await self._stirs(seconds) if self._pending is None else None
        if stirs is False:
            return False
        done, _ = await asyncio.wait({self._request()}, timeout=_FETCHED if stirs else max(seconds, _THERE))
        return bool(done)

    async def _stirs(self, seconds: float) -> bool | None:
        """Whether there is something to read within this time; None where that cannot be asked, as on Windows."""
        if b"\n" in self._rest:
            return True
        try:
            return bool((await asyncio.to_thread(select.select, [self._fileno()], [], [], seconds))[0])
        except (OSError, ValueError):
            return None

    def _request(self) -> asyncio.Future[Line | None]:
        if self._pending is None:
            self._pending = asyncio.get_running_loop().create_future()
            self._asked.put(self._pending)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="standard input", daemon=True)
            self._thread.start()
        return self._pending

    def _serve(self) -> None:
        while True:
            future = self._asked.get()
            try:
                line = self._next()
            except (OSError, ValueError):  # the terminal is gone, or the stream was closed
                line = None
            try:
                future.get_loop().call_soon_threadsafe(_answer, future, line)
            except RuntimeError:  # the loop ended while the line was being read
                return

    def _next(self) -> Line | None:
        cut = False
        while (end := self._rest.find(b"\n")) < 0:
            if len(self._rest) > LONGEST_LINE:
                cut = True
                del self._rest[LONGEST_LINE:]
            chunk = self._read(_CHUNK)
            if not chunk:
                return self._taken(len(self._rest), 0, cut) if self._rest else None
            self._rest += chunk
        return self._taken(end, 1, cut)

    def _taken(self, end: int, newline: int, cut: bool) -> Line:
        raw = bytes(self._rest[: min(end, LONGEST_LINE)])
        del self._rest[: end + newline]
        if self._first:
            self._first, raw = False, raw.removeprefix(b"\xef\xbb\xbf")
        text = raw.decode("utf-8", "replace").removesuffix("\r")
        return Line(storable(text), damaged=not _valid(raw), cut=cut or end > LONGEST_LINE)


def _answer(future: asyncio.Future[Line | None], line: Line | None) -> None:
    if not future.done():
        future.set_result(line)


def _valid(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
