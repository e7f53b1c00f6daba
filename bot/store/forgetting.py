"""Deletes for good: the rows, and the bytes they leave in files. Other rooms' files are for them to clear.

Which rows leave is said in `leaving`; what a file beside the database loses is in `purging`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreBusy
from bot.store import leaving, linking, tombstones
from bot.store import schema as s
from bot.store.database import Database
from bot.store.leaving import SERVER_KEPT, Rows
from bot.store.purging import Purge, Purged, purged, under
from bot.store.rows import stamp

_STILL_READ = (
    "It is deleted, but another program still uses an older state of the database, so that words may be left in its "
    "files. Close that program and give the same command again."
)
#: How often, and for how long (milliseconds) at most each time, the log is tried to be emptied.
_TURNS, _TURN_MS = 20, 50


@dataclass(frozen=True)
class Held:
    """What is kept of a person: the names they are known by, and how many sittings, documents, and places on boards."""

    person: str
    accounts: tuple[str, ...] = ()
    sessions: int = 0
    documents: int = 0
    boards: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The person and the accounts joined to it."""
        return (self.person, *self.accounts)


@dataclass(frozen=True)
class Forgotten:
    """What was deleted, and the backup files that were rewritten without it, or removed.

    `names` are those by which a person was known, `servers` those whose settings and documents went: what other rooms
    keep for them is theirs to clear. `unread` are files that may be backups and cannot be read; they were left.
    """

    sessions: int
    events: int
    rewritten: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    documents: int = 0
    names: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    unread: tuple[Path, ...] = ()


async def held(database: Database, name: str) -> Held:
    """What is kept of whoever is known by this name, a person's or an account's."""
    async with database.reading() as connection:
        person = await linking.person_of(connection, name)
        names = await connection.run_sync(leaving.names_of, name)
        counts = await _counted(connection, leaving.of_people(names))
    shown = (counts[table.name] for table in (s.sessions, s.documents, s.board))
    return Held(person, tuple(sorted(names - {person})), *shown)


async def forget(database: Database, name: str, now: datetime) -> Forgotten:
    """Deletes all that is kept of a person with the accounts joined to it, and every word of it in Viva's files.

    `name` is the person's own, or one of the accounts. What stays is that these were forgotten, for later restores.
    """
    async with database.writing() as connection:
        names = await connection.run_sync(leaving.names_of, name)
        gone = await _delete(connection, leaving.of_people(names))
        await _bury(connection, database, names, now)
    await _sweep(database)
    await _erase(database)

    def theirs(file: Connection, tables: Collection[str]) -> Rows:
        # One whose rows went the last time, before the files were reached, is known by the file alone.
        known = leaving.names_of(file, name, tables) if names == {name} else leaving.joined(file, names, tables)
        return leaving.of_people(names | known, tables)

    files = await purged(database.place, under(database.place.home), Purge(theirs, drop=lambda file: True))
    return _forgotten(gone, files, names=tuple(sorted(names)))


async def forget_session(database: Database, session: str) -> Forgotten:
    """Deletes one session, and every word of it in Viva's files."""
    async with database.writing() as connection:
        gone = await _delete(connection, leaving.of_session(session))
    await _sweep(database)
    await _erase(database)
    purge = Purge(lambda file, tables: leaving.of_session(session, tables), drop=lambda file: True)
    return _forgotten(gone, await purged(database.place, under(database.place.home), purge))


async def expire(database: Database, days: int, now: datetime) -> Forgotten:
    """Deletes what is older than so many days, and what is kept for servers left long ago, in unasked backups too.

    The backups come first: which servers those are is known by the database alone.
    """
    oldest = now - timedelta(days=days)
    async with database.reading() as connection:
        left = await _left(connection, now)
    purge = Purge(
        lambda file, tables: leaving.too_old(stamp(oldest), now, left, tables),
        drop=lambda file: file.stat().st_mtime < oldest.timestamp(),
    )
    files = await purged(database.place, database.place.backups.glob("*"), purge)
    async with database.writing() as connection:
        left = await _left(connection, now)
        gone = await _delete(connection, leaving.too_old(stamp(oldest), now, left))
        if gone[s.documents.name]:
            await _rewrite_documents(connection, database.sqlite)
    await _sweep(database)
    if any(gone.values()):
        await _empty_log(database)
    return _forgotten(gone, files, servers=left)


async def remove_document(database: Database, owner: str, key: str) -> bool:
    """Deletes a document, and every word of it in Viva's files; False when there is none.

    Other writers wait while the documents, and they alone, are written anew: 0.14 s where there are ten megabytes.
    """
    async with database.writing() as connection:
        gone = await _delete(connection, leaving.of_document(owner, key))
        await _rewrite_documents(connection, database.sqlite)
    if not database.sqlite:
        async with database.outside() as connection:
            await connection.exec_driver_sql(f"VACUUM (FULL) {s.documents.name}")
    emptied = await _empty_log(database)
    purge = Purge(lambda file, tables: leaving.of_document(owner, key, tables), drop=lambda file: False)
    await purged(database.place, under(database.place.home), purge)
    if not emptied:
        raise StoreBusy(_STILL_READ)
    return gone[s.documents.name] > 0


async def _bury(connection: AsyncConnection, database: Database, names: Collection[str], now: datetime) -> None:
    home = database.place.home
    known = tombstones.merged(await tombstones.read(connection), await asyncio.to_thread(tombstones.in_house, home))
    buried = await asyncio.to_thread(tombstones.bury, names, now, known)
    await tombstones.keep(connection, database.sqlite, buried)
    await asyncio.to_thread(tombstones.keep_in_house, home, buried)


def _forgotten(
    gone: Mapping[str, int], files: Purged, names: tuple[str, ...] = (), servers: tuple[str, ...] = ()
) -> Forgotten:
    counts = (gone[s.sessions.name], gone[s.events.name])
    documents = gone.get(s.documents.name, 0)
    return Forgotten(*counts, files.rewritten, files.removed, documents, names, servers, files.unread)


async def _left(connection: AsyncConnection, now: datetime) -> tuple[str, ...]:
    """The servers from which the bot was removed too long ago for anything to be kept for them."""
    c = s.servers.c
    found = await connection.scalars(select(c.server).where(c.left_at < stamp(now - SERVER_KEPT)))
    return tuple(sorted(found))


async def _counted(connection: AsyncConnection, rows: Rows) -> dict[str, int]:
    counts = {}
    for table, wanted in rows:
        counts[table.name] = await connection.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    return counts


async def _delete(connection: AsyncConnection, rows: Rows) -> dict[str, int]:
    """Deletes rows, and says how many of each table there were, of the events too."""
    sessions = [select(s.sessions.c.id).where(wanted) for table, wanted in rows if table is s.sessions]
    events = [(s.events, s.events.c.session.in_(chosen)) for chosen in sessions]
    gone = await _counted(connection, events)
    for table, wanted in rows:
        gone[table.name] = (await connection.execute(delete(table).where(wanted))).rowcount
    return gone


async def _sweep(database: Database) -> None:
    """Deletes the rubrics by which no session that is left was asked."""
    async with database.writing() as connection:
        if not database.sqlite:
            # Whoever is just linking a session to a rubric is waited for, and others wait: no link can dangle.
            await connection.execute(text("LOCK TABLE rubrics IN SHARE ROW EXCLUSIVE MODE"))
        linked = select(s.session_rubrics.c.rubric)
        await connection.execute(delete(s.rubrics).where(s.rubrics.c.hash.not_in(linked)))


async def _rewrite_documents(connection: AsyncConnection, sqlite: bool) -> None:
    """Writes the documents anew, so that none of their pages keeps a piece of one that is gone.

    What is deleted is overwritten in its place; but a page that was filled anew may hold older copies of its rows in
    the space between them. A page that is given back is overwritten as a whole. VACUUM would do it for the whole
    database, and keep every writer out for a second where it has 200 MB.
    """
    if not sqlite:
        return
    documents = s.documents.name
    await connection.exec_driver_sql(f"CREATE TEMP TABLE kept_meanwhile AS SELECT * FROM {documents}")
    await connection.exec_driver_sql(f"DELETE FROM {documents}")
    await connection.exec_driver_sql(f"INSERT INTO {documents} SELECT * FROM kept_meanwhile")
    await connection.exec_driver_sql("DROP TABLE kept_meanwhile")


async def _erase(database: Database) -> None:
    """Rewrites the database without what was deleted; its write-ahead log is emptied."""
    try:
        async with database.outside(alone=True) as connection:
            if not database.sqlite:
                for table in s.metadata.sorted_tables:
                    await connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
                return
            await connection.exec_driver_sql("VACUUM")
    except StoreBusy as error:
        raise StoreBusy(_STILL_READ) from error
    if not await _empty_log(database):
        raise StoreBusy(_STILL_READ)


async def _empty_log(database: Database) -> bool:
    """Empties SQLite's write-ahead log; False when another program still reads an older state of it.

    It tries again and again in short turns, so that this process's writers never wait for such a reader.
    """
    if not database.sqlite:
        return True
    for _ in range(_TURNS):
        async with database.outside(alone=True) as connection:
            await connection.exec_driver_sql(f"PRAGMA busy_timeout = {_TURN_MS}")
            try:
                busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar()
            finally:
                await connection.exec_driver_sql(f"PRAGMA busy_timeout = {database.patience * 1000:.0f}")
        if not busy:
            return True
        await asyncio.sleep(database.patience / _TURNS)
    return False
