"""Closes the data folder, and what Viva keeps in it, to other users of the machine. What is not Viva's stays as it is.

On Windows a user's own folders are closed by where they lie.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

#: Files that Viva, or an owner for Viva, puts right into a data folder: nobody else's are called so.
FILES = (
    "viva.db*",
    "viva.log*",
    "*.viva",
    "*.viva-part",
    "serve.*",
    "clock.json*",
    "discord-commands*",
    "forgotten.jsonl",
)
#: Folders that it makes there, closed as a whole. Anybody's may be called so: where others keep files, they are left.
FOLDERS = ("backups", "pictures", "index", "documents", "corpus", "terminal", "take-home", "lab")
#: What systems and libraries put into a folder that is also somebody's home: it makes no other folder of it.
ALSO = (".cache", ".config", ".local", "lost+found", ".env")
OTHERS = 0o077


def close(home: Path) -> None:
    """Takes away the rights of others to a data folder that is ours and Viva's alone, and to what is Viva's in any."""
    if sys.platform == "win32":
        return
    shared = _is_shared(home)
    if _is_ours(home) and not shared:
        _shut(home)
    for entry in _entries(home):
        if _named(entry.name, FILES if shared else (*FILES, *FOLDERS)) and not entry.is_symlink() and _is_ours(entry):
            _shut(entry)


def openness(home: Path) -> tuple[str, str] | None:
    """Why others may read in the data folder, or its files belong to them, and the mend; None where all is well."""
    if sys.platform == "win32" or not home.is_dir():
        return None
    if not _is_ours(home):
        return (
            f"{home} belongs to another user ({_owner(home)}): what is written now may be closed to them, and what is "
            "there open to others.",
            "Run Viva as that user, or give it a folder of its own: VIVA_HOME=/path viva …",
        )
    if not home.stat().st_mode & OTHERS:
        return None
    if _is_shared(home):
        return (
            f"{home} holds other files than Viva's, so it was not closed to other users; Viva's database and log in it "
            "are.",
            "Give Viva a folder of its own, and move what is Viva's there: VIVA_HOME=/path viva …",
        )
    return f"{home} can be read by other users, and could not be closed.", f"Close it: chmod 700 {home}"


def write_closed(file: Path, text: str) -> None:
    """Replaces a small file as a whole, for nobody else to read."""
    part = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)
    part.replace(file)


def _is_shared(home: Path) -> bool:
    """Whether the folder is for others too: everybody's, like /tmp, or one with files that are not Viva's."""
    everybodys = bool(home.stat().st_mode & stat.S_ISVTX)
    return everybodys or not all(_named(entry.name, (*FILES, *FOLDERS, *ALSO)) for entry in _entries(home))


def _entries(home: Path) -> Iterator[Path]:
    with suppress(OSError):  # what cannot be listed shows nothing that is another's
        yield from home.iterdir()


def _named(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _is_ours(path: Path) -> bool:
    if sys.platform == "win32":
        return True
    with suppress(OSError):  # it is gone, or out of reach: then it is not ours to close
        return path.stat().st_uid == os.geteuid()
    return False


def _owner(path: Path) -> str:
    if sys.platform != "win32":
        with suppress(KeyError, OSError):  # a container's user need not have a name
            return path.owner()
    return f"number {path.stat().st_uid}"


def _shut(path: Path) -> None:
    """Where a file system knows no such rights, `openness` says so."""
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
