"""What holds of groups on a file alone: what each interaction costs, and that nothing is half done after a kill -9."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.ports.groups import Kept, Place, ServerSettings
from bot.store.log import SqlStore
from tests.store.conftest import Backend
from tests.store.samples import started
from tests.store.test_sqlite import child, posix


class Watch:
    """Notes every statement that is run in it."""

    def __init__(self, store: SqlStore) -> None:
        self._engine = store.database.engine.sync_engine
        self.ran: list[tuple[str, Any]] = []

    def __enter__(self) -> Watch:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        self.ran.append((statement, given[0] if given and isinstance(given[0], tuple) else given))


async def plans(store: SqlStore, ran: list[tuple[str, Any]]) -> list[str]:
    async with store.database.reading() as connection:
        found = [(await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {ran}", given)).all() for ran, given in ran]
    return [row.detail for rows in found for row in rows]


async def filled(file: Backend) -> SqlStore:
    store = await file.open()
    for n in range(3):
        await store.create(f"s{n}", f"discord:{n}", "discord")
        await store.append(f"s{n}", 0, started())
        await store.groups.put(Place(f"s{n}", f"discord:{n}", f"c{n}", "10"))
    await store.groups.joined("10")
    await store.groups.choose("10", ServerSettings())
    return store


async def test_what_each_interaction_asks_is_one_indexed_read(file: Backend):
    store = await filled(file)
    groups = store.groups
    for asked in (
        lambda: groups.settings("10"),
        lambda: groups.person("discord:1"),
        lambda: groups.in_channel("c1"),
        lambda: groups.placed("s1"),
        lambda: groups.joined("10"),
    ):
        with Watch(store) as watch:
            await asked()
        (plan,) = await plans(store, watch.ran)
        assert plan.startswith("SEARCH"), plan


async def test_no_question_reads_a_table_over(file: Backend):
    store = await filled(file)
    groups, now = store.groups, file.clock()
    await groups.link("discord:0", await groups.new_code("ann"))
    with Watch(store) as watch:
        await groups.put(Place("s1", "discord:1", "c2", "10"))
        await groups.begun_since("discord:1", "10", now)
        await groups.sessions_of("discord:1", "10", now)
        await groups.counts("10", now)
        await groups.accounts("ann")
        await groups.on_board("10")
        await groups.documents("server:10")
        await groups.link("discord:1", await groups.new_code("ann"))
    tables = {f"SCAN {name}" for name in ("sessions", "events", "places", "accounts", "board", "documents", "servers")}
    assert len(watch.ran) > 15
    assert [plan for plan in await plans(store, watch.ran) if plan in tables] == []


async def test_a_place_that_is_known_is_not_written_again(file: Backend):
    store = await filled(file)
    before = (file.home / "viva.db-wal").stat().st_size
    for _ in range(5):
        await store.groups.put(Place("s1", "discord:1", "c1", "10"))
        await store.groups.joined("10")
    assert (file.home / "viva.db-wal").stat().st_size == before


async def test_others_go_on_while_a_document_is_removed(file: Backend):
    store = await filled(file)
    documents = [Kept(f"k{n}", "a", "", "x" * 300_000) for n in range(20)]
    await store.groups.keep_documents("server:10", documents)
    removing = asyncio.create_task(store.groups.remove_document("server:10", "k3"))
    asked = 0
    while not removing.done():
        assert (await store.groups.placed("s1") or Place("", "", "")).channel == "c1"
        asked += 1
    assert removing.result()
    assert asked > 5


@posix
async def test_nothing_is_half_done_after_kill_9(file: Backend):
    store = await file.open()
    for turn in range(3):
        with child("tests.store.joiner", file.home, turn) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n"
            await asyncio.sleep(0.1 + 0.05 * turn)
            process.send_signal(signal.SIGKILL)
            told = max([0, *(int(line) for line in process.stdout if line.endswith("\n"))])
        await assert_whole(store, turn, told)
        assert await store.check() is None
    assert b"2-0-0 2-0-0" not in whole(file.home), "what was removed is gone from the files"
    assert b"2-0-1 2-0-1" in whole(file.home)


async def assert_whole(store: SqlStore, turn: int, told: int) -> None:
    """Whatever was told is done, and of the next account all was joined, or nothing."""
    for n in range(told + 2):
        account, person = f"discord:{turn}-{n}", f"person-{turn}-{n}"
        joined = await store.groups.person(account) == person
        assert joined or n > told
        assert await store.sittings(account if joined else person) == []
        left, kept = await store.groups.documents(account), await store.groups.documents(person)
        assert left == [] or not joined
        assert [document.key for document in kept or left] in (
            [],
            [f"k{k}" for k in range(5)],
            ["k1", "k2", "k3", "k4"],
        )
        if n <= told:
            assert len(await store.sittings(person)) == 3
            assert len(kept) == 4


def whole(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("viva.db*"))
