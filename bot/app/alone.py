"""One `viva serve` a data folder: two with one token would both get, and answer, every interaction.

It also names such a folder, for the claims of the one that serves there.

The lock is the system's own, so that it ends with the process, however that ends.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from bot.errors import StoreBroken, VivaError

LOCK = "serve.lock"
NAME = "serve.id"


class ServedAlready(VivaError):
    """Another process serves from this data folder; the message says what to do."""


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Keeps others from serving from this data folder for the block; ServedAlready where somebody does."""
    from filelock import FileLock, Timeout

    lock = FileLock(home / LOCK, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise ServedAlready(
            f"Another `viva serve` is running on the data folder {home}, and two with one token would both answer "
            "everything. End that one first; or, for a bot of its own, give this one another folder (VIVA_HOME) and "
            "another token."
        ) from None
    try:
        yield
    finally:
        lock.release()


def name_of(home: Path) -> str:
    """The name of a data folder, given at its first use; it is the same in every container that has the folder.

    Who asks is `alone` in the folder.
    """
    file = home / NAME
    try:
        if name := (file.read_text(encoding="ascii").strip() if file.exists() else ""):
            return name
        part, name = file.with_name(f"{NAME}.part"), secrets.token_hex(8)
        part.write_text(name, encoding="ascii")
        part.replace(file)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreBroken(f"The file {file} cannot be used ({error}). Mend its permissions, or remove it.") from None
    return name
