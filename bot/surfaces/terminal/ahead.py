"""What is typed while the interviewer is busy: not echoed into what is drawn, and kept for the next prompt, unsent.

It was typed before the next question stood there, so it decides nothing: whoever typed it sees it first.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
from collections.abc import Iterator
from typing import TextIO

_END = "\x04"
_BREAK = re.compile("\x1b?\r\n?")
#: What arrows, function keys and marked pastes send.
_KEYS = re.compile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|O.|.)?")
_LAST_WORD = re.compile(r"\S*[^\S\n]*$")
#: More at once is no typing.
_MOST = 64 * 1024
#: Seconds that setting the terminal may take; it takes thousandths.
PATIENCE = 2.0


class Ahead:
    """The keys that come in while nobody asks for them, where standard input is a terminal."""

    def __init__(self, stdin: TextIO) -> None:
        self._stdin = stdin
        self._came = b""

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Within the block nothing typed is echoed. Ctrl-C and Ctrl-Z go on doing what they do."""
        with _silent(self._stdin.fileno()) as silent:
            try:
                yield
            finally:
                if silent:
                    self._came += _waiting(self._stdin.fileno())

    def take(self) -> str | None:
        """What was typed, as it would stand at a prompt; None where that is Ctrl-D and nothing else."""
        with self.held():
            pass
        came, self._came = self._came, b""
        return typed(came.decode("utf-8", "replace"))


def typed(keys: str) -> str | None:
    """The text that these keys leave at a prompt; None where they end it."""
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
    return None if _END in keys and not text.strip() else text.strip("\n")


def _waiting(fd: int) -> bytes:
    came = b""
    with contextlib.suppress(OSError, ValueError):
        while len(came) < _MOST and select.select([fd], [], [], 0)[0] and (more := os.read(fd, 4096)):
            came += more
    return came


@contextlib.contextmanager
def _silent(fd: int) -> Iterator[bool]:
    """Neither echoes nor waits for whole lines within the block; False where the terminal cannot be set so."""
    before = _stty(fd, "-g")
    if not before:
        yield False
        return
    _stty(fd, "-echo", "-icanon")
    try:
        yield True
    finally:
        _stty(fd, before)


def _stty(fd: int, *words: str) -> str:
    """What `stty` says; empty where there is none, as on Windows, or no terminal.

    A program of its own, as Python's module for terminals is there on POSIX alone.
    """
    try:
        done = subprocess.run(["stty", *words], stdin=fd, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
