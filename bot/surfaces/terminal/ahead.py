"""What is typed while the interviewer is busy: not echoed into what is drawn, and kept for the next prompt, unsent.

It was typed before the next question stood there, so it decides nothing: whoever typed it sees it first, and a Ctrl-D
among it is dropped.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
from collections.abc import Iterator
from typing import Any, TextIO

if sys.platform != "win32":
    import termios

_BREAK = re.compile("\x1b?\r\n?")
#: What arrows, function keys and marked pastes send.
_KEYS = re.compile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|O.|.)?")
_LAST_WORD = re.compile(r"\S*[^\S\n]*$")
#: More at once is no typing.
_MOST = 64 * 1024
#: Where the local flags and the control characters stand among a terminal's attributes.
_LOCAL, _CONTROL = 3, 6


class Ahead:
    """The keys that come in while nobody asks for them, where standard input is a terminal."""

    def __init__(self, stdin: TextIO) -> None:
        self._stdin = stdin
        self._came = b""
        #: How the terminal was set when it was first seen, which is what it is set back to each time: were one
        #: setting back ever to fail, the next would not take the silence for the terminal's own.
        self._first: list[Any] | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Within the block nothing typed is echoed. Ctrl-C and Ctrl-Z go on doing what they do."""
        silent = False
        try:
            silent = self._hush()
            yield
        finally:
            try:
                if silent:
                    self._came += _waiting(self._stdin.fileno())
            finally:
                self.close()

    def take(self) -> str:
        """What was typed, as it would stand at a prompt."""
        with self.held():
            pass
        came, self._came = self._came, b""
        return typed(came.decode("utf-8", "replace"))

    def close(self) -> None:
        """Sets the terminal as it was first seen; where nothing was ever held, it is left alone."""
        if self._first is not None and _attributes(self._stdin) != self._first:
            _set(self._stdin, self._first)

    def _hush(self) -> bool:
        """Turns off the echo, and the wait for whole lines; False where there is no terminal to set so."""
        if self._first is None:
            self._first = _attributes(self._stdin)
        return self._first is not None and _set(self._stdin, _silent(self._first))


def typed(keys: str) -> str:
    """The text that these keys leave at a prompt. What else they would do there, Ctrl-D's end say, they do not."""
    text = ""
    for key in _KEYS.sub("", _BREAK.sub("\n", keys)):
        if key in "\x7f\b":
            text = text[:-1]
        elif key == "\x15":
            text = text[: text.rfind("\n") + 1]
        elif key == "\x17":
            text = _LAST_WORD.sub("", text.rstrip(" "))
        elif key in "\n\t" or key.isprintable():
            text += key
    return text.strip("\n")


def _waiting(fd: int) -> bytes:
    came = b""
    with contextlib.suppress(OSError, ValueError):
        while len(came) < _MOST and select.select([fd], [], [], 0)[0] and (more := os.read(fd, 4096)):
            came += more
    return came


def _attributes(stdin: TextIO) -> list[Any] | None:
    """How the terminal is set; None where there is none, and on Windows."""
    if sys.platform != "win32":
        with contextlib.suppress(termios.error, OSError, ValueError):
            return termios.tcgetattr(stdin.fileno())
    return None


def _silent(attributes: list[Any]) -> list[Any]:
    """The same without echo, where each key counts at once."""
    silent = [*attributes[:_CONTROL], [*attributes[_CONTROL]]]
    if sys.platform != "win32":
        silent[_LOCAL] &= ~(termios.ECHO | termios.ICANON)
        silent[_CONTROL][termios.VMIN], silent[_CONTROL][termios.VTIME] = 1, 0
    return silent


def _set(stdin: TextIO, attributes: list[Any]) -> bool:
    """Sets the terminal at once, in this process: nothing that Ctrl-C could stop half-way."""
    if sys.platform != "win32":
        with contextlib.suppress(termios.error, OSError, ValueError):
            termios.tcsetattr(stdin.fileno(), termios.TCSANOW, attributes)
            return True
    return False
