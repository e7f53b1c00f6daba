"""Opens the store: makes, checks or migrates its schema first. A schema that is current costs two small queries."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NothingKept, StoreBroken, StoreError, StoreNewer, WrongUsage
from bot.store import backups, others, pictures
from bot.store import schema as s
from bot.store.backups import Restored
from bot.store.database import PATIENCE, Database
from bot.store.faults import explained
from bot.store.holder import may_live
from bot.store.log import Clock, SqlStore
from bot.store.place import Place, locate
from bot.store.whole import whole

#: The key of PostgreSQL's advisory lock under which one process at a time makes or migrates the schema ("viva").
_SCHEMA_LOCK = 0x76697661


@whole
async def open_store(
    url: str | None,
    home: Path,
    clock: Clock,
    holder: str,
    alive: Callable[[str], bool] = may_live,
    patience: float = PATIENCE,
) -> SqlStore:
    """The store at a database URL, or in the file `viva.db` in `home`, with the schema of this release.

    It waits `patience` seconds for other programs' locks. Raises StoreNewer, StoreBroken or StoreBusy with a sentence,
    WrongUsage for a URL that cannot be used.
    """
    database = Database(locate(url, home), patience)
    try:
        await database.make_ready()
        await _prepare(database, clock)
    except BaseException:  # also when it is cancelled
        with suppress(StoreError):
            await database.close()
        raise
    return SqlStore(database, clock, holder, alive)


@whole
async def open_existing(url: str | None, home: Path, clock: Clock, holder: str) -> SqlStore:
    """The same, where something is kept there already; else NothingKept, and nothing is made."""
    place = locate(url, home)
    if place.file is not None and not await asyncio.to_thread(_is_ours, place):
        raise _nothing(place)
    database = Database(place)
    try:
        async with database.reading() as connection:
            if await _revision(connection, database) is None:
                raise _nothing(place)
    finally:
        await database.close()
    store = await open_store(url, home, clock, holder)
    async with store.database.reading() as connection:
        if await backups.present(connection) is not None:
            return store
    await store.close()
    raise _nothing(place)


@whole
async def restore_store(
    url: str | None, home: Path, clock: Clock, holder: str, file: Path, overwrite: bool = False
) -> Restored:
    """Brings a backup back, also where the database that it is to replace is damaged: that file is kept beside.

    StoreBusy where another process has the database open, for what it holds in mind would be gone.
    """
    place = locate(url, home)
    async with backups.taken_in(place, file) as copy:
        await asyncio.to_thread(others.refuse_opened, place)
        aside = await asyncio.to_thread(backups.set_aside, place, clock())
        store = await open_store(url, home, clock, holder)
        try:
            await others.refuse_connected(store.database)
            restored = await store.fill(copy, overwrite)
            if aside is None:  # else the pictures of what is damaged are with it nowhere else
                await asyncio.to_thread(pictures.sweep, home, await store.ids())
        finally:
            await store.close()
    return replace(restored, kept=aside or restored.kept)


def _nothing(place: Place) -> NothingKept:
    return NothingKept(
        f"Nothing is kept in {place.shown}: there is no database of Viva, or nothing in it. Nothing was written. If "
        "your interviews are elsewhere, set VIVA_HOME (or VIVA_DATABASE_URL) as `viva serve` has it."
    )


def _is_ours(place: Place) -> bool:
    """Whether there is a file with tables; one that is damaged is for others to name."""
    assert place.file is not None
    if not place.file.is_file():
        return False
    with explained(place), closing(sqlite3.connect(f"{place.file.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


async def _prepare(database: Database, clock: Clock) -> None:
    async with database.reading() as connection:
        if await _revision(connection, database) == s.HEAD:
            return
    async with database.writing() as connection:
        if not database.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
        # Another process may have done it while this one waited for the lock.
        revision = await _revision(connection, database)
        if revision is None:
            await connection.run_sync(s.create)
        elif revision != s.HEAD:
            await _migrate(connection, database, revision, clock())


async def _revision(connection: AsyncConnection, database: Database) -> str | None:
    """The revision of the schema that is there, or None where there is none yet."""
    tables = await _tables(connection, database)
    if s.VERSION_TABLE not in tables:
        if tables if database.sqlite else tables & set(s.metadata.tables):
            raise WrongUsage(
                f"The database {database.place.shown} belongs to another program: it has tables, and none of Viva's. "
                "Nothing was changed. Give VIVA_DATABASE_URL a database of its own, or leave it unset."
            )
        return None
    revision: str | None = await connection.scalar(select(s.version.c.version_num))
    if revision is None:
        raise StoreBroken(
            f"The database {database.place.shown} does not say which release made it. It was left as it is; "
            "`viva restore FILE` brings back a backup."
        )
    if revision not in s.REVISIONS:
        raise StoreNewer(
            f"The database {database.place.shown} was written by a newer release of Viva (schema {revision}; this "
            f"release knows those up to {s.HEAD}). Nothing was changed. Install the newer release again, or set "
            "VIVA_HOME to another folder."
        )
    return revision


async def _tables(connection: AsyncConnection, database: Database) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not database.sqlite:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return set(await connection.scalars(text(query)))


async def _migrate(connection: AsyncConnection, database: Database, revision: str, now: datetime) -> None:
    from bot.store import migrating

    if await connection.scalar(text("SELECT count(*) FROM sessions")):
        await backups.backup_unasked(database, f"before-{s.HEAD}", now, revision)
    await connection.run_sync(migrating.upgrade)
