"""Old schemas become today's, with their rows and a backup; a fresh one is the same as a migrated one."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.core.folding import fold
from bot.errors import StoreBroken, StoreError, StoreNewer
from bot.store import migrating
from bot.store.log import SqlStore
from bot.store.place import locate
from bot.store.portable import TABLES
from bot.store.rows import event_of
from bot.store.schema import HEAD, REVISIONS, metadata, unescaped
from tests.store.conftest import Backend
from tests.store.samples import EVENTS, started

GOLDEN = Path(__file__).parent / "golden"
OLDER = REVISIONS[:-1]


@pytest.mark.parametrize("revision", OLDER)
async def test_an_old_database_is_migrated_with_a_backup_first(backend: Backend, revision: str):
    before = await lay_out_golden(backend, revision)
    store = await backend.open()
    records = await store.load("ada-1")
    assert [(r.seq, r.at, r.cause) for r in records] == [row[1:4] for row in before if row[0] == "ada-1"]
    assert [r.event for r in records] == [event_of(row[4], row[6]) for row in before if row[0] == "ada-1"]
    assert (await store.load("bob-1"))[1].cause == unescaped(before[-1][3])
    assert [(s.id, s.status, s.answered) for s in await store.sittings()] == [
        ("ada-1", "stopped", 2),
        ("bob-1", "running", 0),
    ]
    assert await store.append("bob-1", 2, [("m", EVENTS[1])]), "and it goes on"
    (kept,) = (backend.home / "backups").iterdir()
    assert kept.name == f"viva-20260301T093000Z-before-{HEAD}.db"
    assert rows_of(kept) == before
    assert revision_of(kept) == revision


async def test_rubrics_of_an_old_database_are_still_there(backend: Backend):
    await lay_out_golden(backend, "0002")
    store = await backend.open()
    assert (await store.rubrics("bob-1"))["h1"].title == "Convolution"
    assert await store.groups.placed("bob-1") is None
    assert await store.groups.person("ada") == "ada"


@pytest.mark.parametrize("revision", OLDER)
async def test_what_was_backed_up_before_a_migration_can_be_restored_and_purged(backend: Backend, revision: str):
    await lay_out_golden(backend, revision)
    store = await backend.open()
    (kept,) = (backend.home / "backups").iterdir()
    await store.forget("ada")
    restored = await store.restore(kept, overwrite=True)
    assert restored.sessions == 1, "ada is gone from the backup too"


async def test_the_golden_logs_fold(backend: Backend):
    await lay_out_golden(backend)
    store = await backend.open()
    assert fold(await store.load("bob-1")).started is not None


async def test_an_old_database_without_sessions_needs_no_backup(backend: Backend):
    await lay_out(backend, "0001")
    await backend.open()
    assert not (backend.home / "backups").exists()


async def test_two_may_migrate_at_once(backend: Backend):
    await lay_out_golden(backend)
    stores = await asyncio.gather(*(backend.open(f"p{n}") for n in range(3)))
    assert len(await stores[2].load("ada-1")) == len([row for row in rows_in_golden() if row[0] == "ada-1"])
    assert len(list((backend.home / "backups").iterdir())) == 1


async def test_a_migration_that_fails_changes_nothing(backend: Backend):
    before = await lay_out_golden(backend)
    async with connected(backend) as connection:
        await connection.execute(text("CREATE TABLE session_rubrics (session TEXT)"))
    with pytest.raises(StoreError):
        await backend.open()
    async with connected(backend) as connection:
        assert await connection.scalar(text("SELECT version_num FROM viva_version")) == "0001"
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        assert "rubrics" not in names
        rows = (await connection.execute(text("SELECT * FROM events ORDER BY session, seq"))).all()
        assert [tuple(row) for row in rows] == before
        await connection.execute(text("DROP TABLE session_rubrics"))
    assert len(await (await backend.open()).sittings()) == 2


async def test_a_migration_that_cannot_be_backed_up_is_not_begun(file: Backend):
    await lay_out_golden(file)
    (file.home / "backups").write_text("in the way")
    with pytest.raises(StoreBroken, match="cannot be used"):
        await file.open()
    assert revision_of(file.home / "viva.db") == "0001"


async def tampered(backend: Backend, statement: str) -> SqlStore:
    """A store with one sitting, in which somebody has changed this."""
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, started())
    async with store.database.writing() as connection:
        await connection.execute(text(statement))
    return store


async def test_a_database_of_a_newer_release_is_left_alone(backend: Backend):
    await tampered(backend, "UPDATE viva_version SET version_num = '9999'")
    await backend.close()
    with pytest.raises(StoreNewer, match=rf"newer release of Viva \(schema 9999; .* up to {HEAD}\)\. Nothing"):
        await backend.open()
    async with connected(backend) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM events")) == 1


async def test_an_event_of_a_newer_release_is_named(backend: Backend):
    store = await tampered(backend, "UPDATE events SET kind = 'Danced'")
    with pytest.raises(StoreNewer, match=r"\(Danced\).*newer"):
        await store.load("s")


async def test_an_event_that_cannot_be_read_is_named(backend: Backend):
    store = await tampered(backend, "UPDATE events SET body = '{\"flow\"'")
    with pytest.raises(StoreBroken, match="Started"):
        await store.load("s")


async def test_a_fresh_schema_is_a_migrated_one(backend: Backend, twin: Backend):
    await backend.open()
    await lay_out(twin, HEAD)
    async with connected(backend) as fresh, connected(twin) as migrated:
        assert await fresh.run_sync(described) == await migrated.run_sync(described)


async def test_the_tables_in_code_are_those_in_the_database(backend: Backend):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    await lay_out(backend, HEAD)

    def differences(connection: Connection) -> Any:
        options = {"version_table": "viva_version"}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with connected(backend) as connection:
        found = await connection.run_sync(differences)
    # The index with a condition is made by `schema.create` in plain SQL.
    assert [(what, getattr(item, "name", item)) for what, item in found] == [("remove_index", "events_started")]


def test_every_revision_is_known():
    assert migrating.revisions() == REVISIONS


def connected(backend: Backend) -> Any:
    """A transaction beside the store's."""
    place = locate(backend.url, backend.home)
    if place.file:
        engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(place.file)))
    else:
        engine = create_async_engine("postgresql+asyncpg://", connect_args={"dsn": place.dsn})

    class Beside:
        async def __aenter__(self) -> Any:
            self.transaction = engine.begin()
            return await self.transaction.__aenter__()

        async def __aexit__(self, *error: Any) -> None:
            await self.transaction.__aexit__(*error)
            await engine.dispose()

    return Beside()


async def lay_out(backend: Backend, revision: str) -> None:
    """An empty database of an old schema."""
    async with connected(backend) as connection:
        await connection.run_sync(migrating.upgrade, revision)


async def lay_out_golden(backend: Backend, revision: str = "0001") -> list[tuple[Any, ...]]:
    """A golden database; its events are returned."""
    await lay_out(backend, revision)
    async with connected(backend) as connection:
        for table in TABLES[: {"0001": 2, "0002": 4}.get(revision, 9 + (revision > "0003"))]:
            for row in rows_in_golden(table, revision):
                values = {f"c{n}": value for n, value in enumerate(row)}
                await connection.execute(
                    text(f"INSERT INTO {table} VALUES ({', '.join(f':{k}' for k in values)})"), values
                )
    return rows_in_golden(revision=revision)


def rows_in_golden(table: str = "events", revision: str = "0001") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((GOLDEN / f"schema-{revision}.sql").read_text("ascii"))
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def rows_of(file: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT * FROM events ORDER BY session, seq").fetchall()


def revision_of(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM viva_version").fetchone()[0])


def described(connection: Connection) -> dict[str, Any]:
    """All that an inspector tells of a schema, in an order of its own."""
    found = inspect(connection)
    return {
        name: {
            "columns": [{k: str(v) for k, v in column.items()} for column in found.get_columns(name)],
            "key": found.get_pk_constraint(name),
            "foreign": sorted(map(str, found.get_foreign_keys(name))),
            "unique": sorted(map(str, found.get_unique_constraints(name))),
            "indices": sorted(
                str({k: str(v) for k, v in index.items() if k != "dialect_options"})
                + str({k: str(v) for k, v in index.get("dialect_options", {}).items()})
                for index in found.get_indexes(name)
            ),
        }
        for name in sorted(found.get_table_names())
    }


@pytest.mark.parametrize("revision", OLDER)
def test_the_golden_file_is_of_its_schema(tmp_path: Path, revision: str):
    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "a.db")))
    with engine.begin() as connection:
        migrating.upgrade(connection, revision)
        made = described(connection)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "b.db")) as golden:
        golden.executescript((GOLDEN / f"schema-{revision}.sql").read_text("ascii"))
    engine = create_engine(URL.create("sqlite", database=str(tmp_path / "b.db")))
    with engine.connect() as connection:
        assert described(connection) == made
    engine.dispose()
