"""The file of a backup: an SQLite file with the tables of `schema`, as it is made, copied and checked.

It knows no database that is in use. One of an older release is migrated on its way in, never in its place.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, TableClause, column, create_engine, table

from bot.errors import StoreBroken, StoreNewer, WrongUsage
from bot.ports.groups import server_owner
from bot.store import pictures, tombstones
from bot.store import schema as s
from bot.store.database import claim
from bot.store.faults import damaged, explained
from bot.store.place import PART, Place
from bot.store.rows import event_of, rubric_of

#: The tables in an order in which every row finds what it refers to.
TABLES = (
    s.sessions.name,
    s.events.name,
    s.rubrics.name,
    s.session_rubrics.name,
    s.accounts.name,
    s.places.name,
    s.servers.name,
    s.board.name,
    s.documents.name,
    s.forgotten.name,
    s.spent.name,
)
#: What Viva never makes, and what would act by itself, or be larger than the file that it is in.
_STRANGE = "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
#: What has no use elsewhere, or later: it is in no backup.
_FLEETING = (s.link_codes.name, s.link_guesses.name)
_COUNTED = (s.sessions.name, s.documents.name)
_PEOPLE = f"""SELECT count(*) FROM (
    SELECT owner FROM sessions UNION SELECT person FROM accounts
    UNION SELECT owner FROM documents WHERE owner NOT LIKE '{server_owner("%")}'
)"""


@dataclass(frozen=True)
class Contents:
    """How much a backup holds: interviews, the people whose something is, documents, pictures."""

    sessions: int
    people: int
    documents: int
    pictures: int


@contextmanager
def unfinished(file: Path, place: Place) -> Iterator[Path]:
    """A file of another name to write to, which is gone afterwards unless it was renamed."""
    part = file.with_name(f"{file.name}.{os.getpid()}{PART}")
    try:
        with explained(place):
            part.unlink(missing_ok=True)
            claim(part)
        yield part
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            Path(f"{part}{end}").unlink(missing_ok=True)


def make(part: Path, revision: str) -> None:
    """Makes the tables of a revision in an empty file."""
    if revision != s.HEAD:
        _bring_up(part, revision)
        return
    engine = create_engine(URL.create("sqlite", database=str(part)))
    with engine.begin() as connection:
        s.create(connection)
    engine.dispose()


def contents(part: Path) -> Contents:
    """What a backup of this release holds."""
    with closing(sqlite3.connect(part)) as file:
        sessions, documents = (file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _COUNTED)
        people = file.execute(_PEOPLE).fetchone()[0]
        return Contents(sessions, people, documents, pictures.count(file))


def finish(part: Path, file: Path) -> None:
    """Takes leases and link codes out of a written backup, waits until it is on the disk, and gives it its name."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("UPDATE sessions SET lease_holder = NULL, lease_until = NULL WHERE lease_holder IS NOT NULL")
        for name in _names(connection).intersection(_FLEETING):
            connection.execute(f"DELETE FROM {name}")
        connection.commit()
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(file)
    with suppress(OSError):  # a folder cannot be opened on Windows
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def take_in(file: Path, copy: Path) -> None:
    """Copies a backup, brings the copy up to this release's schema, and checks every row of it."""
    if not file.is_file():
        raise WrongUsage(f"There is no file {file}. Give the name of one that `viva backup` wrote.")
    try:
        only_read = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(only_read, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        revision = _revision_of(file, copy)
        if revision != s.HEAD:
            _bring_up(copy)
        _validate(file, copy)
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise
        raise _not_whole(file) from error


def tables(connection: sqlite3.Connection) -> list[str]:
    """Those of TABLES that a file has, in their order."""
    names = _names(connection)
    return [name for name in TABLES if name in names]


def clause(connection: sqlite3.Connection, name: str) -> TableClause:
    """A table as a file has it, so that those of older releases can be copied too; texts are left as they are kept."""
    return table(name, *(column(row[1]) for row in connection.execute(f"PRAGMA table_info({name})")))


def _revision_of(file: Path, copy: Path) -> str:
    with closing(sqlite3.connect(copy)) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _not_whole(file)
        if s.VERSION_TABLE not in _names(connection) or connection.execute(_STRANGE).fetchone():
            raise WrongUsage(f"{file} is not a backup of Viva. Nothing was changed. `viva backup FILE` writes one.")
        row = connection.execute(f"SELECT version_num FROM {s.VERSION_TABLE}").fetchone()
    if row is None:
        raise _not_whole(file)
    if row[0] not in s.REVISIONS:
        raise StoreNewer(
            f"The backup {file} was written by a newer release of Viva (schema {row[0]}; this release knows those up "
            f"to {s.HEAD}). Nothing was changed. Install the newer release to restore it."
        )
    return str(row[0])


def _validate(file: Path, copy: Path) -> None:
    """Every row must be readable, every log without a gap, and nothing larger or elsewhere than Viva writes it."""
    with closing(sqlite3.connect(copy)) as connection:
        gaps = "SELECT 1 FROM events GROUP BY session HAVING min(seq) != 1 OR max(seq) != count(*) LIMIT 1"
        if connection.execute("PRAGMA foreign_key_check").fetchone() or connection.execute(gaps).fetchone():
            raise _not_whole(file)
        try:
            for kind, body in connection.execute("SELECT kind, body FROM events"):
                event_of(kind, body)
            for (body,) in connection.execute("SELECT body FROM rubrics"):
                rubric_of(body)
            for row in connection.execute("SELECT owner, key, name, path, text FROM documents"):
                list(map(s.unescaped, row))
            buried = connection.execute("SELECT hash, salt, at FROM forgotten")
            if not (tombstones.all_sound(buried) and pictures.all_sound(connection)):
                raise _not_whole(file)
        except (StoreBroken, ValueError) as error:
            raise _not_whole(file) from error


def _not_whole(file: Path) -> StoreBroken:
    return StoreBroken(f"The backup {file} is damaged. Nothing was changed. Restore another one.")


def _bring_up(file: Path, revision: str = s.HEAD) -> None:
    from bot.store import migrating

    engine = create_engine(URL.create("sqlite", database=str(file)), hide_parameters=True)
    with engine.begin() as connection:
        migrating.upgrade(connection, revision)
    engine.dispose()


def _names(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
