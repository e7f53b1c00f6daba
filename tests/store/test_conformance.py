"""What every store must do, on SQLite and on a real PostgreSQL: the door `bot.ports.Store`, and what commands need."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core import events as e
from bot.core.events import Heard
from bot.errors import StoreBusy, WrongUsage
from bot.ports import Store
from tests.store.conftest import Backend
from tests.store.samples import EVENTS, NASTY, caused, question, started


async def test_it_is_a_store(backend: Backend):
    store: Store = await backend.open()
    await store.create("s", "ann", "terminal")
    assert await store.load("s") == []


async def test_every_event_comes_back_as_it_went_in(backend: Backend):
    assert {type(event) for event in EVENTS} == set(get_args(e.Event))
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    written = await store.append("s", 0, caused(*EVENTS))
    assert [record.seq for record in written] == list(range(1, len(EVENTS) + 1))
    assert {record.at for record in written} == {"2026-03-01T09:30:00.000+00:00"}
    assert await store.load("s") == written
    assert tuple(record.event for record in written) == EVENTS


async def test_what_is_written_is_there_after_closing(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    written = await store.append("s", 0, started())
    await backend.close()
    assert await (await backend.open("two")).load("s") == written


async def test_load_can_begin_later(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    written = await store.append("s", 0, caused(*EVENTS))
    assert await store.load("s", after=15) == written[15:]
    assert await store.load("s", after=len(written)) == []


@pytest.mark.parametrize(
    "text", [NASTY, "x" * 100_000, "", "\ud800", "\x00"], ids=["nasty", "long", "empty", "half", "nul"]
)
async def test_any_text_is_kept_as_it_came(backend: Backend, text: str):
    store = await backend.open()
    await store.create(f"s{text[:50]}", f"ann{text[:50]}", text[:50])
    written = await store.append(
        f"s{text[:50]}", 0, [(f"id{text}", Heard(text, text)), ("b", e.Started(text, "practice", 1, ()))]
    )
    assert (await store.load(f"s{text[:50]}"))[0] == written[0]
    assert written[0].event == Heard(text, text)
    assert await store.append(f"s{text[:50]}", 2, [(f"id{text}", Heard(text))]) == []
    (sitting,) = await store.sittings(f"ann{text[:50]}")
    assert (sitting.id, sitting.surface, sitting.flow) == (f"s{text[:50]}", text[:50], text)


@given(texts=st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=5, unique=True))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_two_causes_are_taken_for_one(texts: list[str]):
    from bot.store.rows import known_as
    from bot.store.schema import escaped, unescaped

    assert [unescaped(escaped(text)) for text in texts] == texts
    assert len({escaped(known_as(text)) for text in texts}) == len(texts)
    assert all(escaped(text).isascii() and escaped(text).isprintable() for text in texts)


async def test_a_known_cause_writes_nothing(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    first = await store.append("s", 0, [*started(), ("m1", Heard("once"))])
    assert await store.append("s", 2, [("m1", Heard("once"))]) == []
    assert await store.append("s", 2, [("m2", Heard("new")), ("m1", Heard("once"))]) == []
    assert await store.append("s", 0, [("m1", Heard("once"))]) == [], "also when it comes late"
    assert await store.load("s") == first


async def test_the_same_cause_counts_once_in_each_session(backend: Backend):
    store = await backend.open()
    for session in ("s", "t"):
        await store.create(session, "ann", "terminal")
        assert len(await store.append(session, 0, started())) == 1


async def test_long_causes_differ_by_their_ends(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    assert await store.append("s", 0, [("m" * 5_000 + "1", Heard("one"))])
    assert await store.append("s", 1, [("m" * 5_000 + "2", Heard("two"))])
    assert await store.append("s", 2, [("m" * 5_000 + "2", Heard("two"))]) == []


@pytest.mark.parametrize("after", [0, 2, 7])
async def test_whoever_comes_from_another_state_is_refused(backend: Backend, after: int):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    written = await store.append("s", 0, started())
    with pytest.raises(StoreBusy, match="went on with session s"):
        await store.append("s", after, [("m1", Heard("words"))])
    assert await store.load("s") == written


async def test_a_sitting_starts_once(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    written = await store.append("s", 0, started())
    with pytest.raises(StoreBusy, match="started already"):
        await store.append("s", 1, [("m1", Heard("words")), ("again", started()[0][1])])
    assert await store.load("s") == written, "nothing of the step was written"
    assert await store.append("s", 1, [("m1", Heard("words"))]), "and the store goes on"


async def test_two_events_of_a_step_need_two_causes(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    with pytest.raises(ValueError, match="same cause"):
        await store.append("s", 0, [("m", Heard("a")), ("m", Heard("b"))])
    assert await store.load("s") == []


async def test_an_empty_step_writes_nothing(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    assert await store.append("s", 0, []) == []


async def test_unknown_sessions_are_named(backend: Backend):
    store = await backend.open()
    for call in (
        store.load("nobody"),
        store.append("nobody", 0, started()),
        store.lease("nobody", "one", 5),
        store.export("nobody"),
        store.find("nobody"),
    ):
        with pytest.raises(WrongUsage, match="There is no session nobody"):
            await call
    assert await store.rubrics("nobody") == {}


async def test_an_id_is_given_once(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    with pytest.raises(WrongUsage, match="a session s already"):
        await store.create("s", "bob", "terminal")
    assert await store.owners() == ["ann"]


async def test_of_many_at_once_one_wins(backend: Backend):
    stores = [await backend.open() for _ in range(3)]
    await stores[0].create("s", "ann", "terminal")
    await stores[0].append("s", 0, started())
    steps = [stores[n % 3].append("s", 1, [(f"m{n}", Heard(f"words {n}"))]) for n in range(12)]
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    won = [outcome for outcome in outcomes if isinstance(outcome, list)]
    assert len(won) == 1
    assert all(isinstance(outcome, StoreBusy) for outcome in outcomes if outcome not in won)
    assert await stores[1].load("s", after=1) == won[0]


async def test_the_same_message_delivered_at_once_counts_once(backend: Backend):
    stores = [await backend.open() for _ in range(3)]
    await stores[0].create("s", "ann", "terminal")
    outcomes = await asyncio.gather(*(store.append("s", 0, [("m1", Heard("words"))]) for store in stores))
    assert sorted(map(len, outcomes)) == [0, 0, 1]


async def test_many_sessions_at_once_do_not_hinder_each_other(backend: Backend):
    store = await backend.open()

    async def sit(name: str) -> None:
        await store.create(name, "ann", "terminal")
        for n in range(10):
            await store.append(name, n, [(f"m{n}", Heard(f"{name} {n}"))])

    await asyncio.gather(*(sit(f"s{n}") for n in range(12)))
    for n in range(12):
        assert [record.event for record in await store.load(f"s{n}")] == [Heard(f"s{n} {i}") for i in range(10)]


async def test_a_lease_keeps_others_out(backend: Backend):
    mine, theirs = await backend.open("one"), await backend.open("two")
    await mine.create("s", "ann", "terminal")
    await mine.lease("s", "one", 30)
    with pytest.raises(StoreBusy, match=r"Another process \(one\) is working on session s\..* 30 seconds"):
        await theirs.append("s", 0, started())
    with pytest.raises(StoreBusy):
        await theirs.lease("s", "two", 30)
    assert await theirs.load("s") == [], "reading stays free"
    await mine.lease("s", "one", 30)
    assert await mine.append("s", 0, started())
    assert await theirs.append("s", 0, started()) == [], "what is known is no work"


async def test_a_lease_that_was_given_back_binds_nobody(backend: Backend):
    mine, theirs = await backend.open("one"), await backend.open("two")
    await mine.create("s", "ann", "terminal")
    await mine.lease("s", "one", 30)
    await theirs.release("s", "two")
    with pytest.raises(StoreBusy):
        await theirs.lease("s", "two", 30)
    await mine.release("s", "one")
    await mine.release("s", "one")
    await theirs.lease("s", "two", 30)
    with pytest.raises(StoreBusy):
        await mine.append("s", 0, started())


async def test_a_lease_runs_out(backend: Backend):
    mine, theirs = await backend.open("one"), await backend.open("two")
    await mine.create("s", "ann", "terminal")
    await mine.lease("s", "one", 30)
    backend.clock.move(seconds=29)
    with pytest.raises(StoreBusy):
        await theirs.lease("s", "two", 30)
    backend.clock.move(seconds=1)
    await theirs.lease("s", "two", 30)


async def test_a_clock_that_jumps_locks_nobody_out(backend: Backend):
    mine, theirs = await backend.open("one"), await backend.open("two")
    await mine.create("s", "ann", "terminal")
    backend.clock.move(days=400)
    await mine.lease("s", "one", 30)
    backend.clock.move(days=-400)
    await theirs.lease("s", "two", 30)
    assert await theirs.append("s", 0, started())


async def test_no_lease_is_longer_than_the_longest(backend: Backend):
    mine, theirs = await backend.open("one"), await backend.open("two")
    await mine.create("s", "ann", "terminal")
    await mine.lease("s", "one", 1e9)
    with pytest.raises(StoreBusy):
        await theirs.lease("s", "two", 30)
    backend.clock.move(seconds=600)
    await theirs.lease("s", "two", 30)


async def test_the_lease_of_a_dead_process_binds_nobody(backend: Backend):
    mine, theirs = await backend.open("one"), await backend.open("two", alive=False)
    await mine.create("s", "ann", "terminal")
    await mine.lease("s", "one", 30)
    assert await theirs.append("s", 0, started())
    await theirs.lease("s", "two", 30)


async def test_rubrics_are_kept_with_the_session_that_was_asked_by_them(backend: Backend):
    store = await backend.open()
    cnn, rnn = question("cnn"), question("rnn")
    for session in ("s", "t"):
        await store.create(session, "ann", "terminal")
        asked = e.Asked("cnn", "hash-cnn", "What?", 1)
        await store.append(session, 0, [("ask", asked)], {"hash-cnn": cnn})
    await store.append("s", 1, [("ask2", Heard("words"))], {"hash-cnn": cnn, "hash-rnn": rnn})
    assert await store.rubrics("s") == {"hash-cnn": cnn, "hash-rnn": rnn}
    assert await store.rubrics("t") == {"hash-cnn": cnn}


async def test_rubrics_of_a_step_that_was_known_are_not_kept(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, started())
    await store.append("s", 1, started(), {"h": question()})
    assert await store.rubrics("s") == {}


async def test_sittings_tell_what_a_list_shows(backend: Backend):
    store = await backend.open()
    for name, owner in (("a", "ann"), ("b", "bob"), ("c", "ann"), ("d", "ann")):
        await store.create(name, owner, "terminal")
        backend.clock.move(minutes=1)
    assert await store.sittings() == [], "a session that was never started is nothing to list"
    for name in ("c", "a", "b"):
        await store.append(name, 0, started(f"flow-{name}"))
        backend.clock.move(minutes=1)
    answers: list[e.Event] = [e.Answered("q", 1, "x"), e.Answered("q", 1, "x", "reply"), e.Submitted("q", 1, "x")]
    await store.append("c", 1, [("end", e.Ended("time"))])
    backend.clock.move(minutes=1)
    await store.append("a", 1, caused(*answers, e.Skipped("q", 1)))
    backend.clock.move(minutes=1)
    await store.append("b", 1, [("end", e.Ended("stopped"))])
    sittings = await store.sittings()
    assert [(s.id, s.owner, s.status, s.flow, s.mode, s.answered) for s in sittings] == [
        ("b", "bob", "stopped", "flow-b", "practice", 0),
        ("a", "ann", "running", "flow-a", "practice", 3),
        ("c", "ann", "finished", "flow-c", "practice", 0),
    ]
    assert (sittings[1].begun, sittings[1].at) == ("2026-03-01T09:30:00.000+00:00", "2026-03-01T09:38:00.000+00:00")
    assert [s.id for s in await store.sittings("ann")] == ["a", "c"]
    assert [s.id for s in await store.sittings(limit=1)] == ["b"]
    await store.append("a", 5, [("end", e.Ended("finished"))])
    assert (await store.find("a")).status == "finished"


async def test_sessions_are_found_by_a_beginning_or_as_the_last(backend: Backend):
    store = await backend.open()
    with pytest.raises(WrongUsage, match="no session yet"):
        await store.find("last")
    for name, owner in (("ab%1", "ann"), ("ab_2", "bob"), ("ab", "ann"), ("AB3", "ann")):
        await store.create(name, owner, "terminal")
        await store.append(name, 0, started())
        backend.clock.move(minutes=1)
    assert (await store.find("last")).id == "AB3"
    assert (await store.find("last", owner="bob")).id == "ab_2"
    assert (await store.find("ab_")).id == "ab_2", "no wildcard"
    assert (await store.find("AB")).id == "AB3", "case counts"
    assert (await store.find("ab")).id == "ab", "the whole id beats its being a beginning"
    with pytest.raises(WrongUsage, match="Several sessions begin with a: ab, ab_2, ab%1"):
        await store.find("a")
    with pytest.raises(WrongUsage, match="no session zz"):
        await store.find("zz")
    with pytest.raises(WrongUsage):
        await store.find("last", status="finished")
    with pytest.raises(WrongUsage):
        await store.find("\x00\ud800")


async def test_an_export_is_all_and_plain(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    await store.lease("s", "one", 30)
    await store.append("s", 0, caused(*EVENTS), {"h": question()})
    data = await store.export("s")
    assert json.loads(json.dumps(data)) == data
    assert data["session"] == {
        "id": "s", "owner": "ann", "surface": "terminal", "status": "stopped",
        "flow": "opengenus", "mode": "simulation",
        "begun": "2026-03-01T09:30:00.000+00:00", "at": "2026-03-01T09:30:00.000+00:00", "answered": 2,
    }  # fmt: skip
    assert [event["kind"] for event in data["events"]] == [type(event).__name__ for event in EVENTS]
    assert data["events"][1] == {
        "seq": 2, "at": "2026-03-01T09:30:00.000+00:00", "cause": "m#2", "kind": "Heard", "v": 1,
        "body": {"text": "my words", "code": "print(1)"},
    }  # fmt: skip
    assert data["rubrics"]["h"]["title"] == "Convolution"
    assert len(data["rubrics"]["h"]) == len(fields(question()))


async def test_forgetting_a_person_leaves_the_others(backend: Backend):
    store = await backend.open()
    for name, owner in (("a", "ann"), ("b", "bob"), ("c", "ann")):
        await store.create(name, owner, "terminal")
        await store.append(name, 0, started(), {"shared": question(), f"of-{name}": question(name)})
    assert (await store.forget("nobody")).sessions == 0
    gone = await store.forget("ann")
    assert (gone.sessions, gone.events) == (2, 2)
    assert await store.owners() == ["bob"]
    assert set(await store.rubrics("b")) == {"shared", "of-b"}
    assert await store.rubrics("a") == {}
    with pytest.raises(WrongUsage):
        await store.append("a", 1, [("m", Heard("late words"))])
    assert (await store.forget_session("b")).sessions == 1
    assert await store.sittings() == []


async def test_rubrics_that_nobody_was_asked_by_go_too(backend: Backend):
    from sqlalchemy import func, select

    from bot.store.schema import rubrics

    store = await backend.open()
    for name in ("a", "b"):
        await store.create(name, name, "terminal")
        await store.append(name, 0, started(), {"shared": question(), f"of-{name}": question(name)})
    await store.forget("a")
    async with store.database.reading() as connection:
        assert sorted(await connection.scalars(select(rubrics.c.hash))) == ["of-b", "shared"]
    await store.forget("b")
    async with store.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(rubrics)) == 0


async def test_old_sessions_expire(backend: Backend):
    store = await backend.open()
    for name in ("old", "resumed", "new"):
        await store.create(name, "ann", "terminal")
        await store.append(name, 0, started())
        backend.clock.move(days=100)
    await store.append("resumed", 1, [("m", Heard("back again"))])
    assert (await store.expire(500)).sessions == 0
    gone = await store.expire(180)
    assert (gone.sessions, gone.events) == (1, 1)
    assert {s.id for s in await store.sittings()} == {"resumed", "new"}


async def test_five_may_open_a_fresh_database_at_once(backend: Backend):
    stores = await asyncio.gather(*(backend.open(f"p{n}") for n in range(5)))
    await stores[0].create("s", "ann", "terminal")
    assert await stores[4].load("s") == []


async def test_check_finds_a_sound_database_sound(backend: Backend):
    assert await (await backend.open()).check() is None


async def test_turns_that_broke_off_are_known_whatever_became_of_the_session(backend: Backend):
    store, dead = await backend.open("one", alive=False), await backend.open("two")
    for session in ("running", "ended", "given back", "new"):
        await dead.create(session, "ann", "discord")
        if session != "new":
            await dead.append(session, 0, started())
        await dead.lease(session, "two", 60)
    await dead.append("ended", 1, [("end", e.Ended("finished"))])
    await dead.release("given back", "two")
    backend.clock.move(seconds=1)
    assert sorted(await store.broken_off()) == ["ended", "running"]
    assert await dead.broken_off() == [], "who may live may be working on them"


async def test_a_session_is_known_by_how_it_was_opened(backend: Backend):
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    assert await store.opening("s") is None
    await store.append("s", 0, started())
    assert await store.opening("s") == started()[0][1]
