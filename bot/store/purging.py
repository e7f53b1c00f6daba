"""What leaves the files beside the database: backups, and damaged ones that were set aside.

Which rows leave is said by who asks. The files of other programs are not touched.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import ColumnElement, Connection, StaticPool, Table, create_engine, delete, func, literal, select
from sqlalchemy.exc import SQLAlchemyError

from bot.store import schema as s
from bot.store.faults import damaged, explained
from bot.store.leaving import Rows
from bot.store.place import DAMAGED, PART, Place

_MAGIC = b"SQLite format 3\x00"
_COMPANIONS = ("-wal", "-shm", "-journal")
#: A backup without a row in any of these holds nothing any more.
_WORTH_KEEPING = (s.sessions, s.accounts, s.servers, s.documents)


@dataclass(frozen=True)
class Purge:
    """Which rows leave a file: `rows` is given a connection to it and the names of its tables.

    `drop` says which files go that should be backups and cannot be read.
    """

    rows: Callable[[Connection, Collection[str]], Rows]
    drop: Callable[[Path], bool]


@dataclass(frozen=True)
class Purged:
    """The files that were rewritten, and those that were removed."""

    rewritten: tuple[Path, ...]
    removed: tuple[Path, ...]


async def purged(place: Place, files: Iterable[Path], purge: Purge) -> Purged:
    """Takes the rows out of these files and out of the damaged ones beside the database; their bytes are gone."""

    def work() -> dict[Path, str | None]:
        done: dict[Path, str | None] = {}
        for file in sorted({*files, *_aside(place)}):
            with explained(place.at(file)):
                done[file] = _purge_file(file, place, purge)
        return done

    done = await asyncio.to_thread(work)
    return Purged(
        tuple(f for f, how in done.items() if how == "rewritten"), tuple(f for f in done if done[f] == "removed")
    )


def under(folder: Path) -> Iterator[Path]:
    """Every file under a folder."""
    return (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _aside(place: Place) -> Iterator[Path]:
    """The damaged files that were set aside beside the database."""
    return place.file.parent.glob(f"{place.file.name}{DAMAGED}*") if place.file else iter(())


def _purge_file(file: Path, place: Place, purge: Purge) -> Literal["rewritten", "removed"] | None:
    if file == place.file or file.name.endswith(_COMPANIONS) or not file.is_file():
        return None
    unreadable = not _is_database(file)
    if not unreadable:
        try:
            left = _rewrite(file, purge)
        except (sqlite3.DatabaseError, SQLAlchemyError) as error:
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


def _rewrite(file: Path, purge: Purge) -> int | None:
    """Deletes rows from a file, and says how many of those worth keeping are left; None when it holds none of them."""
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if s.VERSION_TABLE not in tables:
            return None
        opened.execute("PRAGMA secure_delete = ON")
        opened.execute("PRAGMA foreign_keys = ON")
        engine = create_engine("sqlite://", creator=lambda: opened, poolclass=StaticPool, hide_parameters=True)
        with engine.connect() as connection:
            rows = purge.rows(connection, tables)
            if not any(_holds(connection, table, wanted) for table, wanted in rows):
                return None
            _delete(connection, rows, tables)
            kept = (table for table in _WORTH_KEEPING if table.name in tables)
            left = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in kept)
        opened.execute("VACUUM")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return left


def _holds(connection: Connection, table: Table, wanted: ColumnElement[bool]) -> bool:
    return connection.scalar(select(literal(1)).select_from(table).where(wanted).limit(1)) is not None


def _delete(connection: Connection, rows: Rows, tables: Collection[str]) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    for table, wanted in rows:
        connection.execute(delete(table).where(wanted))
    if s.rubrics.name in tables:
        linked = select(s.session_rubrics.c.rubric)
        connection.execute(delete(s.rubrics).where(s.rubrics.c.hash.not_in(linked)))
    connection.exec_driver_sql("COMMIT")


def _remove(file: Path) -> Literal["removed"]:
    for path in (file, *(file.with_name(file.name + end) for end in _COMPANIONS)):
        path.unlink(missing_ok=True)
    return "removed"
