"""Writes backups and brings them back: one portable format, whichever database they come from or go to.

A backup holds no lease and no secret. What its file looks like is in `portable`; who is left out, in `leaving_out`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SittingBusy, StoreError, WrongUsage
from bot.store import pictures, portable, tombstones
from bot.store import schema as s
from bot.store.database import Database
from bot.store.faults import damage, damaged, explain, explained
from bot.store.leaving_out import NOBODY, LeftOut, leave_out
from bot.store.place import DAMAGED, Place
from bot.store.portable import Contents
from bot.store.tombstones import merged

#: How many rows travel at once.
_CHUNK = 500

T = TypeVar("T")
Occupied = Callable[[AsyncConnection], Awaitable[str | None]]


@dataclass(frozen=True)
class Restored:
    """What came back, and where what was here before is kept: in a backup, or in the damaged file set aside.

    `left_out` is what stayed in the backup, of people who were forgotten after it was made.
    """

    sessions: int
    events: int
    kept: Path | None = None
    pictures: int = 0
    left_out: LeftOut = NOBODY


async def backup(database: Database, file: Path) -> Contents:
    """Writes everything to a new file, as it stands at one moment. The file is whole, or it is not there."""

    def complete(part: Path) -> Contents:
        pictures.put_in(part, database.place.home)
        return portable.contents(part)

    return await _backup(database, file, s.HEAD, complete)


async def _backup(database: Database, file: Path, revision: str, complete: Callable[[Path], T]) -> T:
    with explained(database.place.at(file)):
        file = free(file, database.place.backups)
        if file.parent == database.place.backups:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = database.place.at(file)
    with portable.unfinished(file, target) as part:
        if database.sqlite:
            await _copy_file(database, part, target)
        else:
            await _copy_rows(database, part, target, revision)
        with explained(target):
            completed = await asyncio.to_thread(complete, part)
            await asyncio.to_thread(portable.finish, part, file)
    return completed


async def backup_unasked(database: Database, why: str, now: datetime, revision: str | None = None) -> Path:
    """A backup in the folder of those that are made unasked; `why` becomes a part of its name.

    One of a `revision`, made before the database is brought up from it, holds no pictures: they stay where they are.
    """
    name = f"viva-{now.astimezone(UTC):%Y%m%dT%H%M%S}Z-{why}"
    with explained(database.place.at(database.place.backups)):
        database.place.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = _free(database.place.backups, name, ".db")
    if revision is None:
        await backup(database, file)
    else:
        await _backup(database, file, revision, lambda part: None)
    return file


@asynccontextmanager
async def taken_in(place: Place, file: Path) -> AsyncIterator[Path]:
    """A checked copy of a backup, of this release's schema; it is gone afterwards. The backup is only read."""
    target = place.at(place.backups / "restore")
    with explained(target):
        place.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    with portable.unfinished(place.backups / "restore", target) as copy:
        with explained(target):
            await asyncio.to_thread(portable.take_in, file, copy)
        yield copy


async def fill(database: Database, copy: Path, overwrite: bool, now: datetime, occupied: Occupied) -> Restored:
    """Puts the rows of a checked copy in the place of all rows of the database, in one transaction.

    What is of people who were forgotten since it was made is left out.
    """
    home = database.place.home
    async with database.writing() as connection:
        if not database.sqlite:
            await connection.execute(text(f"LOCK TABLE {', '.join(portable.TABLES)} IN EXCLUSIVE MODE"))
        kept = None
        if held := await present(connection):
            await _may_go(connection, database.place, held, overwrite, occupied)
            kept = await backup_unasked(database, "before-restore", now)
        buried = merged(await tombstones.read(connection), tombstones.in_house(home), tombstones.in_backup(copy))
        left_out = await asyncio.to_thread(leave_out, copy, buried, now)
        for table in reversed(s.metadata.sorted_tables):
            await connection.execute(delete(table))
        await tombstones.keep(connection, database.sqlite, buried)
        with closing(sqlite3.connect(copy, check_same_thread=False)) as source:
            poured = [name for name in portable.TABLES if name != s.forgotten.name]
            counts = {name: await _pour(source, name, connection) for name in poured}
        with explained(database.place.at(home / pictures.FOLDER)):
            # Before it is committed: pictures without a sitting are swept away, and nobody would miss them.
            brought = await asyncio.to_thread(pictures.bring_back, copy, home)
    await asyncio.to_thread(tombstones.keep_in_house, home, buried)
    return Restored(counts["sessions"], counts["events"], kept, brought, left_out)


async def check(database: Database) -> str | None:
    """Reads the whole database over; a sentence on what is wrong with it, or None when it is sound."""
    try:
        async with database.reading() as connection:
            if database.sqlite and await connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
                raise damage()
            await connection.scalar(select(func.count()).select_from(s.sessions))
    except StoreError as error:
        return str(error)
    return None


def set_aside(place: Place, now: datetime) -> Path | None:
    """Renames a database file that is damaged, and says to what; None when it is sound, or not there."""
    with explained(place):
        if place.file is None or not place.file.exists() or _sound(place.file):
            return None
        aside = _free(place.file.parent, f"{place.file.name}{DAMAGED}{now.astimezone(UTC):%Y%m%dT%H%M%S}Z")
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{place.file}{end}").rename(f"{aside}{end}")
        return aside


def _free(folder: Path, name: str, end: str = "") -> Path:
    """A name that no file has yet, also where the clock stands still."""
    names = (f"{name}{end}", *(f"{name}-{n}{end}" for n in range(2, 1_000)))
    return next(folder / n for n in names if not (folder / n).exists())


def free(file: Path, ours: Path) -> Path:
    """Where a backup can be written, as a whole path; WrongUsage says why not. Our own folder need not be there yet."""
    file = file.absolute()
    if file.exists():
        raise WrongUsage(f"{file} is there already and was left as it is. Give the backup another name.")
    if file.parent != ours and not file.parent.is_dir():
        raise WrongUsage(f"There is no folder {file.parent}. Make it, or write the backup elsewhere.")
    return file


def _sound(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        return False


async def _copy_file(database: Database, part: Path, target: Place) -> None:
    async with database.outside() as connection:
        try:
            await connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
        except SQLAlchemyError as error:
            # It may be the database that cannot be read, or the backup that cannot be written.
            raise explain(error, database.place if damaged(error) else target) from error


async def _copy_rows(database: Database, part: Path, target: Place, revision: str) -> None:
    with explained(target):
        await asyncio.to_thread(portable.make, part, revision)
    with closing(sqlite3.connect(part, check_same_thread=False, isolation_level=None)) as file:
        file.execute("BEGIN")
        async with database.reading() as connection:
            for name in portable.tables(file):
                clause = portable.clause(file, name)
                put = f"INSERT INTO {name} VALUES ({', '.join('?' * len(clause.columns))})"
                rows = await connection.stream(select(clause))
                async for chunk in rows.partitions(_CHUNK):
                    with explained(target):
                        await asyncio.to_thread(_put, file, put, [tuple(row) for row in chunk])
        with explained(target):
            await asyncio.to_thread(file.commit)


def _put(file: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    # The cursor ends in the thread that it began in: one that is let go of elsewhere resets the statement under the
    # hands of the next thread, for they share it by the connection's cache.
    with closing(file.cursor()) as cursor:
        cursor.executemany(statement, rows)


async def _pour(source: sqlite3.Connection, name: str, connection: AsyncConnection) -> int:
    """Copies a table as it stands, escapes and all, and says how many rows there were."""
    clause, count = portable.clause(source, name), 0
    columns = [c.name for c in clause.columns]
    with closing(source.execute(f"SELECT {', '.join(columns)} FROM {name}")) as rows:
        while chunk := await asyncio.to_thread(rows.fetchmany, _CHUNK):
            await connection.execute(insert(clause), [dict(zip(columns, row, strict=True)) for row in chunk])
            count += len(chunk)
    return count


async def present(connection: AsyncConnection) -> str | None:
    """What the database holds that a restore would replace; None when there is nothing that anybody would miss."""
    chosen = s.servers.c.settings != "{}"
    for one, several, counted in (
        ("session", "sessions", select(func.count()).select_from(s.sessions)),
        ("document", "documents", select(func.count()).select_from(s.documents)),
        ("joined account", "joined accounts", select(func.count()).select_from(s.accounts)),
        ("server's settings", "servers' settings", select(func.count()).select_from(s.servers).where(chosen)),
    ):
        if n := await connection.scalar(counted):
            return f"{n} {one if n == 1 else several}"
    return None


async def _may_go(connection: AsyncConnection, place: Place, held: str, overwrite: bool, occupied: Occupied) -> None:
    """Raises unless what is in the database may be replaced."""
    if not overwrite:
        raise WrongUsage(
            f"The database {place.shown} holds {held} already. Nothing was changed. Restore with --replace to "
            "replace everything in it; it is backed up first."
        )
    if session := await occupied(connection):
        raise SittingBusy(f"Another process is working on session {session}. Nothing was changed. End it first.")
