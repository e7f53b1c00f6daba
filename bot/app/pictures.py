"""Pictures that candidates sent as answers: kept beside the records, and gone with them. Nothing looks into them."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from bot.errors import WrongUsage

FOLDER = "pictures"
#: Where the files lie that candidates were given to work on.
MATERIAL = "take-home"
LONGEST_NAME = 80
#: What a sitting may keep of them, in number and in bytes.
MOST, MOST_BYTES = 20, 40_000_000
FULL = (
    f"I keep {MOST} pictures of an interview at most, of {MOST_BYTES // 1_000_000} MB together, and this one would be "
    "too much. I cannot read pictures anyway: say in words what is in it."
)


async def keep(home: Path, session: str, key: str, name: str, data: bytes) -> bool:
    """Keeps a picture of a sitting, on the disk before it returns; False where it was kept before.

    WrongUsage where there is no room for it.
    """
    return await asyncio.to_thread(_keep, home / FOLDER / session, f"{key}-{_plain(name)}", data)


async def sweep(home: Path, sessions: Collection[str]) -> int:
    """Deletes the pictures, and the files to work on, of sittings that are no more; how many folders went."""
    return await asyncio.to_thread(_sweep, home, frozenset(sessions))


def _keep(folder: Path, name: str, data: bytes) -> bool:
    file = folder / name
    if file.exists():
        return False
    kept = [one.stat().st_size for one in folder.glob("*")]
    if len(kept) >= MOST or sum(kept) + len(data) > MOST_BYTES:
        raise WrongUsage(FULL)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)
    return True


def _sweep(home: Path, sessions: frozenset[str]) -> int:
    gone = [one for one in (home / FOLDER).glob("*") if one.is_dir() and one.name not in sessions]
    for one in gone:
        shutil.rmtree(one)
    for file in (home / MATERIAL).glob("search-log-*.csv"):
        if file.stem.removeprefix("search-log-") not in sessions:
            file.unlink(missing_ok=True)
    return len(gone)


def _plain(name: str) -> str:
    """The name without what could lead elsewhere."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[-LONGEST_NAME:] or "picture"
