"""What language models took is written with the event, added up by whoever it was for, and leaves with the sitting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.core import events as e
from bot.core.costing import Spent
from bot.core.made import Made
from bot.ports.groups import Place
from bot.ports.purse import Purse
from bot.store import schema as s
from bot.store.log import SqlStore
from tests.store.conftest import Backend
from tests.store.samples import NASTY, started

MADE = Made("openai:a", input=1000, output=200, cost=0.002, calls=2)
ONE = Spent(2, 1000, 200, 0.002)


async def sat(store: SqlStore, session: str, owner: str = "ann", server: str = "", made: Made = MADE) -> None:
    """A sitting in which a model judged once."""
    await store.create(session, owner, "discord")
    await store.append(session, 0, started())
    if server:
        await store.groups.put(Place(session, "discord:1", session, server))
    await judged(store, session, 1, made)


async def judged(store: SqlStore, session: str, after: int, made: Made | None = MADE) -> None:
    assert await store.append(session, after, [(f"g{after}", e.Graded("cnn", 1, "a", made=made))])


async def rows(store: SqlStore) -> int:
    async with store.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(s.spent)) or 0


async def test_it_is_the_door(backend: Backend):
    purse: Purse = (await backend.open()).purse
    assert await purse.spent("nobody") == {"person": Spent(), "server": Spent(), "day": Spent()}


async def test_what_a_model_took_is_summed_by_person_server_and_day(backend: Backend):
    store = await backend.open()
    await sat(store, "a", server="10")
    await sat(store, "b", server="20")
    await sat(store, "c", owner="bob", server="10")
    await sat(store, "d", owner=NASTY)
    spent = await store.purse.spent("a")
    assert spent == {"person": ONE + ONE, "server": ONE + ONE, "day": ONE + ONE + ONE + ONE}
    assert (await store.purse.spent("d"))["server"] == Spent(), "in the terminal there is no server"


async def test_a_day_begins_at_midnight_utc(backend: Backend):
    store = await backend.open()
    backend.clock.now = backend.clock.now.replace(hour=23, minute=59, second=59)
    await sat(store, "a")
    assert (await store.purse.spent("a"))["person"] == ONE
    backend.clock.move(seconds=1)
    assert (await store.purse.spent("a"))["person"] == Spent()
    await judged(store, "a", 2)
    assert (await store.purse.spent("a"))["day"] == ONE


async def test_what_is_not_known_is_counted_as_not_known(backend: Backend):
    store = await backend.open()
    await sat(store, "a", made=replace(MADE, cost=None))
    await judged(store, "a", 2, Made("openai:a", calls=3))
    await judged(store, "a", 3, replace(MADE, output=None, cost=None, calls=1))
    assert (await store.purse.spent("a"))["day"] == Spent(6, 1000, 200, 0.0, uncounted=4, unpriced=6)


async def test_a_voice_costs_too_and_what_no_model_made_costs_nothing(backend: Backend):
    store = await backend.open()
    await sat(store, "a")
    await judged(store, "a", 2, None)
    await store.append("a", 3, [("p", e.Phrased(1, "Well.", made=MADE)), ("q", e.Phrased(2))])
    assert (await store.purse.spent("a"))["day"] == ONE + ONE
    assert await rows(store) == 2


async def test_what_is_heard_twice_is_paid_for_once(backend: Backend):
    store = await backend.open()
    await sat(store, "a")
    assert not await store.append("a", 2, [("g1", e.Graded("cnn", 1, "a", made=MADE))])
    assert await rows(store) == 1


async def test_who_joins_an_account_is_one_person(backend: Backend):
    store = await backend.open()
    await sat(store, "a", owner="discord:1")
    await sat(store, "b", owner="ann")
    await store.groups.link("discord:1", await store.groups.new_code("ann"))
    assert (await store.purse.spent("b"))["person"] == ONE + ONE
    assert await store.purse.table("person") == [("ann", ONE + ONE)]


async def test_tables_by_person_server_day_and_model(backend: Backend):
    store = await backend.open()
    await sat(store, "a", server="10")
    backend.clock.move(days=1)
    await sat(store, "b", owner="bob", made=replace(MADE, model="ollama:b", cost=None))
    await judged(store, "b", 2)
    unpriced = Spent(2, 1000, 200, unpriced=2)
    assert await store.purse.table("day") == [("2026-03-02", unpriced + ONE), ("2026-03-01", ONE)]
    assert dict(await store.purse.table("person")) == {"ann": ONE, "bob": unpriced + ONE}
    assert dict(await store.purse.table("server")) == {"10": ONE, "": unpriced + ONE}
    assert await store.purse.table("model") == [("openai:a", ONE + ONE), ("ollama:b", unpriced)]
    since = backend.clock.now - timedelta(hours=12)
    assert await store.purse.table("person", since) == [("bob", unpriced + ONE)]


async def test_what_a_forgotten_person_took_is_gone_with_them(backend: Backend, tmp_path: Path):
    store = await backend.open()
    await sat(store, "a")
    await sat(store, "b", owner="bob")
    await store.forget("ann")
    assert await store.purse.table("person") == [("bob", ONE)]
    await store.forget_session("b")
    assert await rows(store) == 0


async def test_a_backup_brings_it_back(backend: Backend, other: Backend, tmp_path: Path):
    store = await backend.open()
    await sat(store, "a", server="10")
    await store.backup(tmp_path / "all.viva")
    elsewhere = await other.open()
    await elsewhere.restore(tmp_path / "all.viva")
    assert await elsewhere.purse.table("server") == [("10", ONE)]


async def test_what_may_wait_to_be_judged_is_found_for_a_while(backend: Backend):
    store = await backend.open()
    for session in ("a", "b", "c"):
        await store.create(session, "ann", "discord")
        await store.append(session, 0, started())
    await store.append("a", 1, [("g", e.Graded("cnn", 1, "a", why_not="it is down", retry=True))])
    await store.append("b", 1, [("g", e.Graded("cnn", 1, "a", why_not='it says "retry": true'))])
    await store.append("c", 1, [("g", e.Reconsidered("cnn", 1, "waits", why_not="it is down"))])
    begun = backend.clock.now
    assert sorted(await store.perhaps_unjudged(begun - timedelta(days=1))) == ["a", "c"]
    assert await store.perhaps_unjudged(begun + timedelta(days=1)) == []


async def test_an_objection_that_is_judged_late_makes_no_sitting_younger(backend: Backend):
    store = await backend.open()
    await sat(store, "a")
    before = (await store.find("a")).at
    backend.clock.move(days=2)
    read = e.Regraded("cnn", 1, "a", made=MADE, dispute=2, late=True)
    await store.append("a", 2, [("r", read), ("c", e.Reconsidered("cnn", 2, "stands", "not_found", late=True))])
    assert (await store.find("a")).at == before
    assert await rows(store) == 2, "what it took is counted"


async def test_what_is_judged_late_makes_no_sitting_younger(backend: Backend):
    """Else one that is tried again and again would never be old enough to be deleted."""
    store = await backend.open()
    await sat(store, "a")
    before = (await store.find("a")).at
    backend.clock.move(days=2)
    late = e.Graded("cnn", 1, "a", why_not="it is down", retry=True, made=MADE, late=True)
    await store.append("a", 2, [("l", late)])
    await store.append("a", 3, [("m", replace(late, why_not=None, retry=False)), ("t", e.JudgedLate("cnn"))])
    assert (await store.find("a")).at == before
    await store.append("a", 5, [("h", e.Heard("And now?"))])
    assert (await store.find("a")).at > before
