"""One `viva serve` a data folder: two with one token would both get, and answer, every interaction.

It also names such a folder, for the claims of the one that serves there.

The lock is the system's own, so that it ends with the process, however that ends.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from bot.app.closed import write_closed
from bot.app.home import unwritable
from bot.errors import StoreBroken, VivaError

LOCK = "serve.lock"
NAME = "serve.id"


class ServedAlready(VivaError):
    """Another process serves from this data folder; the message says what to do."""


ANOTHER = (
    "Another `viva serve` is running on the data folder {home}, and two with one token would both answer everything. "
    "End that one first; or, for a bot of its own, give this one another folder (VIVA_HOME) and another token."
)
UNDER_ITS_FEET = (
    "A `viva serve` is running on the data folder {home}, or another restore is. Nothing was changed. End it first, "
    "bring the backup back, and start it again."
)


@contextlib.contextmanager
def alone(home: Path, otherwise: str = ANOTHER) -> Iterator[None]:
    """Keeps others from serving from this data folder for the block; ServedAlready, so worded, where somebody does."""
    from filelock import FileLock, Timeout

    lock = FileLock(home / LOCK, mode=0o600, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise ServedAlready(otherwise.format(home=home)) from None
    except OSError as error:
        raise unwritable(home, str(error.strerror)) from None
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
        name = secrets.token_hex(8)
        write_closed(file, name)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreBroken(f"The file {file} cannot be used ({error}). Mend its permissions, or remove it.") from None
    return name
