"""What leaves the files beside the database: backups, and damaged ones that were set aside.

Which rows leave is said by who asks. The files of other programs are not touched.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    StaticPool,
    Table,
    create_engine,
    delete,
    func,
    literal,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store import pictures
from bot.store import schema as s
from bot.store.faults import damaged, explained, strange
from bot.store.leaving import Rows
from bot.store.place import DAMAGED, PART, Place

_MAGIC = b"SQLite format 3\x00"
_COMPANIONS = ("-wal", "-shm", "-journal")
#: The endings that our pages give backups, and that we give those that are made unasked.
_OF_BACKUPS = (".viva", ".db")
#: A backup without a row in any of these holds nothing any more.
_WORTH_KEEPING = (s.sessions, s.accounts, s.servers, s.documents)


Done = Literal["rewritten", "removed", "unread"] | None


@dataclass(frozen=True)
class Purge:
    """Which rows leave a file: `rows` is given a connection to it and the names of its tables.

    `drop` says which files go that should be backups and cannot be read.
    """

    rows: Callable[[Connection, Collection[str]], Rows]
    drop: Callable[[Path], bool]


@dataclass(frozen=True)
class Purged:
    """The files that were rewritten, those that were removed, and those that may be backups and cannot be read."""

    rewritten: tuple[Path, ...]
    removed: tuple[Path, ...]
    unread: tuple[Path, ...]


async def purged(place: Place, files: Iterable[Path], purge: Purge) -> Purged:
    """Takes the rows out of these files and out of the damaged ones beside the database; their bytes are gone.

    A file from which they cannot be taken keeps none of the others from it; what is wrong with it is raised at the end.
    """

    def work() -> dict[Path, Done]:
        done, wrong = dict[Path, Done](), list[StoreError]()
        for file in sorted({*files, *_aside(place)}):
            try:
                with explained(place.at(file)):
                    done[file] = _purge_file(file, place, purge)
            except StoreError as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]
        return done

    done = await asyncio.to_thread(work)
    each: tuple[Done, ...] = ("rewritten", "removed", "unread")
    return Purged(*(tuple(file for file, how in done.items() if how == what) for what in each))


def under(home: Path) -> Iterator[Path]:
    """Every file under a data folder, less the pictures: what a candidate sent is no backup, whatever it looks like."""
    for folder, folders, names in os.walk(home):
        if Path(folder) == home and pictures.FOLDER in folders:
            folders.remove(pictures.FOLDER)
        files = (Path(folder, name) for name in names)
        yield from (file for file in files if file.is_file() and not file.is_symlink())


def _aside(place: Place) -> Iterator[Path]:
    """The damaged files that were set aside beside the database."""
    return place.file.parent.glob(f"{place.file.name}{DAMAGED}*") if place.file else iter(())


def _purge_file(file: Path, place: Place, purge: Purge) -> Done:
    if file == place.file or file.name.endswith(_COMPANIONS) or not file.is_file():
        return None
    database = _is_database(file)
    if database:
        try:
            left = _rewrite(file, purge)
        except (sqlite3.DatabaseError, SQLAlchemyError) as error:
            if not (damaged(error) or strange(error)):
                raise
        else:
            return None if left is None else "rewritten" if left or file.parent != place.backups else _remove(file)
    ours = DAMAGED in file.name or file.name.endswith(PART) or (file.parent == place.backups and file.suffix == ".db")
    if ours and purge.drop(file):
        return _remove(file)
    return "unread" if database and file.suffix in _OF_BACKUPS else None


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except (PermissionError, FileNotFoundError):  # somebody else's, for ours can be read; or it has just gone
        return False


def _rewrite(file: Path, purge: Purge) -> int | None:
    """Deletes rows from a file, and says how many of those worth keeping are left; None when it holds none of them."""
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if s.VERSION_TABLE not in tables:
            return None
        opened.execute("PRAGMA secure_delete = ON")
        opened.execute("PRAGMA foreign_keys = ON")
        with engine_on(opened).connect() as connection:
            rows = purge.rows(connection, tables)
            if not any(_holds(connection, table, wanted) for table, wanted in rows):
                return None
            delete_rows(connection, rows, tables)
            kept = (table for table in _WORTH_KEEPING if table.name in tables)
            left = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in kept)
        opened.execute("VACUUM")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return left


def engine_on(opened: sqlite3.Connection) -> Engine:
    """An engine whose one connection is this one, which stays its opener's to close."""
    return create_engine("sqlite://", creator=lambda: opened, poolclass=StaticPool, hide_parameters=True)


def _holds(connection: Connection, table: Table, wanted: ColumnElement[bool]) -> bool:
    return connection.scalar(select(literal(1)).select_from(table).where(wanted).limit(1)) is not None


def delete_rows(connection: Connection, rows: Rows, tables: Collection[str]) -> None:
    """Deletes rows from a file with these tables, and the rubrics by which nobody that is left was asked."""
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
