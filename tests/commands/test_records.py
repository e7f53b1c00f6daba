"""`viva link`, `viva sessions` and `viva forget` as a person runs them: one person, two places, all of it gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from bot.app import pictures
from bot.app.alone import alone
from bot.ports.groups import Kept, Place
from bot.store.log import SqlStore
from bot.store.opening import open_store
from tests.faults.rooms import several
from tests.store.samples import started
from tests.store.test_sqlite import posix

T = TypeVar("T")


def at(home: Path, work: Callable[[SqlStore], Awaitable[T]]) -> T:
    """Does this with the store of a home, as the bot would beside the terminal."""

    async def run() -> T:
        store = await open_store(None, home, lambda: datetime.now(UTC), "the bot")
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def sat(store: SqlStore) -> None:
    """Two accounts that have interviews, of which one was joined to ann."""
    for session, account in (("one", "discord:1"), ("two", "discord:1"), ("three", "discord:2")):
        await store.create(session, account, "discord")
        await store.append(session, 0, started())
        await store.groups.put(Place(session, account, session, "10"))
    await store.groups.link("discord:1", await store.groups.new_code("ann"))
    await store.groups.keep_documents("ann", [Kept("k", "notes.md", "", "text")])
    await store.groups.show_on_board("10", "discord:1", wanted=True)


def test_a_code_joins_who_sits_at_the_terminal(tmp_path: Path) -> None:
    at(tmp_path, sat)
    as_text, as_json = several(tmp_path, [["link"], ["link", "--json"]])
    assert (as_text.code, as_text.err) == (0, "")
    assert "In Discord say /link " in as_text.out and "within ten minutes" in as_text.out
    assert as_text.out.endswith(f"{tmp_path / 'viva.db'}\n") and "VIVA_HOME" in as_text.out
    told = json.loads(as_json.out)
    assert told == {
        "v": 1, "minutes": 10, "code": told["code"], "person": told["person"], "accounts": [],
        "database": str(tmp_path / "viva.db"),
    }  # fmt: skip
    assert at(tmp_path, lambda store: store.groups.link("discord:2", told["code"])) == 1
    again, listed = several(tmp_path, [["link"], ["sessions"]])
    assert "Joined already: discord:2\n" in again.out
    assert f"{told['person']} (discord:2)" in listed.out


def test_a_code_that_a_newer_one_replaced_does_not_fit(tmp_path: Path) -> None:
    first, second = (json.loads(each.out)["code"] for each in several(tmp_path, [["link", "--json"]] * 2))

    async def joined(store: SqlStore) -> list[str]:
        with pytest.raises(Exception, match="does not fit"):
            await store.groups.link("discord:1", first)
        await store.groups.link("discord:1", second)
        return await store.groups.accounts(await store.groups.person("discord:1"))

    assert at(tmp_path, joined) == ["discord:1"]


def test_the_help_says_that_both_must_use_the_same_data(tmp_path: Path) -> None:
    (helped,) = several(tmp_path, [["link", "--help"]])
    assert "VIVA_DATABASE_URL" in helped.out and "Example: viva link" in helped.out


def test_sessions_name_the_person_and_the_accounts(tmp_path: Path) -> None:
    at(tmp_path, sat)
    listed, as_json = several(tmp_path, [["sessions"], ["sessions", "--json"]])
    assert [line.rpartition("answers  ")[2] for line in sorted(listed.out.splitlines())] == [
        "ann (discord:1)", "discord:2", "ann (discord:1)",
    ]  # fmt: skip
    rows = {row["id"]: row for row in map(json.loads, as_json.out.splitlines())}
    assert (rows["one"]["owner"], rows["one"]["accounts"]) == ("ann", ["discord:1"])
    assert (rows["three"]["owner"], rows["three"]["accounts"]) == ("discord:2", [])


@pytest.mark.parametrize("name", ["ann", "discord:1"])
def test_a_person_is_forgotten_by_either_name(tmp_path: Path, name: str) -> None:
    at(tmp_path, sat)
    unasked, done, again = several(tmp_path, [["forget", name], ["forget", name, "--yes"], ["forget", name, "--yes"]])
    unasked.assert_failed(2, "Nothing was deleted: without a terminal to ask at, say --yes.")
    whole = (
        "Deleted 2 interviews, 1 document and 1 place on a server's board of ann (joined with discord:1) (2 events)."
    )
    assert (done.code, done.out.splitlines()[0]) == (0, whole)
    again.assert_failed(2, f"No interviews of '{name}' are kept; there is: discord:2.")
    assert at(tmp_path, lambda store: store.owners()) == ["discord:2"]
    assert at(tmp_path, lambda store: store.groups.person("discord:1")) == "discord:1"


def test_what_a_backup_still_holds_of_one_who_is_known_no_longer_goes_too(tmp_path: Path) -> None:
    at(tmp_path, sat)
    at(tmp_path, lambda store: store.backup(tmp_path / "all.viva"))
    data = (tmp_path / "all.viva").read_bytes()
    at(tmp_path, lambda store: store.forget("ann"))
    (tmp_path / "all.viva").write_bytes(data)
    asked, done = several(tmp_path, [["forget", "ann"], ["forget", "ann", "--yes"]])
    asked.assert_failed(2, "No interviews of 'ann' are kept")
    assert f"Rewritten without them: {tmp_path / 'all.viva'}" in done.out
    assert b"discord:1" not in (tmp_path / "all.viva").read_bytes()


def test_a_backup_of_nothing_names_where_it_looked_and_makes_nothing(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "all.viva"
    (nothing,) = several(home, [["backup", str(file)]])
    nothing.assert_failed(1, f"Nothing is kept in {home / 'viva.db'}", "set VIVA_HOME (or VIVA_DATABASE_URL)")
    assert list(tmp_path.iterdir()) == [], "and nothing was made"
    home.mkdir()
    (home / "viva.db").touch()
    (empty,) = several(home, [["backup", str(file)]])
    empty.assert_failed(1, "Nothing is kept")
    assert [each.stat().st_size for each in home.iterdir()] == [0]


def test_a_backup_says_what_it_holds_and_a_restore_who_was_left_out(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "all.viva"
    at(home, sat)
    for session in ("one", "three"):
        asyncio.run(pictures.keep(home, session, "17", "board.png", b"pixels"))
    done, forgotten, restored = several(
        home, [["backup", str(file)], ["forget", "ann", "--yes"], ["restore", "--replace", str(file)]]
    )
    held = "3 interviews of 2 people, 1 document and 2 pictures"
    assert done.out == f"{file} holds all of {home / 'viva.db'}: {held}. Bring it back with: viva restore {file}\n"
    assert (forgotten.code, restored.code, restored.err) == (0, 0, "")
    assert restored.out.splitlines()[:2] == [
        "Brought back 1 interview (1 events) and 1 picture.",
        "Left out, of people who were forgotten after the backup was made: 2 interviews, 1 document and 1 picture.",
    ]
    assert [folder.name for folder in (home / "pictures").iterdir()] == ["three"]


def test_nothing_is_restored_while_somebody_serves_from_the_folder(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "all.viva"
    at(home, sat)
    at(home, lambda store: store.backup(file))
    with alone(home):
        (refused,) = several(home, [["restore", "--replace", str(file)]])
    refused.assert_failed(
        1, f"A `viva serve` is running on the data folder {home}", "Nothing was changed. End it first"
    )
    assert not (home / "backups").exists()


@posix
def test_the_question_names_what_will_go(tmp_path: Path) -> None:
    from tests.surfaces.window import Window

    at(tmp_path, sat)
    program = ("-m", "bot", "forget", "discord:1")
    with Window(tmp_path, program=program, environ={"VIVA_HOME": str(tmp_path)}, columns=160) as window:
        window.expect(
            "Delete 2 interviews, 1 document and 1 place on a server's board of ann (joined with discord:1), for good?"
        )
        window.send("n\r")
        window.settle()
    assert len(at(tmp_path, lambda store: store.sittings("ann"))) == 2
