"""Standard output that may go away: `viva chat | head` ends quietly. It knows nothing of what is written."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TextIO


class OutputGone(Exception):
    """Whoever read the output is gone. Nobody's fault, and nothing to say: there is nobody to say it to."""


class Output:
    """Text straight to a stream, in an encoding that never fails: what it cannot show becomes `?`."""

    def __init__(self, stream: TextIO, encoding: str | None = None) -> None:
        self.stream = stream
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=encoding, errors="replace")

    def write(self, text: str) -> None:
        """Writes and flushes; OutputGone when the other end is closed."""
        try:
            self.stream.write(text)
            self.stream.flush()
        except OSError as error:
            raise OutputGone from error

    @contextlib.contextmanager
    def leaving_quietly(self) -> Iterator[None]:
        """Ends the block without a word when the output is gone."""
        try:
            yield
        except OutputGone:
            self._silence()

    def _silence(self) -> None:
        """Points the stream at nothing, so that what it still holds raises no second error at exit."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)
