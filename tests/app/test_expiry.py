"""Old sittings go after their time, and never because a clock jumped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app.home import now
from bot.app.records import expire
from bot.core import events as e
from bot.store.opening import open_store

DAY = timedelta(days=1)


async def sat(store, session: str) -> None:
    await store.create(session, "somebody", "terminal")
    await store.append(session, 0, [("start", e.Started("opengenus", "practice", 1, ("perceptron",)))])


@pytest.mark.parametrize(("ages", "kept"), [((400, 2, 0), 2), ((400, 0), 2), ((400, 399, 0), 3), ((0,), 1)])
async def test_what_is_too_old_goes_when_the_clock_can_be_trusted(tmp_path, ages, kept):
    today = now()
    times = iter([today - age * DAY for age in ages])
    clock = [today]
    store = await open_store(None, tmp_path, lambda: clock[0], "here")
    for n, clock[0] in enumerate(times):
        await sat(store, f"s{n}")
    clock[0] = today
    await expire(store, days=180)
    assert len(await store.sittings()) == kept
    await store.close()
