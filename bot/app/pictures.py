"""Pictures that candidates sent as answers: kept beside the records, and gone with them. Nothing looks into them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

from bot.errors import WrongUsage
from bot.store import pictures as kept
from bot.store.pictures import FOLDER as FOLDER
from bot.store.pictures import MOST as MOST
from bot.store.pictures import MOST_BYTES as MOST_BYTES

#: Where the files lie that candidates were given to work on.
MATERIAL = "take-home"
FULL = (
    f"I keep {MOST} pictures of an interview at most, of {MOST_BYTES // 1_000_000} MB together, and this one would be "
    "too much. I cannot read pictures anyway: say in words what is in it."
)


async def keep(home: Path, session: str, key: str, name: str, data: bytes) -> bool:
    """Keeps a picture of a sitting, on the disk before it returns; False where it was kept before.

    WrongUsage where there is no room for it.
    """
    return await asyncio.to_thread(_keep, home / FOLDER / session, kept.name_of(key, name), data)


async def sweep(home: Path, sessions: Collection[str]) -> int:
    """Deletes the pictures, and the files to work on, of sittings that are no more; how many folders went."""
    return await asyncio.to_thread(_sweep, home, frozenset(sessions))


def _keep(folder: Path, name: str, data: bytes) -> bool:
    file = folder / name
    if file.exists():
        return False
    if not kept.room_for(folder, len(data)):
        raise WrongUsage(FULL)
    kept.write(file, data)
    return True


def _sweep(home: Path, sessions: frozenset[str]) -> int:
    for file in (home / MATERIAL).glob("search-log-*.csv"):
        if file.stem.removeprefix("search-log-") not in sessions:
            file.unlink(missing_ok=True)
    return kept.sweep(home, sessions)
