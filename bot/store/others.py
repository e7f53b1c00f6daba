"""Whether another process has the database open, at work or not. It waits for nobody and ends nobody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from bot.errors import StoreBusy
from bot.store.database import APPLICATION, Database
from bot.store.faults import damaged, explained
from bot.store.place import Place

#: Seconds in which whoever only looked into the file has closed it again.
_GLANCE = 0.5
#: Two of Viva's processes never call themselves the same.
_OTHERS = text(
    "SELECT min(application_name) FROM pg_stat_activity WHERE datname = current_database() "
    f"AND application_name LIKE '{APPLICATION}%' AND application_name <> current_setting('application_name')"
)
_FREE = "Nothing was changed. End it (`viva serve`, `viva chat`), then give the same command again."


def refuse_opened(place: Place) -> None:
    """Raises StoreBusy where another program has this SQLite file open; one that is damaged is nobody's."""
    if place.file is None or not place.file.exists():
        return
    with explained(place):
        try:
            alone = _alone(place.file)
        except sqlite3.DatabaseError as error:
            if not damaged(error):
                raise
            return
    if not alone:
        raise StoreBusy(f"Another program has the database {place.shown} open. {_FREE}")


async def refuse_connected(database: Database) -> None:
    """The same for a server, as far as it tells which programs are connected."""
    if database.sqlite:
        return
    async with database.glancing() as connection:
        name: str | None = await connection.scalar(_OTHERS)
    if name is not None:
        which = name.removeprefix(APPLICATION).strip()
        who = f"Another Viva{f' (number {which})' if which else ''}"
        raise StoreBusy(f"{who} is connected to the database {database.place.shown}. {_FREE}")


def _alone(file: Path) -> bool:
    """SQLite gives the whole file to one connection only where no other has it open, also one that does nothing."""
    with closing(sqlite3.connect(file, timeout=_GLANCE, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
    return True
