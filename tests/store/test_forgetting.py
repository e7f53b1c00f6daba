"""Who is forgotten leaves no word in any file: the bytes of everything under the data folder are searched."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bot.core import events as e
from bot.core.events import Heard
from bot.errors import StoreBroken, StoreBusy
from bot.store.log import SqlStore
from tests.store.conftest import Backend
from tests.store.samples import question, started

#: Words that one person used, in all that is kept: answers, a program, a message id, a question of one's own.
ANN = ("quokkafern", "wombatreed", "numbatmoss", "bilbyheath", "ann-the-owner", "session-of-ann")
BOB = ("dugongkelp", "bob-the-owner", "session-of-bob")


async def fill(store: SqlStore, sessions: int = 1) -> None:
    """Sessions of both, with enough text to need pages of their own."""
    for n in range(sessions):
        ann, bob = f"session-of-ann-{n}", f"session-of-bob-{n}"
        for session, owner in ((ann, "ann-the-owner"), (bob, "bob-the-owner")):
            await store.create(session, owner, "terminal")
            await store.append(session, 0, started(), {"h": question()})
        await store.append(ann, 1, [("id-bilbyheath", Heard("quokkafern " * 900, "wombatreed = 1\n" * 500))])
        await store.append(ann, 2, [("own", Heard("mine"))], {f"own-{n}": question("own", "numbatmoss")})
        await store.append(ann, 3, [("a", e.Answered("cnn", 2, "quokkafern"))])
        await store.append(bob, 1, [("id", Heard("dugongkelp " * 900))])


def found(folder: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Which words are in which files under a folder, by their bytes."""
    files = {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    hits = {word: sorted(name for name, data in files.items() if word.encode() in data) for word in words}
    return {word: names for word, names in hits.items() if names}


async def test_the_search_finds_what_is_there(file: Backend):
    await fill(await file.open())
    assert set(found(file.home, (*ANN, *BOB))) == {*ANN, *BOB}


@pytest.mark.parametrize("closed", [False, True], ids=["running", "closed before"])
async def test_no_word_is_left_in_the_database(file: Backend, closed: bool):
    store = await file.open()
    await fill(store, 5)
    if closed:
        await file.close()
        store = await file.open()
    other = await file.open("another connection")
    await other.sittings()
    gone = await store.forget("ann-the-owner")
    assert (gone.sessions, gone.events) == (5, 20)
    assert found(file.home, ANN) == {}
    assert set(found(file.home, BOB)) == set(BOB)
    assert len(await other.sittings()) == 5
    assert await store.append("session-of-bob-0", 2, [("m", Heard("on"))])


async def test_no_word_is_left_of_one_session(file: Backend):
    store = await file.open()
    await fill(store)
    await store.create("second", "ann-the-owner", "terminal")
    await store.append("second", 0, started())
    await store.forget_session("session-of-ann-0")
    assert found(file.home, ANN) == {"ann-the-owner": ["viva.db"]}


async def test_words_that_expired_are_overwritten(file: Backend):
    store = await file.open()
    await fill(store)
    file.clock.move(days=200)
    await store.append("session-of-bob-0", 2, [("m", Heard("still here"))])
    assert (await store.expire(180)).sessions == 1
    await file.close()
    assert found(file.home, ANN) == {}
    assert set(found(file.home, BOB)) == set(BOB)


async def test_backups_under_the_data_folder_are_rewritten_or_removed(file: Backend):
    store = await file.open()
    await store.create("session-of-ann-x", "ann-the-owner", "terminal")
    await store.append("session-of-ann-x", 0, started())
    backups = file.home / "backups"
    backups.mkdir()
    await store.backup(backups / "only-ann.db")
    await fill(store)
    await store.backup(backups / "both.db")
    await store.backup(file.home / "mine.viva")
    (backups / f"restore.123{'.viva-part'}").write_bytes(b"half a file with quokkafern")
    (file.home / "viva.db.damaged-20260101T000000Z").write_bytes(b"\xff" * 100 + b"quokkafern")
    (file.home / "viva.db.damaged-20260101T000000Z-wal").write_bytes(b"quokkafern")
    (file.home / "notes.txt").write_text("not ours")
    gone = await store.forget("ann-the-owner")
    assert found(file.home, ANN) == {}
    assert {path.name for path in gone.rewritten} == {"both.db", "mine.viva"}
    assert {path.name for path in gone.removed} == {
        "only-ann.db", "restore.123.viva-part", "viva.db.damaged-20260101T000000Z",
    }  # fmt: skip
    assert (file.home / "notes.txt").read_text() == "not ours"
    with closing(sqlite3.connect(backups / "both.db")) as connection:
        assert connection.execute("SELECT DISTINCT owner FROM sessions").fetchall() == [("bob-the-owner",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (restored,) = [await store.restore(backups / "both.db", overwrite=True)]
    assert restored.sessions == 1


async def test_a_damaged_database_that_can_still_be_read_is_rewritten(file: Backend):
    store = await file.open()
    await fill(store)
    await file.close()
    shutil.copy(file.home / "viva.db", file.home / "viva.db.damaged-20260101T000000Z")
    gone = await (await file.open()).forget("ann-the-owner")
    assert [path.name for path in gone.rewritten] == ["viva.db.damaged-20260101T000000Z"]
    assert found(file.home, ANN) == {}


async def test_the_files_of_others_are_not_touched(file: Backend):
    store = await file.open()
    await fill(store)
    (file.home / "index").mkdir()
    with closing(sqlite3.connect(file.home / "index" / "chroma.sqlite3")) as connection:
        connection.execute("CREATE TABLE embeddings (owner)")
        connection.commit()
    broken = b"SQLite format 3\x00" + b"\xff" * 5_000
    (file.home / "index" / "broken.sqlite3").write_bytes(broken)
    before = (file.home / "index" / "chroma.sqlite3").read_bytes()
    gone = await store.forget("ann-the-owner")
    assert gone.rewritten == gone.removed == ()
    assert (file.home / "index" / "chroma.sqlite3").read_bytes() == before
    assert (file.home / "index" / "broken.sqlite3").read_bytes() == broken


async def test_what_only_looks_like_a_backup_stops_nobody(file: Backend):
    """Pictures that were sent as such, a backup that was cut off, another program's tables of our names."""
    store = await file.open()
    await fill(store)
    await store.backup(file.home / "zz-last.viva")
    whole = (file.home / "zz-last.viva").read_bytes()
    sent = file.home / "pictures" / "session-of-bob-0"
    sent.mkdir(parents=True)
    for name in ("17-board.viva", "18-x.viva-part", "19-viva.db.damaged-1"):
        (sent / name).write_bytes(whole)
    (sent / "20-y.viva-part").write_bytes(b"\x89PNG")
    (file.home / "cut-off.viva").write_bytes(whole[: len(whole) // 3])
    (file.home / "board.viva").write_bytes(b"\x89PNG")
    with closing(sqlite3.connect(file.home / "strange.viva")) as strange:
        strange.executescript("CREATE TABLE viva_version (x); CREATE TABLE sessions (y); CREATE TABLE accounts (z)")
    with closing(sqlite3.connect(file.home / "acting.viva")) as acting:
        acting.executescript("CREATE TABLE viva_version (x); CREATE TABLE sessions (id, owner)")
        acting.executescript("CREATE TRIGGER t BEFORE DELETE ON sessions BEGIN SELECT raise(ABORT, 'no'); END")
        acting.execute("INSERT INTO sessions VALUES ('s', 'ann-the-owner')")
        acting.commit()
    before = {name.name: name.read_bytes() for name in sent.iterdir()}
    with pytest.raises(StoreBroken, match=r"acting\.viva"):
        await store.forget("ann-the-owner")
    assert {name.name: name.read_bytes() for name in sent.iterdir()} == before, "what somebody else sent is theirs"
    assert b"ann-the-owner" not in (file.home / "zz-last.viva").read_bytes(), "the others were done all the same"
    assert await store.owners() == ["bob-the-owner"]
    (file.home / "acting.viva").unlink()
    gone = await store.forget("ann-the-owner")
    assert [path.name for path in gone.unread] == ["cut-off.viva", "strange.viva"]


async def test_old_backups_of_the_first_schema_are_rewritten_too(file: Backend):
    from tests.store.test_migrations import GOLDEN

    (file.home / "backups").mkdir()
    with closing(sqlite3.connect(file.home / "backups" / "old.db")) as connection:
        connection.executescript((GOLDEN / "schema-0001.sql").read_text("ascii"))
    assert "ada-1" in found(file.home, ["ada-1"])
    gone = await (await file.open()).forget("ada")
    assert [path.name for path in gone.rewritten] == ["old.db"]
    assert found(file.home, ["ada-1"]) == {}
    assert "bob-1" in found(file.home, ["bob-1"])


async def test_retention_reaches_the_unasked_backups_only(file: Backend):
    store = await file.open()
    await fill(store)
    (file.home / "backups").mkdir()
    await store.backup(file.home / "backups" / "unasked.db")
    await store.backup(file.home / "asked.viva")
    (file.home / "backups" / "unreadable.db").write_bytes(b"quokkafern")
    file.clock.move(days=200)
    gone = await store.expire(180)
    assert [path.name for path in gone.removed] == ["unasked.db"], "the unreadable one is not old yet"
    assert found(file.home, ["quokkafern"]) == {"quokkafern": ["asked.viva", "backups/unreadable.db"]}
    os.utime(file.home / "backups" / "unreadable.db", (0, 0))
    gone = await store.expire(180)
    assert [path.name for path in gone.removed] == ["unreadable.db"]


async def test_one_who_still_reads_is_named_and_the_next_time_finishes(file: Backend):
    store = await file.open(patience=0.2)
    await fill(store)
    with closing(sqlite3.connect(file.home / "viva.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(StoreBusy, match="deleted, but another program still uses an older state"):
            await store.forget("ann-the-owner")
        reader.execute("ROLLBACK")
    assert (await store.forget("ann-the-owner")).sessions == 0
    assert found(file.home, ANN) == {}


async def test_on_a_server_the_rows_and_the_backups_go(backend: Backend):
    store = await backend.open()
    await fill(store)
    (backend.home / "backups").mkdir()
    await store.backup(backend.home / "backups" / "both.db")
    gone = await store.forget("ann-the-owner")
    assert (gone.sessions, gone.events) == (1, 4)
    assert [path.name for path in gone.rewritten] == ["both.db"]
    assert found(backend.home, ANN) == {}
    async with store.database.reading() as connection:
        for table in ("sessions", "events", "session_rubrics", "rubrics"):
            rows = (await connection.exec_driver_sql(f"SELECT * FROM {table}")).all()
            assert rows
            assert not any(word in str(row) for row in rows for word in ANN)


async def test_nobody_loses_a_rubric_while_another_is_forgotten(backend: Backend):
    import asyncio

    store, other = await backend.open(), await backend.open()
    for n in range(8):
        await store.create(f"s{n}", f"ann-{n}", "terminal")
        await store.append(f"s{n}", 0, started(), {"h": question()})
        await store.create(f"t{n}", "bob", "terminal")
        forgetting = store.forget(f"ann-{n}")
        asking = other.append(f"t{n}", 0, started(), {"h": question()})
        await asyncio.gather(forgetting, asking)
        assert await store.rubrics(f"t{n}") == {"h": question()}
        await store.forget("bob")
