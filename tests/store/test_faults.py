"""Servers that cannot be used: each a sentence that says whose fault it is and what to do, and never a secret."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from bot.core.events import Heard
from bot.errors import StoreBroken, StoreBusy, VivaError, WrongUsage
from bot.store.opening import open_store
from tests.store.conftest import Backend, Clock
from tests.store.samples import started

ROOT = Path(__file__).resolve().parents[2]


async def refused(url: str, home: Path, patience: float = 5.0) -> VivaError:
    with pytest.raises(VivaError) as error:
        await open_store(url, home, Clock(), "one", patience=patience)
    shown = "".join(traceback.format_exception(error.value))
    assert "s3cret" not in shown, "not in the sentence, and not in a traceback either"
    return error.value


@pytest.mark.parametrize("host", ["127.0.0.1:9", "no-such-host.invalid"])
async def test_a_server_that_is_not_there(tmp_path: Path, host: str):
    error = await refused(f"postgresql://u:s3cret@{host}/viva", tmp_path)
    assert isinstance(error, StoreBroken)
    assert str(error).startswith(f"The PostgreSQL server of postgresql://{host}/viva does not answer.")
    assert "Start the server" in str(error)


async def test_a_socket_that_is_not_there(tmp_path: Path):
    error = await refused(f"postgresql://u:s3cret@/viva?host={tmp_path}", tmp_path)
    assert "does not answer" in str(error)


async def test_a_database_that_is_not_there(server: Backend, tmp_path: Path):
    assert server.url is not None
    url = server.url.replace("postgres@/viva_", "postgres:s3cret@/nothing_")
    error = await refused(url, tmp_path)
    assert isinstance(error, StoreBroken)
    assert "has no database of that name. Create it (createdb)" in str(error)


async def test_a_user_that_is_not_let_in(server: Backend, tmp_path: Path):
    assert server.url is not None
    error = await refused(server.url.replace("postgres@", "stranger:s3cret@"), tmp_path)
    assert "refuses the user or password" in str(error)


@pytest.mark.parametrize("option", ["sslmode=s3cret", "target_session_attrs=s3cret"])
async def test_an_option_that_cannot_be_used(tmp_path: Path, option: str):
    error = await refused(f"postgresql://u@127.0.0.1:9/viva?{option}", tmp_path)
    assert isinstance(error, WrongUsage)
    assert "VIVA_DATABASE_URL" in str(error)


async def test_an_option_that_the_server_does_not_know(server: Backend, tmp_path: Path):
    error = await refused(f"{server.url}&nonsense=s3cret", tmp_path)
    assert "VIVA_DATABASE_URL" in str(error) or "reported error 42704" in str(error)


async def test_other_tables_of_our_names_are_left_alone(server: Backend):
    connection = await plain(server)
    await connection.execute("CREATE TABLE events (name TEXT)")
    await connection.close()
    with pytest.raises(WrongUsage, match="belongs to another program"):
        await server.open()


async def test_tables_of_other_names_are_no_hindrance(server: Backend):
    connection = await plain(server)
    await connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    await connection.close()
    assert await (await server.open()).sittings() == []


async def test_one_who_may_not_write_is_told(server: Backend):
    store = await server.open()
    async with store.database.writing() as connection:
        await connection.execute(text(f"ALTER DATABASE {name(server)} SET default_transaction_read_only = on"))
    await server.close()
    store = await server.open()
    with pytest.raises(StoreBroken, match="does not let this user write"):
        await store.create("s", "ann", "terminal")


async def test_a_lock_is_waited_for_and_then_named(server: Backend):
    store = await server.open(patience=0.2)
    await store.create("s", "ann", "terminal")
    connection = await plain(server)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("LOCK TABLE events")
    with pytest.raises(StoreBusy, match=r"keeps postgresql://.* locked"):
        await store.append("s", 0, started())
    await transaction.rollback()
    await connection.close()
    assert await store.append("s", 0, started())


async def test_a_server_that_restarts_is_found_again(server: Backend):
    store = await server.open()
    await store.create("s", "ann", "terminal")
    connection = await plain(server)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
        name(server),
    )
    await connection.close()
    assert await store.append("s", 0, [*started(), ("m", Heard("after the restart"))])


async def test_a_server_that_goes_away_in_the_middle_is_named(server: Backend):
    store = await server.open()
    await store.create("s", "ann", "terminal")
    with pytest.raises(StoreBroken, match=r"does not answer\. What was kept is safe"):
        async with store.database.writing() as connection:
            await connection.execute(text("UPDATE sessions SET owner = 'x'"))
            killer = await plain(server)
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
                name(server),
            )
            await killer.close()
            await connection.execute(text("SELECT 1"))
    assert await store.owners() == ["ann"]


def test_a_missing_driver_is_named_with_its_mend(tmp_path: Path):
    script = (
        "import asyncio, pathlib, sys\n"
        "sys.modules['asyncpg'] = None\n"
        "from bot.store.opening import open_store\n"
        "async def main():\n"
        "    try: await open_store('postgresql://u:s3cret@db/viva', pathlib.Path(sys.argv[1]), None, 'x')\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
        "asyncio.run(main())\n"
    )
    told = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.startswith("WrongUsage VIVA_DATABASE_URL names a PostgreSQL database")
    assert told.stdout.endswith("pip install asyncpg\n")
    assert told.stderr == ""


async def test_no_error_quotes_a_candidate(backend: Backend):
    """What goes into a log or a traceback holds no parameters of a statement."""
    store, words = await backend.open(), "quokka" + "fern"  # in two, for a traceback quotes this file
    await store.create("s", "ann", "terminal")
    async with store.database.writing() as connection:
        await connection.execute(text("DROP TABLE events"))
    with pytest.raises(StoreBroken) as error:
        await store.load("s")
    assert "no such table" not in str(error.value)
    async with store.database.writing() as connection:
        await connection.execute(text("CREATE TABLE events (session TEXT, seq INT, cause TEXT)"))
    with pytest.raises(StoreBroken) as error:
        await store.append("s", 0, [("m", Heard(words))])
    assert words not in "".join(traceback.format_exception(error.value))


def name(server: Backend) -> str:
    assert server.url is not None
    return server.url.rpartition("?")[0].rpartition("/")[2]


async def plain(server: Backend) -> asyncpg.Connection:
    """A connection of another program."""
    return await asyncpg.connect(server.url)
