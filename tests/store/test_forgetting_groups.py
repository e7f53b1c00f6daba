"""What study groups kept leaves with its person, its server or its time: rows, bytes, and the backups beside them."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.events import Heard
from bot.errors import StoreBusy, WrongUsage
from bot.ports.groups import Kept, Place, ServerSettings
from bot.store.forgetting import Held
from bot.store.log import SqlStore
from tests.store.conftest import Backend
from tests.store.samples import started

#: What only Ann's rows hold: her name and account, what she said, her documents, where she sat.
ANN = ("ann-the-owner", "discord:1111", "quokkafern", "wombatreed", "channel-of-ann", "session-of-ann")
BOB = ("bob-the-owner", "discord:2222", "dugongkelp", "numbatmoss", "channel-of-bob", "session-of-bob")
TABLES = "sessions events accounts link_codes link_guesses places board documents".split()


async def fill(store: SqlStore, *, joined: bool = True) -> None:
    """Two people, each with a sitting of the terminal and one of Discord, and everything else there can be."""
    for who in (ANN, BOB):
        person, account, said, document, channel, session = who
        for n, owner in enumerate((person, account)):
            await store.create(f"{session}-{n}", owner, "terminal")
            await store.append(f"{session}-{n}", 0, [*started(), ("m", Heard(f"{said} " * 900))])
        await store.groups.put(Place(f"{session}-1", account, channel, "10"))
        await store.groups.show_on_board("10", account, wanted=True)
        await store.groups.keep_documents(account, [Kept("k", f"{document}.md", document, f"{document} " * 90)])
        if joined:
            await store.groups.link(account, await store.groups.new_code(person))
        await store.groups.new_code(person)
        with pytest.raises(WrongUsage):
            await store.groups.link(account, "wrong")


def found(folder: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Which words are in which files under a folder, by their bytes."""
    files = {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    hits = {word: sorted(name for name, data in files.items() if word.encode() in data) for word in words}
    return {word: names for word, names in hits.items() if names}


async def rows(store: SqlStore) -> str:
    """Every row of every table, as one text."""
    async with store.database.reading() as connection:
        held = [(await connection.exec_driver_sql(f"SELECT * FROM {name}")).all() for name in TABLES]
    return str(held)


async def test_what_is_kept_of_a_person_is_named(backend: Backend):
    store = await backend.open()
    await fill(store)
    whole = Held("ann-the-owner", ("discord:1111",), 2, 1, 1)
    assert await store.held("ann-the-owner") == await store.held("discord:1111") == whole
    assert whole.names == ("ann-the-owner", "discord:1111")
    assert await store.held("nobody") == Held("nobody")


@pytest.mark.parametrize("name", ["ann-the-owner", "discord:1111"])
async def test_a_person_goes_with_their_accounts(backend: Backend, name: str):
    store = await backend.open()
    await fill(store)
    (backend.home / "backups").mkdir()
    await store.backup(backend.home / "backups" / "both.db")
    await store.backup(backend.home / "mine.viva")
    before = await rows(store)
    assert all(word in before for word in (*ANN, *BOB))
    gone = await store.forget(name)
    assert (gone.sessions, gone.events, gone.documents) == (2, 4, 1)
    assert gone.names == ("ann-the-owner", "discord:1111")
    assert [path.name for path in gone.rewritten] == ["both.db", "mine.viva"]
    after = await rows(store)
    assert not [word for word in ANN if word in after]
    assert all(word in after for word in BOB)
    assert found(backend.home, ANN) == {}
    assert (await store.restore(backend.home / "mine.viva", overwrite=True)).sessions == 2
    assert await store.groups.accounts("bob-the-owner") == ["discord:2222"]


async def test_an_account_that_was_never_joined_goes_alone(backend: Backend):
    store = await backend.open()
    await fill(store, joined=False)
    assert (await store.forget("discord:1111")).sessions == 1
    assert await store.held("ann-the-owner") == Held("ann-the-owner", (), 1)
    assert await store.held("discord:1111") == Held("discord:1111")


async def test_an_older_backup_knows_the_account_by_its_own_name(file: Backend):
    store = await file.open()
    await fill(store, joined=False)
    await store.backup(file.home / "before.viva")
    for account, person in (("discord:1111", "ann-the-owner"), ("discord:2222", "bob-the-owner")):
        await store.groups.link(account, await store.groups.new_code(person))
    gone = await store.forget("ann-the-owner")
    assert [path.name for path in gone.rewritten] == ["before.viva"]
    assert found(file.home, ANN) == {}
    assert found(file.home, BOB) != {}


@pytest.mark.parametrize("name", ["ann-the-owner", "discord:1111"])
async def test_what_an_attempt_that_broke_off_left_in_a_backup_goes_the_next_time(file: Backend, name: str):
    store = await file.open()
    await fill(store)
    await store.backup(file.home / "both.viva")
    data = (file.home / "both.viva").read_bytes()
    await store.forget(name)
    (file.home / "both.viva").write_bytes(data)
    gone = await store.forget(name)
    assert (gone.sessions, [path.name for path in gone.rewritten]) == (0, ["both.viva"])
    assert found(file.home, ANN) == {}


async def test_a_backup_that_held_one_person_alone_is_removed_and_one_with_a_server_is_not(file: Backend):
    store = await file.open()
    await store.create("session-of-ann", "ann-the-owner", "terminal")
    (file.home / "backups").mkdir()
    await store.backup(file.home / "backups" / "ann.db")
    await store.groups.joined("10")
    await store.backup(file.home / "backups" / "server.db")
    gone = await store.forget("ann-the-owner")
    assert [path.name for path in gone.removed] == ["ann.db"]
    assert [path.name for path in gone.rewritten] == ["server.db"]


async def test_a_document_goes_down_to_the_bytes(file: Backend):
    store = await file.open()
    await fill(store)
    kept = [Kept(f"k{n}", "a.md", "a.md", f"bilbyheath{n:03} " * (n % 7 + 1) * 40) for n in range(60)]
    await store.groups.keep_documents("server:10", kept)
    await store.backup(file.home / "mine.viva")
    for n in range(0, 60, 2):
        assert await store.groups.remove_document("server:10", f"k{n}")
    left = found(file.home, [f"bilbyheath{n:03}" for n in range(60)])
    assert sorted(left) == [f"bilbyheath{n:03}" for n in range(1, 60, 2)]
    assert left["bilbyheath001"] == ["mine.viva", "viva.db"], "the log is empty"
    assert len(await store.groups.documents("server:10")) == 30
    assert len(await store.groups.documents("ann-the-owner")) == 1
    assert await store.check() is None


async def test_on_a_server_too_a_document_goes_alone(backend: Backend):
    store = await backend.open()
    await fill(store)
    assert await store.groups.remove_document("ann-the-owner", "k")
    assert await store.held("ann-the-owner") == Held("ann-the-owner", ("discord:1111",), 2, 0, 1)
    assert (await store.held("bob-the-owner")).documents == 1


async def test_a_document_that_another_program_still_sees_is_named(file: Backend):
    store = await file.open(patience=0.2)
    await fill(store)
    with closing(sqlite3.connect(file.home / "viva.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM documents").fetchone()
        with pytest.raises(StoreBusy, match="another program still uses an older state"):
            await store.groups.remove_document("ann-the-owner", "k")
        assert await store.append("session-of-bob-0", 2, [("n", Heard("on"))]), "nobody else waits for it"
        reader.execute("ROLLBACK")
    assert await store.groups.documents("ann-the-owner") == []
    assert not await store.groups.remove_document("ann-the-owner", "k")
    assert found(file.home, ["wombatreed"]) == {}


async def test_what_is_kept_for_a_server_goes_thirty_days_after_it(backend: Backend):
    store = await backend.open()
    groups = store.groups
    for server in ("10", "11"):
        await groups.joined(server)
        await groups.choose(server, ServerSettings(flows=(f"flow-{server}",)))
        await groups.show_on_board(server, "discord:1", wanted=True)
        await groups.keep_documents(f"server:{server}", [Kept("k", f"of-{server}", "", "text")])
    (backend.home / "backups").mkdir()
    await store.backup(backend.home / "backups" / "unasked.db")
    await store.backup(backend.home / "asked.viva")
    await groups.left("10")
    backend.clock.move(days=10)
    await groups.left("10")
    backend.clock.move(days=20)
    assert (await store.expire(180)).servers == ()
    assert len(await groups.documents("server:10")) == 1
    backend.clock.move(seconds=1)
    gone = await store.expire(180)
    assert (gone.servers, gone.documents) == (("10",), 1), "told twice, it still went at the first time"
    assert [path.name for path in gone.rewritten] == ["unasked.db"], "what somebody asked for is theirs"
    assert await groups.documents("server:10") == []
    assert await groups.on_board("10") == []
    assert await groups.settings("10") == ServerSettings()
    assert (await groups.settings("11")).flows == ("flow-11",)
    assert len(await groups.documents("server:11")) == len(await groups.on_board("11")) == 1
    assert found(backend.home, ["of-10", "flow-10"]) == {word: ["asked.viva"] for word in ("of-10", "flow-10")}
    (backend.home / "asked.viva").unlink()
    assert found(backend.home, ["of-10", "flow-10"]) == {}


async def test_a_server_that_invites_the_bot_again_keeps_all(backend: Backend):
    store = await backend.open()
    await store.groups.choose("10", ServerSettings(a_day=3))
    await store.groups.left("10")
    backend.clock.move(days=29)
    await store.groups.joined("10")
    backend.clock.move(days=100)
    assert (await store.expire(180)).servers == ()
    assert (await store.groups.settings("10")).a_day == 3


async def test_nothing_of_a_person_outlives_their_sittings(backend: Backend):
    store = await backend.open()
    await fill(store)
    await store.groups.remove_document("ann-the-owner", "k")
    backend.clock.move(days=200)
    await store.append("session-of-bob-0", 2, [("n", Heard("on"))])
    gone = await store.expire(180)
    assert gone.sessions == 3
    after = await rows(store)
    assert not [word for word in ANN if word in after]
    assert await store.groups.accounts("bob-the-owner") == ["discord:2222"], "he was here today"
    assert await store.groups.on_board("10") == [], "and is on the board no longer, with no sitting from there"
    backend.clock.move(days=200)
    await store.expire(180)
    assert await store.groups.accounts("bob-the-owner") == ["discord:2222"], "a document of his is kept"


async def test_codes_and_guesses_go_after_their_time(backend: Backend):
    store = await backend.open()
    await fill(store)
    backend.clock.move(minutes=9)
    await store.expire(180)
    async with store.database.reading() as connection:
        assert len((await connection.exec_driver_sql("SELECT * FROM link_codes")).all()) == 2
    backend.clock.move(minutes=2)
    await store.expire(180)
    backend.clock.move(hours=1)
    await store.expire(180)
    async with store.database.reading() as connection:
        for table in ("link_codes", "link_guesses"):
            assert (await connection.exec_driver_sql(f"SELECT * FROM {table}")).all() == []


async def test_old_unasked_backups_lose_what_is_old_in_them(file: Backend):
    store = await file.open()
    await fill(store)
    (file.home / "backups").mkdir()
    await store.backup(file.home / "backups" / "unasked.db")
    file.clock.move(days=200)
    os.utime(file.home / "backups" / "unasked.db", (0, 0))
    await store.expire(180)
    with closing(sqlite3.connect(file.home / "backups" / "unasked.db")) as kept:
        counts = [kept.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES]
    assert dict(zip(TABLES, counts, strict=True)) == dict.fromkeys(TABLES, 0) | {"accounts": 2, "documents": 2}


async def test_removing_a_document_keeps_writers_waiting_for_no_time(file: Backend):
    """Ten megabytes of documents are written anew in a fraction of a second, however large the rest is."""
    store = await file.open()
    await fill(store)
    await store.groups.keep_documents("server:10", [Kept(f"k{n}", "a", "a", "x" * 500_000) for n in range(20)])
    began = time.monotonic()
    await store.groups.remove_document("server:10", "k7")
    assert time.monotonic() - began < 2
