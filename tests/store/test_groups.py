"""What the door `bot.ports.groups.Groups` promises, on both databases: places, servers, boards, counts, documents."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core import events as e
from bot.errors import WrongUsage
from bot.ports.groups import Counts, Groups, Kept, Place, ServerSettings
from bot.store.log import SqlStore
from tests.store.conftest import Backend
from tests.store.samples import NASTY, caused, started


async def opened(backend: Backend, *sessions: str, account: str = "discord:1") -> SqlStore:
    """A store with sittings that have begun."""
    store = await backend.open()
    for session in sessions:
        await store.create(session, account, "discord")
        await store.append(session, 0, started())
    return store


async def test_it_is_the_door(backend: Backend):
    groups: Groups = (await backend.open()).groups
    assert await groups.placed("nobody") is None
    assert await groups.in_channel("none") is None


async def test_a_place_comes_back_as_it_was_put(backend: Backend):
    groups = (await opened(backend, "a", "b")).groups
    thread = Place("a", "discord:1", "30", "10", "20", watched=True)
    direct = Place("b", f"discord:{NASTY}", NASTY)
    await groups.put(thread)
    await groups.put(direct)
    assert await groups.placed("a") == await groups.in_channel("30") == thread
    assert await groups.placed("b") == await groups.in_channel(NASTY) == direct


async def test_the_last_one_put_into_a_channel_is_the_one_there(backend: Backend):
    groups = (await opened(backend, "a", "b")).groups
    for session in ("a", "b"):
        await groups.put(Place(session, "discord:1", "30"))
    assert (await groups.in_channel("30") or Place("", "", "")).session == "b", "also where the clock stands still"
    await groups.put(Place("a", "discord:1", "30"))
    assert (await groups.in_channel("30") or Place("", "", "")).session == "a"


async def test_a_sitting_that_moves_is_in_one_place(backend: Backend):
    groups = (await opened(backend, "a")).groups
    await groups.put(Place("a", "discord:1", "30", "10", "20"))
    await groups.put(Place("a", "discord:1", "40"))
    assert await groups.in_channel("30") is None
    assert await groups.placed("a") == Place("a", "discord:1", "40")


async def test_who_was_let_into_a_place_stays_in_it_and_its_candidate_is_told_once(backend: Backend):
    groups = (await opened(backend, "a", "b")).groups
    thread, other = (
        Place(session, "discord:1", channel, "10", "20") for session, channel in (("a", "30"), ("b", "31"))
    )
    for place in (thread, other):
        await groups.put(place)
    await groups.let_in(thread)
    shared = replace(thread, shared=True)
    assert await groups.untold() == [shared] == [await groups.in_channel("30")]
    await groups.put(thread)  # as it was read before they came
    assert await groups.placed("a") == shared
    await groups.told(shared)
    await groups.put(shared)  # as it was read before the candidate was told
    assert await groups.placed("a") == replace(shared, told=True) and await groups.untold() == []
    direct = Place("a", "discord:1", "40")
    await groups.put(direct)
    await groups.let_in(thread)  # the sitting has moved on
    assert await groups.placed("a") == direct and await groups.placed("b") == other
    await groups.put(replace(shared, told=True))  # it could not be said there
    assert await groups.placed("a") == replace(shared, told=True)
    await groups.put(Place("a", "discord:1", "50", "10", "20"))
    assert await groups.placed("a") == Place("a", "discord:1", "50", "10", "20")


async def test_a_place_needs_a_sitting(backend: Backend):
    store = await opened(backend, "a")
    with pytest.raises(WrongUsage, match="There is no session nobody"):
        await store.groups.put(Place("nobody", "discord:1", "30"))
    await store.groups.put(Place("a", "discord:1", "30"))
    await store.forget_session("a")
    assert await store.groups.in_channel("30") is None


async def test_settings_come_back_as_they_were_chosen(backend: Backend):
    groups = (await backend.open()).groups
    assert await groups.settings("10") == ServerSettings()
    chosen = ServerSettings(("opengenus", NASTY), "simulation", True, False, 3, 20, True)
    await groups.choose("10", chosen)
    assert await groups.settings("10") == chosen
    assert await groups.settings("11") == ServerSettings()
    await groups.choose("10", ServerSettings(board=True))
    assert await groups.settings("10") == ServerSettings(board=True)


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ('{"mode": "simulation", "colour": "red"}', ServerSettings(mode="simulation")),
        ('{"mode": 7, "lab": "yes", "a_day": true, "flows": "all", "direct": true}', ServerSettings(direct=True)),
        ('{"flows": ["a", 1], "runs_a_day": 2.5, "board": null}', ServerSettings()),
        ("[]", ServerSettings()),
        ("not json", ServerSettings()),
    ],
)
async def test_settings_of_another_release_are_read_as_far_as_they_fit(
    backend: Backend, kept: str, read: ServerSettings
):
    store = await backend.open()
    async with store.database.writing() as connection:
        await connection.execute(text("INSERT INTO servers (server, settings) VALUES ('10', :kept)"), {"kept": kept})
    assert await store.groups.settings("10") == read


async def test_what_a_newer_release_chose_is_kept_beside(backend: Backend):
    store = await backend.open()
    async with store.database.writing() as connection:
        row = "INSERT INTO servers (server, settings) VALUES ('10', '{\"colour\": \"red\"}')"
        await connection.exec_driver_sql(row)
    await store.groups.choose("10", ServerSettings(a_day=2))
    async with store.database.reading() as connection:
        assert '"colour": "red"' in str(await connection.scalar(text("SELECT settings FROM servers")))


async def test_servers_that_the_bot_is_on(backend: Backend):
    groups = (await backend.open()).groups
    for server in ("11", "10", "12"):
        await groups.joined(server)
    await groups.choose("13", ServerSettings())
    await groups.left("11")
    await groups.left("14")
    assert await groups.present() == ["10", "12"]
    await groups.choose("11", ServerSettings(a_day=1))
    await groups.joined("11")
    await groups.joined("11")
    assert await groups.present() == ["10", "11", "12"]
    assert (await groups.settings("11")).a_day == 1


async def test_sittings_of_a_day_are_counted_where_they_were_put_first(backend: Backend):
    store = await opened(backend, "a", "b", "c")
    groups, now = store.groups, backend.clock
    await groups.put(Place("a", "discord:1", "30", "10"))
    now.move(hours=20)
    await groups.put(Place("b", "discord:1", "31", "10"))
    await groups.put(Place("c", "discord:2", "32", "10"))
    day = timedelta(days=1)
    assert await groups.begun_since("discord:1", "10", now() - day) == 2
    await groups.put(Place("b", "discord:1", "40"))
    assert await groups.begun_since("discord:1", "10", now() - day) == 2, "it moved to direct messages, and counts"
    assert await groups.begun_since("discord:1", "", now() - day) == 0
    now.move(hours=5)
    assert await groups.begun_since("discord:1", "10", now() - day) == 1
    assert await groups.begun_since("discord:1", "11", now() - day) == 0


async def test_a_sitting_of_the_terminal_counts_where_it_comes_to(backend: Backend):
    groups = (await opened(backend, "a")).groups
    await groups.put(Place("a", "discord:1", "40"))
    assert await groups.begun_since("discord:1", "", backend.clock()) == 1
    backend.clock.move(days=2)
    await groups.put(Place("a", "discord:1", "30", "10"))
    assert await groups.begun_since("discord:1", "10", backend.clock()) == 1


async def test_an_owner_sees_counts(backend: Backend):
    store = await opened(backend, "a", "b", "c")
    since = backend.clock()
    assert await store.groups.counts("10", since) == Counts()
    for session, account in (("a", "discord:1"), ("b", "discord:1"), ("c", "discord:3")):
        await store.groups.put(Place(session, account, session, "10"))
    await store.create("d", "discord:2", "discord")
    await store.groups.put(Place("d", "discord:2", "d", "10"))
    answers = caused(e.Answered("q", 1, "x"), e.Answered("q", 1, "x", "reply"), e.Submitted("q", 1, "x"))
    await store.append("a", 1, [*answers, ("end", e.Ended("finished"))])
    await store.append("b", 1, caused(e.Answered("q", 1, "x")))
    assert await store.groups.counts("10", since) == Counts(1, 2, 1, 3, 1), "c is discord:1's; d has not begun"
    assert await store.groups.counts("11", since) == Counts()
    backend.clock.move(days=8)
    await store.append("b", 2, caused(e.Answered("q", 1, "y"), by="n"))
    week = backend.clock() - timedelta(days=7)
    assert await store.groups.counts("10", week) == Counts(1, 1, 0, 1, 0)


async def test_who_is_on_a_board(backend: Backend):
    groups = (await backend.open()).groups
    for account in ("discord:2", "discord:1", "discord:1"):
        await groups.show_on_board("10", account, wanted=True)
    await groups.show_on_board("11", "discord:3", wanted=True)
    assert await groups.on_board("10") == ["discord:1", "discord:2"]
    for _ in range(2):
        await groups.show_on_board("10", "discord:1", wanted=False)
    assert await groups.on_board("10") == ["discord:2"]


async def test_sittings_of_an_account_on_a_server(backend: Backend):
    store = await opened(backend, "a", "b", "c")
    for session, server in (("a", "10"), ("b", "10"), ("c", "11")):
        await store.groups.put(Place(session, "discord:1", session, server))
    since = backend.clock()
    assert await store.groups.sessions_of("discord:1", "10", since) == ["a", "b"]
    backend.clock.move(days=3)
    await store.append("b", 1, [("m", e.Heard("words"))])
    assert await store.groups.sessions_of("discord:1", "10", since) == ["b", "a"]
    assert await store.groups.sessions_of("discord:1", "10", backend.clock()) == ["b"]
    assert await store.groups.sessions_of("discord:2", "10", since) == []


async def test_sittings_in_which_something_was_objected_to_are_found_by_group(backend: Backend):
    store = await opened(backend, "a", "b", "c", "d")
    for session, server in (("b", "10"), ("a", "10"), ("c", "11"), ("d", "10")):
        await store.groups.put(Place(session, "discord:1", session, server))
    await store.groups.put(Place("b", "discord:1", "b", ""))  # it moved to direct messages, and counts there still
    for session in "bac":
        await store.append(session, 1, [("o", e.Disputed("cnn", 1, "I said so", "mark"))])
    assert [sitting.id for sitting in await store.disputed("10")] == ["a", "b"]
    assert [sitting.id for sitting in await store.disputed()] == ["a", "b", "c"]
    assert await store.disputed("12") == []


async def test_documents_are_kept_by_owner_and_key(backend: Backend):
    groups = (await backend.open()).groups
    one = Kept("k1", "b.md", "b.md", NASTY * 5_000, "2026-01-01T00:00:00.000+00:00")
    two = Kept("k2", "a.md", f"a {NASTY}", "two")
    await groups.keep_documents("server:10", [one, two])
    await groups.keep_documents("server:11", [one])
    await groups.keep_documents("server:10", [])
    stamped = Kept("k2", "a.md", f"a {NASTY}", "two", "2026-03-01T09:30:00.000+00:00")
    assert await groups.documents("server:10") == [stamped, one]
    newer = Kept("k1", "B.md", "b.md", "newer", "2026-02-01T00:00:00.000+00:00")
    await groups.keep_documents("server:10", [newer])
    assert await groups.documents("server:10") == [newer, stamped]
    assert await groups.documents("server:11") == [one]
    assert await groups.remove_document("server:10", "k1")
    assert not await groups.remove_document("server:10", "k1")
    assert await groups.documents("server:10") == [stamped]
    assert await groups.documents("server:11") == [one]


async def test_many_at_once_do_not_hinder_each_other(backend: Backend):
    stores = [await opened(backend, *(f"s{n}" for n in range(12))), await backend.open()]

    async def go_on(n: int) -> None:
        groups = stores[n % 2].groups
        for step in range(4):
            await groups.put(Place(f"s{n}", f"discord:{n}", f"c{n}-{step}", "10"))
            await groups.choose("10", ServerSettings(a_day=n))
            await groups.joined("10")
            await groups.keep_documents("server:10", [Kept("k", "k", "", f"{n} {step}")])
            await groups.show_on_board("10", f"discord:{n}", wanted=True)

    await asyncio.gather(*(go_on(n) for n in range(12)))
    for n in range(12):
        assert await stores[0].groups.placed(f"s{n}") == Place(f"s{n}", f"discord:{n}", f"c{n}-3", "10")
    assert len(await stores[0].groups.on_board("10")) == 12
    assert len(await stores[0].groups.documents("server:10")) == 1


async def test_a_sitting_counts_for_the_first_server_that_it_was_put_on(backend: Backend):
    groups = (await opened(backend, "a")).groups
    assert await groups.counting("a") == await groups.counting("nobody") == ""
    for server, counts_for in (("", ""), ("10", "10"), ("", "10"), ("20", "10")):
        await groups.put(Place("a", "discord:1", "30", server))
        assert await groups.counting("a") == counts_for


async def test_documents_are_listed_without_their_texts(backend: Backend):
    groups = (await backend.open()).groups
    texts = {"b.md": "", "a.md": 'Naïve \\u "quoted" \\\\n\n\t\0 \ud800 words \\', NASTY: NASTY, "c.md": "x" * 70_000}
    await groups.keep_documents("me", [Kept(name, name, name, text) for name, text in texts.items()])
    assert await groups.document_names("me") == sorted(texts)
    assert await groups.document_sizes("me") == sorted((name, _utf16(text)) for name, text in texts.items())
    assert not await groups.document_names("you") and not await groups.document_sizes("you")


def _utf16(text: str) -> int:
    """A letter beyond the first 65,536 is kept as two."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)
