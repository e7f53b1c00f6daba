"""What a program prints: read as it comes, kept up to its cap, made harmless. It judges nothing."""

from __future__ import annotations

import asyncio
import re

#: As much is read at once. Reading is all that the loop does for a program that floods it.
PIECE = 16 * 1024
#: Control characters but tab and line feed: an escape sequence must not reach a terminal, nor a NUL a database.
#: Also what turns the direction of text around, and halves of characters.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Output:
    """The standard output and errors of one program, as they come, up to `most` bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept = bytearray()
        self.over = False

    async def read(self, *streams: asyncio.StreamReader) -> None:
        """Reads until all have ended, or there was more than the cap: then `over` is set, and nothing more is read."""
        readers = [asyncio.ensure_future(self._read(stream)) for stream in streams]
        try:
            waiting = set(readers)
            while waiting and not self.over:
                _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while not self.over and (piece := await stream.read(PIECE)):
            self._kept += piece[: self._most - len(self._kept) + 1]
            if len(self._kept) > self._most:
                del self._kept[self._most :]
                self.over = True

    def text(self) -> str:
        """What was kept, as text that can be shown anywhere."""
        return harmless(self._kept.decode("utf-8", errors="replace"))


def harmless(text: str) -> str:
    """The text with nothing in it that a terminal, a chat or a database would act on; `\\r` overwrites its line."""
    lines = (line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", "\n".join(lines))
