"""One person, two places: a code joins an account once, in time, and is not to be guessed."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.errors import WrongUsage
from bot.ports.groups import Kept
from bot.store.linking import LETTERS, hashed
from bot.store.log import SqlStore
from tests.store.conftest import Backend
from tests.store.samples import NASTY, started


async def sat(store: SqlStore, *sessions: str, owner: str) -> None:
    """Sittings of an owner."""
    for session in sessions:
        await store.create(session, owner, "discord")
        await store.append(session, 0, started())


async def owners(store: SqlStore) -> dict[str, str]:
    return {sitting.id: sitting.owner for sitting in await store.sittings()}


async def test_a_code_joins_an_account_and_moves_its_sittings(backend: Backend):
    store = await backend.open()
    await sat(store, "t", owner="ann")
    await sat(store, "d", "e", owner="discord:1")
    await sat(store, "f", owner="discord:2")
    assert await store.groups.person("discord:1") == "discord:1"
    code = await store.groups.new_code("ann")
    assert await store.groups.link("discord:1", code) == 2
    assert await store.groups.person("discord:1") == "ann"
    assert await store.groups.person("discord:2") == "discord:2"
    assert await store.groups.accounts("ann") == ["discord:1"]
    assert await store.groups.accounts("discord:1") == []
    assert await owners(store) == {"t": "ann", "d": "ann", "e": "ann", "f": "discord:2"}


async def test_a_sitting_begun_later_is_the_person_s(backend: Backend):
    store = await backend.open()
    await store.groups.link("discord:1", await store.groups.new_code("ann"))
    await sat(store, "d", owner="discord:1")
    assert await owners(store) == {"d": "ann"}, "also where the surface asked who it is before they were joined"


async def test_a_code_is_as_a_person_types_it(backend: Backend):
    groups = (await backend.open()).groups
    code = await groups.new_code("ann")
    assert re.fullmatch(rf"[{LETTERS}]{{5}}-[{LETTERS}]{{5}}", code)
    assert not set("01ILO") & set(LETTERS), "none is taken for another"
    assert await groups.link("discord:1", f" {code.lower().replace('-', ' ')}\n") == 0
    assert await groups.person("discord:1") == "ann"


async def test_a_code_is_kept_by_its_hash_alone(backend: Backend):
    store = await backend.open()
    code = await store.groups.new_code("ann")
    async with store.database.reading() as connection:
        (row,) = (await connection.exec_driver_sql("SELECT * FROM link_codes")).all()
    assert hashed(code) in row
    assert not any(part in str(row) for part in (code, *code.split("-")))


async def test_a_code_works_once_and_the_newest_alone(backend: Backend):
    groups = (await backend.open()).groups
    first, second = await groups.new_code("ann"), await groups.new_code("ann")
    of_bob = await groups.new_code("bob")
    with pytest.raises(WrongUsage, match="does not fit"):
        await groups.link("discord:1", first)
    await groups.link("discord:1", second)
    with pytest.raises(WrongUsage, match="was used already"):
        await groups.link("discord:2", second)
    await groups.link("discord:2", of_bob)
    assert [await groups.person(f"discord:{n}") for n in (1, 2)] == ["ann", "bob"]


async def test_a_code_is_good_for_ten_minutes(backend: Backend):
    groups = (await backend.open()).groups
    code = await groups.new_code("ann")
    backend.clock.move(minutes=9, seconds=59)
    await groups.link("discord:1", code)
    code = await groups.new_code("ann")
    backend.clock.move(minutes=10)
    with pytest.raises(WrongUsage, match=r"older than ten minutes\. Nothing was changed\. `viva link`"):
        await groups.link("discord:2", code)


async def test_a_code_of_a_clock_that_went_wrong_does_not_last(backend: Backend):
    groups = (await backend.open()).groups
    backend.clock.move(days=400)
    code = await groups.new_code("ann")
    backend.clock.move(days=-400)
    with pytest.raises(WrongUsage, match="does not fit"):
        await groups.link("discord:1", code)


async def test_guesses_are_limited(backend: Backend):
    groups = (await backend.open()).groups
    for n in range(5):
        with pytest.raises(WrongUsage, match="does not fit"):
            await groups.link("discord:1", f"AAAAA-AAAA{LETTERS[n]}")
        backend.clock.move(minutes=1)
    code = await groups.new_code("ann")
    with pytest.raises(WrongUsage, match=r"gave 5 codes that do not fit, so no code is taken .* another 55 minutes"):
        await groups.link("discord:1", code)
    await groups.link("discord:2", code)
    backend.clock.move(minutes=54, seconds=59)
    code = await groups.new_code("ann")
    with pytest.raises(WrongUsage, match="another 1 minute"):
        await groups.link("discord:1", code)
    backend.clock.move(seconds=1)
    await groups.link("discord:1", code)
    assert await groups.accounts("ann") == ["discord:1", "discord:2"]


async def test_a_right_code_takes_no_guess_back(backend: Backend):
    groups = (await backend.open()).groups
    for _ in range(4):
        with pytest.raises(WrongUsage, match="does not fit"):
            await groups.link("discord:1", "nothing")
    await groups.link("discord:1", await groups.new_code("ann"))
    with pytest.raises(WrongUsage, match="does not fit"):
        await groups.link("discord:1", "nothing")
    with pytest.raises(WrongUsage, match="no code is taken"):
        await groups.link("discord:1", await groups.new_code("ann"))


async def test_a_clock_that_jumps_refuses_nobody(backend: Backend):
    groups = (await backend.open()).groups
    backend.clock.move(days=400)
    for _ in range(5):
        with pytest.raises(WrongUsage):
            await groups.link("discord:1", "nothing")
    backend.clock.move(days=-400)
    await groups.link("discord:1", await groups.new_code("ann"))


async def test_guesses_at_once_are_counted_each(backend: Backend):
    stores = [await backend.open() for _ in range(3)]
    tried = [stores[n % 3].groups.link("discord:1", f"guess {n}") for n in range(12)]
    refusals = [str(error) for error in await asyncio.gather(*tried, return_exceptions=True)]
    assert sum("does not fit:" in refusal for refusal in refusals) == 5
    assert sum("no code is taken" in refusal for refusal in refusals) == 7


async def test_of_many_at_once_one_gets_the_code(backend: Backend):
    stores = [await backend.open() for _ in range(3)]
    code = await stores[0].groups.new_code("ann")
    tried = [stores[n % 3].groups.link(f"discord:{n}", code) for n in range(6)]
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    assert outcomes.count(0) == 1
    assert len(await stores[1].groups.accounts("ann")) == 1


async def test_the_same_person_again_is_harmless(backend: Backend):
    store = await backend.open()
    await sat(store, "d", owner="discord:1")
    assert await store.groups.link("discord:1", await store.groups.new_code("ann")) == 1
    assert await store.groups.link("discord:1", await store.groups.new_code("ann")) == 0
    assert await store.groups.link("ann", await store.groups.new_code("ann")) == 0, "nor to oneself"
    assert await store.groups.link("ann", await store.groups.new_code("discord:1")) == 0, "nor the other way round"
    assert await store.groups.accounts("ann") == ["discord:1"]
    assert await store.groups.person("ann") == "ann"
    assert await owners(store) == {"d": "ann"}


async def test_an_account_of_somebody_else_stays_theirs(backend: Backend):
    store = await backend.open()
    await sat(store, "d", owner="discord:1")
    await store.groups.link("discord:1", await store.groups.new_code("ann"))
    code = await store.groups.new_code("bob")
    for _ in range(7):
        with pytest.raises(WrongUsage, match=r"joined to another person already.* code still holds.*/forget"):
            await store.groups.link("discord:1", code)
    assert await owners(store) == {"d": "ann"}
    await store.groups.link("discord:2", code)
    assert await store.groups.person("discord:2") == "bob"


async def test_an_account_joined_by_mistake_can_be_joined_anew(backend: Backend):
    store = await backend.open()
    for account in ("discord:1", "discord:2"):
        await store.groups.link(account, await store.groups.new_code("ann"))
    await store.groups.link("discord:1", await store.groups.new_code("bob"))
    assert await store.groups.accounts("bob") == ["discord:1"]
    assert await store.groups.accounts("ann") == ["discord:2"], "nothing was kept of ann; her other account stays"


async def test_what_accounts_brought_goes_along(backend: Backend):
    store = await backend.open()
    await sat(store, "d", owner="discord:2")
    await store.groups.link("discord:2", await store.groups.new_code("discord:1"))
    assert await store.groups.accounts("discord:1") == ["discord:2"]
    assert await store.groups.link("discord:1", await store.groups.new_code("ann")) == 1
    assert await store.groups.accounts("ann") == ["discord:1", "discord:2"]
    assert await owners(store) == {"d": "ann"}


async def test_a_code_made_under_an_account_is_the_person_s(backend: Backend):
    groups = (await backend.open()).groups
    early = await groups.new_code("discord:1")
    await groups.link("discord:1", await groups.new_code("ann"))
    with pytest.raises(WrongUsage):
        await groups.link("discord:2", early)
    await groups.link("discord:2", await groups.new_code("discord:1"))
    assert await groups.accounts("ann") == ["discord:1", "discord:2"]


async def test_documents_go_along_and_of_two_the_newer_stays(backend: Backend):
    groups = (await backend.open()).groups
    old, new = "2026-01-01T00:00:00.000+00:00", "2026-02-01T00:00:00.000+00:00"
    await groups.keep_documents("ann", [Kept("a", "a", "", "ann's", new), Kept("b", "b", "", "ann's", old)])
    await groups.keep_documents("discord:1", [Kept(k, k, "", "discord's", "2026-01-15") for k in "abc"])
    await groups.link("discord:1", await groups.new_code("ann"))
    assert [(d.key, d.text) for d in await groups.documents("ann")] == [
        ("a", "ann's"), ("b", "discord's"), ("c", "discord's"),
    ]  # fmt: skip
    assert await groups.documents("discord:1") == []


async def test_names_may_be_anything(backend: Backend):
    store = await backend.open()
    await sat(store, "d", owner=f"discord:{NASTY}")
    code = await store.groups.new_code(NASTY)
    assert await store.groups.link(f"discord:{NASTY}", code) == 1
    assert await store.groups.person(f"discord:{NASTY}") == NASTY
    with pytest.raises(WrongUsage):
        await store.groups.link("discord:1", NASTY)
