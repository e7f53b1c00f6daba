"""Who was forgotten does not come back with a backup from before; what they began since does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreBroken
from bot.ports.groups import Kept, Place
from bot.store import tombstones
from bot.store.leaving_out import LeftOut
from bot.store.log import SqlStore
from bot.store.opening import restore_store
from bot.store.tombstones import Tombstone
from tests.store.conftest import Backend
from tests.store.samples import NASTY, started

ANN, BOB = f"ann{NASTY}", "bob"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the data folder: forgetting does not reach the backups there."""
    return tmp_path_factory.mktemp("away")


async def sat(store: SqlStore, session: str, owner: str, account: str = "") -> None:
    await store.create(session, owner, "discord")
    await store.append(session, 0, started())
    if account:
        await store.groups.put(Place(session, account, session))


async def both(store: SqlStore) -> None:
    """Ann, at a terminal and joined to an account, and bob; both have interviews and documents."""
    await sat(store, "of-ann", ANN)
    await sat(store, "of-1", "discord:1", "discord:1")
    await store.groups.link("discord:1", await store.groups.new_code(ANN))
    await sat(store, "of-bob", BOB)
    for owner in (ANN, BOB):
        await store.groups.keep_documents(owner, [Kept("k", "notes.md", "", owner)])


async def test_who_was_forgotten_since_is_left_out_and_what_they_began_since_is_not(backend: Backend, away: Path):
    store = await backend.open()
    await both(store)
    await store.backup(away / "before.viva")
    backend.clock.move(hours=1)
    await store.forget("discord:1")
    backend.clock.move(hours=1)
    await sat(store, "came-back", "discord:1", "discord:1")
    await store.backup(away / "after.viva")

    restored = await store.restore(away / "before.viva", overwrite=True)
    assert (restored.sessions, restored.left_out) == (1, LeftOut(2, 1, 0))
    assert await store.owners() == [BOB]
    assert await store.groups.person("discord:1") == "discord:1"
    assert await store.groups.documents(ANN) == [] != await store.groups.documents(BOB)
    assert (await store.restore(away / "after.viva", overwrite=True)).left_out == LeftOut()
    assert sorted(await store.ids()) == ["came-back", "of-bob"]


async def test_a_backup_tells_another_house_who_was_forgotten(file: Backend, away: Path):
    other = Backend("sqlite", None, away / "other")
    store, elsewhere = await file.open(), await other.open()
    await both(store)
    await store.backup(away / "before.viva")
    file.clock.move(hours=1)
    await store.forget(ANN)
    await store.backup(away / "after.viva")
    await sat(elsewhere, "of-cy", "cy")
    await elsewhere.forget("cy")  # a house with a salt of its own

    other.clock.move(hours=2)
    assert (await elsewhere.restore(away / "before.viva")).left_out == LeftOut(), "nothing can be known here"
    await elsewhere.restore(away / "after.viva", overwrite=True)
    for _ in range(2):  # what is known of it survives the restore
        restored = await elsewhere.restore(away / "before.viva", overwrite=True)
        assert restored.left_out == LeftOut(2, 1, 0)
    assert len({one.salt for one in tombstones.in_house(other.home)}) == 2
    await other.close()


async def test_it_is_known_where_the_database_was_lost(file: Backend, away: Path):
    store = await file.open()
    await both(store)
    await store.backup(away / "before.viva")
    file.clock.move(hours=1)
    await store.forget(ANN)
    await file.close()
    (file.home / "viva.db").write_bytes(b"not a database any more" * 500)
    restored = await restore_store(None, file.home, file.clock, "one", away / "before.viva")
    assert restored.left_out == LeftOut(2, 1, 0) and restored.kept is not None


async def test_a_file_that_cannot_be_written_keeps_nobody_from_being_forgotten(file: Backend):
    store = await file.open()
    await both(store)
    await store.backup(file.home / "before.viva")
    (file.home / tombstones.FILE_NAME).mkdir()
    assert (await store.forget(ANN)).sessions == 2
    async with store.database.reading() as connection:
        assert len(await tombstones.read(connection)) == 2


@pytest.mark.parametrize(
    "row",
    [
        ("../../etc", "cd" * 16, "2026-03-01T00:00:00.000+00:00"),
        ("ab" * 32, "cd" * 2_000, "2026-03-01T00:00:00.000+00:00"),
        ("ab" * 32, "cd" * 16, "tomorrow"),
        ("ab" * 32, "cd" * 16, "9999-12-31T23:59:59.999-12:00"),
        (b"ab" * 32, "cd" * 16, "2026-03-01T00:00:00.000+00:00"),
    ],
)
async def test_a_backup_with_strange_ones_is_refused(file: Backend, row: tuple[object, ...]):
    store = await file.open()
    await store.backup(file.home / "all.viva")
    with closing(sqlite3.connect(file.home / "all.viva")) as backup:
        backup.execute("INSERT INTO forgotten VALUES (?, ?, ?)", row)
        backup.commit()
    with pytest.raises(StoreBroken, match="Nothing was changed"):
        await store.restore(file.home / "all.viva")


def test_so_many_salts_that_each_name_would_take_long_are_refused():
    at = "2026-03-01T00:00:00.000+00:00"
    rows = [(f"{n:064x}", f"{n:032x}", at) for n in range(tombstones.MOST_SALTS + 1)]
    assert tombstones.all_sound(rows[:-1]) and not tombstones.all_sound(rows)


def test_a_line_that_was_torn_costs_that_line_alone(tmp_path: Path):
    buried = tombstones.bury(["ann", "bob"], NOW, [])
    tombstones.keep_in_house(tmp_path, buried)
    file = tmp_path / tombstones.FILE_NAME
    file.write_bytes(b'[]\n{}\n\xff\n{"v": 1, "ha\n{"hash": 1, "salt": 2, "at": 3}\n' + file.read_bytes())
    assert sorted(one.hash for one in tombstones.in_house(tmp_path)) == sorted(one.hash for one in buried)
    assert b"bob" not in file.read_bytes()


@pytest.mark.parametrize("torn", [b'{"v": 1, "ha', b'{"hash": [], "salt": 2, "at": 3}\n'])
def test_what_is_written_after_a_torn_line_is_not_lost_with_it(tmp_path: Path, torn: bytes):
    file = tmp_path / tombstones.FILE_NAME
    file.write_bytes(torn)
    for name in ("ann", "bob"):
        tombstones.keep_in_house(tmp_path, tombstones.bury([name], NOW, tombstones.in_house(tmp_path)))
    assert tombstones.until(["ann", "bob"], tombstones.in_house(tmp_path), NOW).keys() == {"ann", "bob"}
    assert file.read_bytes().count(b"\n") == 3


def test_a_time_that_lies_ahead_is_a_wrong_clocks(tmp_path: Path):
    (one,) = tombstones.bury(["ann"], NOW + timedelta(days=900), [])
    assert tombstones.until(["ann", "bob"], [one], NOW) == {"ann": "2026-03-01T00:00:00.000+00:00"}
    earlier: Tombstone = replace(one, at="2026-01-01T00:00:00.000+00:00")
    assert tombstones.merged([one], [earlier]) == tombstones.merged([earlier, one]) == [one]
