"""A backup of either database restores into either; it is whole, holds no lease, and is checked before it comes in."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.core.events import Heard
from bot.errors import StoreBroken, StoreBusy, StoreNewer, WrongUsage
from bot.ports.groups import Kept, Place, ServerSettings
from bot.store.log import SqlStore
from bot.store.opening import restore_store
from tests.store.conftest import Backend
from tests.store.samples import EVENTS, NASTY, caused, question, started
from tests.store.test_migrations import GOLDEN, rows_in_golden


async def filled(backend: Backend) -> SqlStore:
    """A store with two people's sessions, of which one is held."""
    store = await backend.open("the-holder")
    await store.create("a", "ann", "terminal")
    await store.append("a", 0, caused(*EVENTS), {"h1": question(), "h2": question("rnn")})
    await store.create(f"b{NASTY}", f"bob{NASTY}", "terminal")
    await store.append(f"b{NASTY}", 0, [*started(), (f"m{NASTY}", Heard(NASTY))], {"h1": question()})
    await store.lease("a", "the-holder", 300)
    return store


async def test_a_backup_of_either_restores_into_either(backend: Backend, other: Backend, tmp_path: Path):
    source, target = await filled(backend), await other.open()
    await source.backup(tmp_path / "all.viva")
    restored = await target.restore(tmp_path / "all.viva")
    assert (restored.sessions, restored.events, restored.kept) == (2, len(EVENTS) + 2, None)
    assert await target.sittings() == await source.sittings()
    for session in ("a", f"b{NASTY}"):
        assert await target.export(session) == await source.export(session)
        assert await target.load(session) == await source.load(session)
    assert await target.append("a", len(EVENTS), [("m", Heard("on"))]), "no lease travels, and the log goes on"
    assert b"the-holder" not in (tmp_path / "all.viva").read_bytes()
    assert not list((other.home / "backups").iterdir()), "the copy is gone"


async def grouped(backend: Backend) -> SqlStore:
    """The same, with an account that was joined, a place, a server, a board, documents, and a code that is not used."""
    store = await filled(backend)
    groups = store.groups
    await groups.link(f"discord:{NASTY}", await groups.new_code(f"bob{NASTY}"))
    await groups.put(Place(f"b{NASTY}", f"discord:{NASTY}", "30", "10", "20", watched=True))
    await groups.choose("10", ServerSettings(flows=(NASTY,), a_day=3))
    await groups.show_on_board("10", f"discord:{NASTY}", wanted=True)
    await groups.keep_documents("server:10", [Kept("k", NASTY, NASTY, NASTY * 3_000)])
    await groups.new_code("the-one-with-a-code")
    with pytest.raises(WrongUsage):
        await groups.link("discord:the-guesser", "wrong")
    return store


async def test_what_groups_keep_travels_and_link_codes_do_not(backend: Backend, other: Backend, tmp_path: Path):
    source, target = await grouped(backend), await other.open()
    await target.groups.joined("12")
    await source.backup(tmp_path / "all.viva")
    await target.restore(tmp_path / "all.viva")
    theirs, ours = target.groups, source.groups
    assert await theirs.person(f"discord:{NASTY}") == f"bob{NASTY}"
    assert await theirs.placed(f"b{NASTY}") == await theirs.in_channel("30") == await ours.placed(f"b{NASTY}")
    assert await theirs.settings("10") == ServerSettings(flows=(NASTY,), a_day=3)
    assert await theirs.on_board("10") == [f"discord:{NASTY}"]
    assert await theirs.documents("server:10") == await ours.documents("server:10") != []
    since = backend.clock()
    assert await theirs.begun_since(f"discord:{NASTY}", "10", since) == 1
    assert await theirs.counts("10", since) == await ours.counts("10", since)
    written = (tmp_path / "all.viva").read_bytes()
    assert b"the-one-with-a-code" not in written
    assert b"the-guesser" not in written
    assert await theirs.present() == [], "what nobody chose is no reason to refuse, and is told again"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda groups: groups.choose("10", ServerSettings(a_day=1)), "1 server's settings"),
        (
            lambda groups: groups.keep_documents("ann", [Kept("k", "a", "", "a"), Kept("l", "b", "", "b")]),
            "2 documents",
        ),
    ],
)
async def test_what_groups_keep_is_not_replaced_unasked(backend: Backend, tmp_path: Path, what: Any, said: str):
    store = await backend.open()
    await store.backup(tmp_path / "all.viva")
    await what(store.groups)
    with pytest.raises(WrongUsage, match=f"holds {said} already. Nothing was changed"):
        await store.restore(tmp_path / "all.viva")
    restored = await store.restore(tmp_path / "all.viva", overwrite=True)
    assert await store.groups.documents("ann") == []
    assert restored.kept is not None
    await store.restore(restored.kept)
    assert len(await store.groups.documents("ann")) + (await store.groups.settings("10")).a_day > 0, "it was kept"


async def test_a_backup_is_private_and_whole(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    await store.backup(tmp_path / "all.viva")
    assert (tmp_path / "all.viva").stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.glob("all*")] == ["all.viva"]
    with closing(sqlite3.connect(tmp_path / "all.viva")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


async def test_a_backup_of_nothing_restores(backend: Backend, tmp_path: Path):
    store = await backend.open()
    await store.backup(tmp_path / "all.viva")
    assert (await store.restore(tmp_path / "all.viva")).sessions == 0


async def test_a_backup_while_others_write_is_one_moment(backend: Backend, tmp_path: Path):
    store = await backend.open()
    for name in ("a", "b"):
        await store.create(name, "ann", "terminal")
    done = asyncio.Event()

    async def write() -> int:
        n = 0
        while not done.is_set():
            for name in ("a", "b"):
                await store.append(name, n, [(f"m{n}", Heard("x" * 3_000))])
            n += 1
        return n

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    for n in range(3):
        await store.backup(tmp_path / f"{n}.viva")
        await asyncio.sleep(0.02)
    done.set()
    written = await writing
    for n in range(3):
        with closing(sqlite3.connect(tmp_path / f"{n}.viva")) as connection:
            a, b = (
                count
                for (count,) in connection.execute("SELECT count(*) FROM events GROUP BY session ORDER BY session")
            )
            assert a - b in (0, 1)
            assert 0 < a <= written
            assert connection.execute("SELECT count(*) FROM events WHERE seq > ?", (a,)).fetchone() == (0,)
    assert len(await store.load("a")) == written, "and nothing that was written meanwhile is lost"


async def test_a_backup_overwrites_nothing(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(WrongUsage, match="is there already and was left as it is"):
        await store.backup(tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"
    with pytest.raises(WrongUsage, match="no folder"):
        await store.backup(tmp_path / "nowhere" / "all.viva")
    await store.backup(backend.home / "backups" / "all.viva")


async def test_what_is_there_is_replaced_only_when_asked(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    await store.release("a", "the-holder")
    await store.backup(tmp_path / "all.viva")
    await store.create("c", "cy", "terminal")
    await store.append("c", 0, started())
    with pytest.raises(WrongUsage, match=r"holds 3 sessions already\. Nothing was changed"):
        await store.restore(tmp_path / "all.viva")
    assert len(await store.sittings()) == 3
    restored = await store.restore(tmp_path / "all.viva", overwrite=True)
    assert {s.owner for s in await store.sittings()} == {"ann", f"bob{NASTY}"}
    assert restored.kept is not None
    assert (await store.restore(restored.kept, overwrite=True)).sessions == 3, "what was replaced is kept"


async def test_nothing_is_replaced_under_somebody_s_feet(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    await store.backup(tmp_path / "all.viva")
    theirs = await backend.open("somebody else")
    with pytest.raises(StoreBusy, match="working on session a"):
        await theirs.restore(tmp_path / "all.viva", overwrite=True)
    assert len(await store.sittings()) == 2


async def test_what_is_no_backup_is_refused(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    (tmp_path / "notes.txt").write_text("not a database at all")
    (tmp_path / "empty").touch()
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE things (name)")
    for name, error in (
        ("notes.txt", StoreBroken),
        ("other.db", WrongUsage),
        ("empty", WrongUsage),
        ("none", WrongUsage),
    ):
        with pytest.raises(error, match=name):
            await store.restore(tmp_path / name, overwrite=True)
    assert len(await store.sittings()) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET body = '{' WHERE session = 'a' AND seq = 7",
        "DELETE FROM events WHERE session = 'a' AND seq = 7",
        "UPDATE events SET session = 'nobody' WHERE session = 'a'",
        "UPDATE rubrics SET body = '{}'",
        "DELETE FROM viva_version",
    ],
)
async def test_a_backup_that_lacks_something_is_refused_whole(backend: Backend, tmp_path: Path, change: str):
    store = await filled(backend)
    await store.backup(tmp_path / "all.viva")
    with closing(sqlite3.connect(tmp_path / "all.viva")) as connection:
        connection.execute(change)
        connection.commit()
    before = (tmp_path / "all.viva").read_bytes()
    with pytest.raises(StoreBroken, match=r"all\.viva is damaged\. Nothing was changed"):
        await store.restore(tmp_path / "all.viva", overwrite=True)
    assert len(await store.load("a")) == len(EVENTS)
    assert (tmp_path / "all.viva").read_bytes() == before


async def test_a_backup_of_a_newer_release_is_refused(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    await store.backup(tmp_path / "all.viva")
    with closing(sqlite3.connect(tmp_path / "all.viva")) as connection:
        connection.execute("UPDATE viva_version SET version_num = '0099'")
        connection.commit()
    with pytest.raises(StoreNewer, match=r"all\.viva .*newer release"):
        await store.restore(tmp_path / "all.viva", overwrite=True)


async def test_a_restore_that_fails_halfway_changes_nothing(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    await store.backup(tmp_path / "all.viva")
    await store.release("a", "the-holder")
    before = await store.export("a")

    class Interrupted(Exception):
        pass

    async def never(*_: object) -> str | None:
        raise Interrupted

    from bot.store import backups

    async with backups.taken_in(store.database.place, tmp_path / "all.viva") as copy:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("INSERT INTO session_rubrics VALUES ('nobody', 'nothing')")
            connection.commit()
        with pytest.raises(StoreBroken):
            await store.fill(copy, overwrite=True)
        with pytest.raises(Interrupted):
            await backups.fill(store.database, copy, True, backend.clock(), never)
    assert await store.export("a") == before
    assert len(await store.sittings()) == 2


async def test_a_backup_of_an_old_release_restores(backend: Backend, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "old.viva")) as connection:
        connection.executescript((GOLDEN / "schema-0001.sql").read_text("ascii"))
    before = (tmp_path / "old.viva").read_bytes()
    store = await backend.open()
    restored = await store.restore(tmp_path / "old.viva")
    assert (restored.sessions, restored.events) == (2, len(rows_in_golden()))
    assert (await store.find("ada")).answered == 2
    assert (tmp_path / "old.viva").read_bytes() == before


async def test_a_damaged_database_is_kept_beside_what_is_restored(file: Backend):
    store = await filled(file)
    await store.backup(file.home / "all.viva")
    await file.close()
    damaged = b"not a database any more" * 500
    (file.home / "viva.db").write_bytes(damaged)
    with pytest.raises(StoreBroken, match=r"is damaged .*viva restore FILE"):
        await file.open()
    assert (file.home / "viva.db").read_bytes() == damaged
    restored = await restore_store(None, file.home, file.clock, "one", file.home / "all.viva")
    assert restored.kept is not None
    assert restored.kept.read_bytes() == damaged
    assert len(await (await file.open()).load("a")) == len(EVENTS)
    await file.close()


async def test_a_bad_backup_moves_no_database_aside(file: Backend):
    (file.home / "viva.db").write_bytes(b"not a database any more" * 500)
    (file.home / "bad").write_bytes(b"neither is this" * 500)
    with pytest.raises(StoreBroken, match="bad is damaged"):
        await restore_store(None, file.home, file.clock, "one", file.home / "bad")
    assert not list(file.home.glob("viva.db.*"))


async def test_a_sound_database_is_not_set_aside(backend: Backend, tmp_path: Path):
    store = await filled(backend)
    await store.backup(tmp_path / "all.viva")
    await store.release("a", "the-holder")
    await backend.close()
    with pytest.raises(WrongUsage, match="holds 2 sessions"):
        await restore_store(backend.url, backend.home, backend.clock, "one", tmp_path / "all.viva")
    restored = await restore_store(backend.url, backend.home, backend.clock, "one", tmp_path / "all.viva", True)
    assert restored.kept is not None
    assert restored.kept.parent == backend.home / "backups"
