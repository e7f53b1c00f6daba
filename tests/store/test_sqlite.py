"""What holds of the file alone: what was kept is on the disk, whoever is killed, however full or forbidden it is."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.events import Heard
from bot.errors import StoreBroken, StoreBusy, WrongUsage
from bot.store.database import File
from bot.store.portable import TABLES
from tests.store.conftest import Backend
from tests.store.samples import caused, question, started

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and users are POSIX")


async def test_what_is_kept_is_on_the_disk(file: Backend):
    store = await file.open()
    async with store.database.reading() as connection:
        settings = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "busy_timeout": 5_000,
    }  # fmt: skip


@posix
async def test_only_its_owner_can_read_it(tmp_path: Path):
    place = Backend("sqlite", None, tmp_path / "a" / "b")
    store = await place.open()
    await store.create("s", "ann", "terminal")
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in place.home.iterdir()}
    assert modes == {"viva.db": 0o600, "viva.db-wal": 0o600, "viva.db-shm": 0o600}
    assert stat.S_IMODE(place.home.stat().st_mode) == 0o700
    await place.close()


async def test_a_folder_of_any_name_will_do(tmp_path: Path):
    place = Backend("sqlite", None, tmp_path / "a %s ?x=1#y é'")
    await place.open()
    await place.close()
    assert (place.home / "viva.db").stat().st_size > 0


async def test_an_empty_file_is_a_fresh_database(file: Backend):
    (file.home / "viva.db").touch()
    assert await (await file.open()).sittings() == []


async def test_another_program_s_database_is_left_alone(file: Backend):
    with closing(sqlite3.connect(file.home / "viva.db")) as connection:
        connection.execute("CREATE TABLE things (name)")
    before = (file.home / "viva.db").read_bytes()
    with pytest.raises(WrongUsage, match="belongs to another program"):
        await file.open()
    assert {f.name: f.read_bytes() for f in file.home.iterdir()} == {"viva.db": before}


async def test_a_backup_put_in_the_place_of_the_database_is_one(file: Backend):
    store = await file.open()
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, started())
    await store.backup(file.home / "b")
    await file.close()
    (file.home / "b").replace(file.home / "viva.db")
    store = await file.open()
    assert len(await store.load("s")) == 1
    async with store.database.reading() as connection:
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"


@posix
async def test_whatever_was_kept_survives_kill_9(file: Backend):
    store = await file.open("parent")
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, started())
    kept = 1
    for n in range(6):
        with child("tests.store.writer", file.home, "s") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "the lease of the killed one binds nobody"
            await asyncio.sleep(0.05 + 0.03 * n)
            process.send_signal(signal.SIGKILL)
            told = [int(line) for line in process.stdout if line.endswith("\n")]
        kept = max([kept, *told])
        records = await store.load("s")
        assert [record.seq for record in records] == list(range(1, len(records) + 1))
        assert len(records) - kept in (0, 1), "what was said to be kept is there, and at most one that was not said yet"
        assert await store.check() is None
    assert kept > 30


@posix
async def test_of_two_processes_on_one_session_one_wins(file: Backend):
    store = await file.open("parent")
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, started())
    with child("tests.store.writer", file.home, "s") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "ready\n"
        with child("tests.store.writer", file.home, "s") as second:
            assert second.stdout is not None
            told = second.stdout.read()
        assert told.startswith(f"SittingBusy: Another process (number {first.pid} on ")
        assert "is working on session s" in told
        with pytest.raises(StoreBusy):
            await store.append("s", 1, [("mine", Heard("words"))])
        assert first.poll() is None, "the first one goes on"
        first.send_signal(signal.SIGKILL)
    seq = len(await store.load("s"))
    assert await store.append("s", seq, [("mine", Heard("words"))]), "once it is gone, so is its claim"


@posix
async def test_two_processes_may_open_a_fresh_folder_at_once(tmp_path: Path):
    line = (
        "import asyncio, datetime, pathlib, sys\n"
        "from bot.store.opening import open_store\n"
        "async def main():\n"
        "    home = pathlib.Path(sys.argv[1])\n"
        "    print('ready', flush=True); sys.stdin.readline()\n"
        "    store = await open_store(None, home, lambda: datetime.datetime.now(datetime.UTC), 'x')\n"
        "    await store.create(sys.argv[2], 'ann', 'terminal'); await store.close()\n"
        "asyncio.run(main())\n"
    )
    for attempt in range(3):
        home = tmp_path / str(attempt)
        many = [
            subprocess.Popen(
                [sys.executable, "-c", line, str(home), f"s{n}"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for n in range(3)
        ]
        for process in many:
            assert process.stdout is not None
            process.stdout.readline()
        for process in many:
            assert process.stdin is not None
            process.stdin.write(b"\n")
            process.stdin.flush()
        for process in many:
            process.communicate(timeout=60)
        assert [process.returncode for process in many] == [0, 0, 0]
        with closing(sqlite3.connect(home / "viva.db")) as connection:
            assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (3,)


async def test_a_locked_database_is_named_and_goes_on_afterwards(file: Backend):
    store = await file.open(patience=0.2)
    await store.create("s", "ann", "terminal")
    with closing(sqlite3.connect(file.home / "viva.db", isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match=r"keeps the database .* locked"):
            await store.append("s", 0, started())
        assert await store.load("s") == [], "reading goes on"
        browser.execute("ROLLBACK")
    assert len(await store.append("s", 0, started())) == 1


async def test_a_locked_database_cannot_be_opened_for_the_first_time(file: Backend):
    with closing(sqlite3.connect(file.home / "viva.db", isolation_level=None)) as browser:
        browser.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy, match="locked"):
            await file.open(patience=0.2)
        browser.execute("ROLLBACK")
    assert await (await file.open()).sittings() == []


async def test_a_full_disk_loses_nothing(file: Backend):
    store = await file.open()
    await store.create("s", "ann", "terminal")
    kept = await store.append("s", 0, started())
    limits: list[int] = [60]

    def limit(connection: Any, *_: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {limits[0]}")
        cursor.close()

    event.listen(store.database.engine.sync_engine, "checkout", limit)
    with pytest.raises(StoreBroken, match=r"The disk is full: .* everything before it is safe"):
        for n in range(1, 100):
            kept += await store.append("s", n, [(f"m{n}", Heard("x" * 10_000))])
    assert len(kept) > 3
    assert await store.load("s") == kept
    assert await store.check() is None
    limits[0] = 10_000
    assert await store.append("s", len(kept), [("on", Heard("there is room again"))])


@posix
async def test_a_backup_that_does_not_fit_leaves_no_half_file(file: Backend):
    store = await file.open()
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, caused(*(Heard("x" * 10_000) for _ in range(50))))
    script = (
        "import asyncio, datetime, pathlib, resource, sys\n"
        "from bot.store.opening import open_store\n"
        "async def main():\n"
        "    home = pathlib.Path(sys.argv[1])\n"
        "    store = await open_store(None, home, lambda: datetime.datetime.now(datetime.UTC), 'x')\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "    try: await store.backup(home / 'all.viva')\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
        "asyncio.run(main())\n"
    )
    told = subprocess.run([sys.executable, "-c", script, str(file.home)], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.startswith("StoreBroken")
    assert "all.viva" in told.stdout
    assert sorted(f.name for f in file.home.glob("all*")) == []


@posix
@pytest.mark.parametrize("what", ["fresh", "existing"])
async def test_a_folder_that_cannot_be_written_is_named(what: str):
    home = Path(tempfile.mkdtemp(prefix="viva-ro-"))  # not under pytest's folders: another user is to reach it
    place = Backend("sqlite", None, home)
    if what == "existing":
        store = await place.open()
        await store.create("s", "ann", "terminal")
        await place.close()
    before = {f.name: f.read_bytes() for f in home.iterdir()}
    for each in home.iterdir():
        each.chmod(0o444)
    home.chmod(0o555)
    # The modules are imported before the rights are given up: the project may lie where the other user cannot read.
    script = (
        "import asyncio, concurrent.futures.thread, datetime, os, pathlib, sys, aiosqlite\n"
        "import sqlalchemy.dialects.sqlite.aiosqlite\n"
        "from bot.store.opening import open_store\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "async def main():\n"
        "    try: await open_store(None, pathlib.Path(sys.argv[1]), lambda: datetime.datetime.now(datetime.UTC), 'x')\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
        "asyncio.run(main())\n"
    )
    told = subprocess.run([sys.executable, "-c", script, str(home)], cwd=ROOT, capture_output=True, text=True)
    home.chmod(0o755)
    assert told.stdout.startswith(f"StoreBroken The folder {home} cannot be used"), told
    assert "set VIVA_HOME" in told.stdout
    assert {f.name: f.read_bytes() for f in home.iterdir()} == before
    for each in home.iterdir():
        each.unlink()
    home.rmdir()


async def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreBroken, match=r"The folder .*home cannot be used"):
        await Backend("sqlite", None, tmp_path / "home").open()


@pytest.mark.parametrize("where", [0, 100, 4096 + 8, 3 * 4096], ids=["magic", "first", "page", "later"])
async def test_a_damaged_file_is_named_and_kept(file: Backend, where: int):
    store = await file.open()
    for n in range(40):
        await store.create(f"s{n}", "ann", "terminal")
        await store.append(f"s{n}", 0, [*started(), *caused(*(Heard("x" * 900) for _ in range(4)))], {"h": question()})
    await file.close()
    path = file.home / "viva.db"
    data = bytearray(path.read_bytes())
    data[where : where + 40_000] = b"\xa5" * 40_000
    path.write_bytes(data)

    async def use_all() -> None:
        store = await file.open()
        for n in range(40):
            await store.load(f"s{n}")
        raise StoreBroken(await store.check() or "it was found to be sound")

    with pytest.raises(
        StoreBroken, match=r"is damaged and cannot be read\. It was left as it is\. `viva restore FILE`"
    ):
        await use_all()
    await file.close()
    assert path.read_bytes() == bytes(data)


async def test_a_damaged_file_s_sentence_names_the_newest_backup(file: Backend):
    (file.home / "viva.db").write_bytes(b"x" * 5_000)
    (file.home / "backups").mkdir()
    for n, name in enumerate(("b.db", "a.db")):
        (file.home / "backups" / name).touch()
        os.utime(file.home / "backups" / name, (n, n))
    with pytest.raises(StoreBroken, match=r"the newest here is .*a\.db"):
        await file.open()


async def test_the_cost_of_a_step_does_not_grow(file: Backend):
    """No query of a step reads a table over: the plan of each names an index."""
    store = await file.open()
    ran: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        ran.append((statement, given[0] if given and isinstance(given[0], tuple) else given))

    await store.create("s", "ann", "terminal")
    event.listen(store.database.engine.sync_engine, "before_cursor_execute", note)
    await store.append("s", 0, started(), {"h": question()})
    await store.lease("s", "one", 30)
    await store.load("s")
    await store.rubrics("s")
    await store.sittings("ann")
    event.remove(store.database.engine.sync_engine, "before_cursor_execute", note)
    plans = []
    async with store.database.reading() as connection:
        for statement, given in ran:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            plans += [row.detail for row in rows]
    assert len(ran) > 8
    assert sum(plan.startswith("SEARCH") for plan in plans) >= 9
    assert [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in TABLES] == []


async def test_opening_costs_little():
    """Fresh and current databases are opened without Alembic, and without the other database's driver."""
    script = (
        "import asyncio, datetime, pathlib, sys, tempfile\n"
        "from bot.store.opening import open_store\n"
        "async def main(home):\n"
        "    for _ in range(2):\n"
        "        store = await open_store(None, home, lambda: datetime.datetime.now(datetime.UTC), 'x')\n"
        "        await store.close()\n"
        "with tempfile.TemporaryDirectory() as home: asyncio.run(main(pathlib.Path(home)))\n"
        "heavy = ('alembic', 'asyncpg', 'sqlalchemy.dialects.postgresql', 'pydantic', 'numpy')\n"
        "print([m for m in heavy if m in sys.modules])\n"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


async def test_a_process_that_dies_without_closing_ends(tmp_path: Path):
    script = (
        "import asyncio, datetime, pathlib, sys\n"
        "from bot.store.opening import open_store\n"
        "async def main():\n"
        "    await open_store(None, pathlib.Path(sys.argv[1]), lambda: datetime.datetime.now(datetime.UTC), 'x')\n"
        "    raise SystemExit(7)\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, timeout=30, capture_output=True)
    assert ended.returncode == 7


async def test_whoever_is_cancelled_leaves_no_lock_behind(file: Backend):
    store = await file.open(patience=0.5)
    await store.create("s", "ann", "terminal")
    for n in range(40):
        seq = len(await store.load("s"))
        step = asyncio.create_task(store.append("s", seq, [(f"m{n}", Heard("words"))]))
        reading = asyncio.create_task(store.load("s"))
        for _ in range(n):
            await asyncio.sleep(0.0001)
        step.cancel()
        reading.cancel()
        outcomes = await asyncio.gather(step, reading, return_exceptions=True)
        await store.lease("s", "one", 30)  # raises StoreBusy if a lock was left; `outcomes` holds the tracebacks
        assert all(isinstance(outcome, list | asyncio.CancelledError) for outcome in outcomes)
    records = await store.load("s")
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert records
    assert await store.check() is None


def test_a_connection_waits_for_the_switch_to_the_log(tmp_path: Path):
    with (
        closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other,
        closing(File(tmp_path / "a.db", timeout=0.1, isolation_level=None)) as connection,
    ):
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            connection.write_ahead()
        assert 0.1 <= time.monotonic() - began < 2


def child(module: str, *words: object) -> subprocess.Popen[str]:
    """A process of its own, as a context."""
    command = [sys.executable, "-m", module, *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
