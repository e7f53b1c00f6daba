"""Pictures travel in backups, as many and as large as a sitting may keep; nothing else of a backup reaches the disk."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreBroken, WrongUsage
from bot.store import pictures
from bot.store.leaving_out import LeftOut
from bot.store.log import SqlStore
from bot.store.opening import restore_store
from tests.store.conftest import Backend
from tests.store.samples import started

BOARD = b"\x89PNG of a whiteboard"


async def drawn(backend: Backend) -> SqlStore:
    """Two people's sittings, each with a picture, and much beside them that is none."""
    store = await backend.open()
    for session, owner in (("of-ann", "ann"), ("of-bob", "bob")):
        await store.create(session, owner, "discord")
        await store.append(session, 0, started())
        pictures.write(backend.home / pictures.FOLDER / session / "17-board.png", BOARD + owner.encode())
    folder = backend.home / pictures.FOLDER
    (folder / "of-ann" / ".18-x.png.part").write_bytes(b"half a picture")
    (folder / "of-ann" / "ümläut.png").write_bytes(b"somebody else's")
    (folder / "of-ann" / "linked.png").symlink_to(backend.home / "viva.db")
    (folder / "of-nobody").mkdir()
    (folder / "of-nobody" / "17-board.png").write_bytes(b"left over")
    return store


def lying(home: Path) -> dict[str, bytes]:
    """The pictures of a data folder, by sitting and name."""
    files = (home / pictures.FOLDER).rglob("*")
    return {str(f.relative_to(home / pictures.FOLDER)): f.read_bytes() for f in files if f.is_file()}


async def test_they_travel_from_either_database(backend: Backend, tmp_path: Path):
    other = Backend("sqlite", None, tmp_path / "other")
    store, target = await drawn(backend), await other.open()
    held = await store.backup(tmp_path / "all.viva")
    assert (held.sessions, held.people, held.documents, held.pictures) == (2, 2, 0, 2)
    restored = await target.restore(tmp_path / "all.viva")
    assert restored.pictures == 2
    assert lying(other.home) == {"of-ann/17-board.png": BOARD + b"ann", "of-bob/17-board.png": BOARD + b"bob"}
    if os.name == "posix":
        modes = [stat.S_IMODE(f.stat().st_mode) for f in (other.home / pictures.FOLDER).rglob("*")]
        assert {mode & 0o077 for mode in modes} == {0}
    await other.close()


async def test_those_of_who_was_forgotten_go_from_backups_and_stay_out(file: Backend, tmp_path: Path):
    store = await drawn(file)
    await store.backup(tmp_path.parent / f"{tmp_path.name}.viva")
    await store.backup(file.home / "here.viva")
    file.clock.move(hours=1)
    assert [f.name for f in (await store.forget("ann")).rewritten] == ["here.viva"]
    assert BOARD + b"ann" not in (file.home / "here.viva").read_bytes()
    restored = await store.restore(tmp_path.parent / f"{tmp_path.name}.viva", overwrite=True)
    assert (restored.pictures, restored.left_out) == (1, LeftOut(1, 0, 1))
    assert restored.kept is not None and BOARD + b"bob" in restored.kept.read_bytes()


async def test_what_was_replaced_can_be_brought_back_with_its_pictures(file: Backend):
    store = await file.open()
    await store.create("kept", "ann", "discord")
    await store.append("kept", 0, started())
    await store.backup(file.home / "old.viva")
    await drawn(file)
    await file.close()
    restored = await restore_store(None, file.home, file.clock, "one", file.home / "old.viva", overwrite=True)
    assert lying(file.home) == {} and restored.kept is not None, "swept away with their sittings"
    await restore_store(None, file.home, file.clock, "one", restored.kept, overwrite=True)
    assert sorted(lying(file.home)) == ["of-ann/17-board.png", "of-bob/17-board.png"]


_OF_A_SESSION = (("sessions", "id"), ("events", "session"), ("pictures", "session"))
OTHER = f"CREATE TABLE pictures (session TEXT, name TEXT, data BLOB AS (zeroblob({pictures.MOST_BYTES})))"


@pytest.mark.parametrize(
    "changes",
    [
        ["UPDATE pictures SET name = '../../../viva.db' WHERE session = 'of-ann'"],
        ["UPDATE pictures SET name = '/etc/cron.d/x' WHERE session = 'of-ann'"],
        ["UPDATE pictures SET name = '.bashrc' WHERE session = 'of-ann'"],
        ["UPDATE pictures SET name = 'C:\\x.png' WHERE session = 'of-ann'"],
        ["UPDATE pictures SET name = 'x' || char(10) || '.png' WHERE session = 'of-ann'"],
        ["UPDATE pictures SET name = X'2e2e2f78' WHERE session = 'of-ann'"],
        ["UPDATE pictures SET session = '..' WHERE session = 'of-ann'"],
        [f"UPDATE {table} SET {column} = '..' WHERE {column} = 'of-ann'" for table, column in _OF_A_SESSION],
        ["UPDATE pictures SET data = 'text'"],
        [f"UPDATE pictures SET data = zeroblob({pictures.MOST_BYTES + 1}) WHERE session = 'of-ann'"],
        [f"INSERT INTO pictures VALUES ('of-ann', 'n{n}.png', X'00')" for n in range(pictures.MOST)],
        ["DROP TABLE pictures", OTHER, "INSERT INTO pictures VALUES ('of-ann', 'a.png')"],
    ],
)  # fmt: skip
async def test_a_backup_with_what_no_backup_holds_is_refused_whole(file: Backend, changes: Sequence[str]):
    store = await drawn(file)
    await store.backup(file.home / "all.viva")
    with closing(sqlite3.connect(file.home / "all.viva")) as backup:
        for change in changes:
            backup.execute(change)
        backup.commit()
    before = lying(file.home)
    with pytest.raises(StoreBroken, match=r"all\.viva is damaged\. Nothing was changed"):
        await store.restore(file.home / "all.viva", overwrite=True)
    assert lying(file.home) == before and len(await store.sittings()) == 2
    assert not list((file.home / "backups").iterdir())


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER t AFTER DELETE ON sessions BEGIN DELETE FROM events; END",
        "CREATE VIEW more AS SELECT zeroblob(1000000000)",
        "CREATE VIRTUAL TABLE words USING fts5(text)",
    ],
)
async def test_a_backup_that_would_do_something_by_itself_is_refused(file: Backend, change: str):
    store = await drawn(file)
    await store.backup(file.home / "all.viva")
    with closing(sqlite3.connect(file.home / "all.viva")) as backup:
        backup.execute(change)
        backup.commit()
    with pytest.raises(WrongUsage, match="not a backup of Viva"):
        await store.restore(file.home / "all.viva", overwrite=True)


async def test_a_disk_that_takes_no_pictures_changes_nothing(file: Backend):
    store = await drawn(file)
    await store.backup(file.home / "all.viva")
    await store.create("since", "cy", "discord")
    (file.home / pictures.FOLDER).rename(file.home / "aside")
    (file.home / pictures.FOLDER).write_text("in the way")
    with pytest.raises(StoreBroken, match="cannot be used"):
        await store.restore(file.home / "all.viva", overwrite=True)
    assert "since" in await store.ids()
