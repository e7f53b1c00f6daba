"""What was said at this terminal before, for the arrow keys: a private file of JSON lines, and no more than that."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from bot.surfaces.terminal.private import append_private

#: How much is read back, in bytes from the end, and the longest entry that is kept.
READ_BACK = 256 * 1024
LONGEST_ENTRY = 16 * 1024


def read_history(path: Path) -> list[str]:
    """The latest entries, oldest first; lines that are damaged or cut are left out."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - READ_BACK))
            lines = file.read().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            found += [entry] if isinstance(entry, str) else []
    return found


def write_history(path: Path, entry: str) -> None:
    """Adds an entry; where the disk will not have it, there is none."""
    if entry.strip() and len(entry) <= LONGEST_ENTRY:
        with contextlib.suppress(OSError):
            append_private(path, json.dumps(entry) + "\n")
