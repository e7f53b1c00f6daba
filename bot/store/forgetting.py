"""Deletes sessions for good: the rows, and the bytes they leave in files. Other rooms' files are for them to clear."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Column, ColumnElement, delete, func, select, text

from bot.errors import StoreBusy
from bot.store import schema as s
from bot.store.database import Database
from bot.store.faults import damaged, explained
from bot.store.place import DAMAGED, PART, Place

_MAGIC = b"SQLite format 3\x00"
_COMPANIONS = ("-wal", "-shm", "-journal")

_STILL_READ = (
    "The sittings are deleted, but another program still uses an older state of the database, so that words may be "
    "left in its files. Close that program and give the same command again."
)


@dataclass(frozen=True)
class Forgotten:
    """What was deleted: sessions and events, and backup files that were rewritten without them, or removed."""

    sessions: int
    events: int
    rewritten: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()


@dataclass(frozen=True)
class _Purge:
    """Which sessions leave the files: `where` is SQL on table `sessions` with one `?` for `value`.

    `drop` says which files go that should be backups and cannot be read.
    """

    where: str
    value: str
    drop: Callable[[Path], bool]


async def forget(database: Database, column: Column[str], value: str) -> Forgotten:
    """Deletes the sessions whose `column` (owner or id) has this value, and every word of them in Viva's files."""
    sessions, events = await _delete(database, column == value)
    await _erase(database)
    purge = _Purge(f"{column.name} = ?", s.escaped(value), drop=lambda file: True)
    rewritten, removed = await _purged(database.place, _under(database.place.home), purge)
    return Forgotten(sessions, events, rewritten, removed)


async def expire(database: Database, before: str) -> Forgotten:
    """Deletes the sessions whose last event is older than a time (as the log has it), in the unasked backups too."""
    sessions, events = await _delete(database, s.sessions.c.at < before)
    if sessions and database.sqlite:
        async with database.outside() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    oldest = datetime.fromisoformat(before).timestamp()
    purge = _Purge("at < ?", before, drop=lambda file: file.stat().st_mtime < oldest)
    rewritten, removed = await _purged(database.place, database.place.backups.glob("*"), purge)
    return Forgotten(sessions, events, rewritten, removed)


async def _delete(database: Database, wanted: ColumnElement[bool]) -> tuple[int, int]:
    async with database.writing() as connection:
        chosen = select(s.sessions.c.id).where(wanted)
        events = await connection.scalar(select(func.count()).where(s.events.c.session.in_(chosen)))
        deleted = await connection.execute(delete(s.sessions).where(wanted))
    async with database.writing() as connection:
        if not database.sqlite:
            # Whoever is just linking a session to a rubric is waited for, and others wait: no link can dangle.
            await connection.execute(text("LOCK TABLE rubrics IN SHARE ROW EXCLUSIVE MODE"))
        linked = select(s.session_rubrics.c.rubric)
        await connection.execute(delete(s.rubrics).where(s.rubrics.c.hash.not_in(linked)))
    return deleted.rowcount, events or 0


async def _erase(database: Database) -> None:
    """Rewrites the database without what was deleted; its write-ahead log is emptied."""
    try:
        async with database.outside(alone=True) as connection:
            if not database.sqlite:
                for table in s.metadata.sorted_tables:
                    await connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
                return
            await connection.exec_driver_sql("VACUUM")
            busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar()
    except StoreBusy as error:
        raise StoreBusy(_STILL_READ) from error
    if busy:
        raise StoreBusy(_STILL_READ)


async def _purged(place: Place, files: Iterable[Path], purge: _Purge) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The files that were rewritten, and those that were removed."""

    def work() -> dict[Path, str | None]:
        done: dict[Path, str | None] = {}
        for file in sorted({*files, *_aside(place)}):
            with explained(place.at(file)):
                done[file] = _purge_file(file, place, purge)
        return done

    done = await asyncio.to_thread(work)
    return tuple(f for f, how in done.items() if how == "rewritten"), tuple(f for f in done if done[f] == "removed")


def _under(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _aside(place: Place) -> Iterator[Path]:
    """The damaged files that were set aside beside the database."""
    return place.file.parent.glob(f"{place.file.name}{DAMAGED}*") if place.file else iter(())


def _purge_file(file: Path, place: Place, purge: _Purge) -> Literal["rewritten", "removed"] | None:
    if file == place.file or file.name.endswith(_COMPANIONS) or not file.is_file():
        return None
    unreadable = not _is_database(file)
    if not unreadable:
        try:
            left = _rewrite(file, purge)
        except sqlite3.DatabaseError as error:
            if not damaged(error):
                raise
            unreadable = True
        else:
            return None if left is None else "rewritten" if left or file.parent != place.backups else _remove(file)
    ours = DAMAGED in file.name or file.name.endswith(PART) or (file.parent == place.backups and file.suffix == ".db")
    return _remove(file) if ours and purge.drop(file) else None


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except PermissionError:  # somebody else's: ours can be read
        return False


def _rewrite(file: Path, purge: _Purge) -> int | None:
    """Deletes sessions from a file, and says how many are left in it; None when it holds none of them."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if s.VERSION_TABLE not in tables:
            return None
        found = connection.execute(f"SELECT count(*) FROM sessions WHERE {purge.where}", (purge.value,)).fetchone()[0]
        if not found:
            return None
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"DELETE FROM sessions WHERE {purge.where}", (purge.value,))
        if s.rubrics.name in tables:
            connection.execute("DELETE FROM rubrics WHERE hash NOT IN (SELECT rubric FROM session_rubrics)")
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        left: int = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
        return left


def _remove(file: Path) -> Literal["removed"]:
    for path in (file, *(file.with_name(file.name + end) for end in _COMPANIONS)):
        path.unlink(missing_ok=True)
    return "removed"
