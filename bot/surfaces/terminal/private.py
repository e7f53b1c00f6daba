"""Files that hold a candidate's words: private to their owner, never half written. What is in them, others know."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

#: What was typed before, over all sessions.
HISTORY = "history.jsonl"
#: Windows would translate line ends otherwise.
_BINARY: int = getattr(os, "O_BINARY", 0)


def folder(home: Path) -> Path:
    """Where this terminal keeps drafts and history."""
    return home / "terminal"


def file_of(home: Path, session: str, ending: str) -> Path:
    """The file of a session; its id is no more than a name."""
    return folder(home) / (quote(session, safe="") + ending)


def write_private(path: Path, text: str) -> None:
    """Replaces a file as a whole, readable by its owner alone; OSError when the disk will not have it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with open_private(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as descriptor:
        _write_all(descriptor, text.encode("utf-8", "replace"))
    beside.replace(path)


def append_private(path: Path, text: str) -> None:
    """Adds to a file, which is made where it is missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as descriptor:
        _write_all(descriptor, text.encode("utf-8", "replace"))


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@contextlib.contextmanager
def open_private(path: Path, flags: int) -> Iterator[int]:
    """A descriptor that is closed afterwards; a new file is private from its first moment."""
    descriptor = os.open(path, flags | _BINARY, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def forget(home: Path, sessions: Iterable[str]) -> int:
    """Removes the drafts of these sessions and the history of this terminal; how many files went."""
    drafts = [path for session in sessions for path in folder(home).glob(quote(session, safe="") + ".*")]
    gone = [path for path in (folder(home) / HISTORY, *drafts) if path.is_file()]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
