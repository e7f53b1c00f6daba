"""The machine's clock jumps years back and forth in the middle of a sitting: nothing is lost, held up or miscounted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.events import Heard, Started
from bot.interview import Interview
from bot.ports import Doors
from bot.store.log import SqlStore
from bot.store.opening import open_store
from tests.fakes import Ear, MemoryBank, MemoryRetriever, NoCodeReader, WordGrader, WordInterviewer, question

YEARS = timedelta(days=4000)
BANK = MemoryBank.of(*(question(name) for name in ("ant", "bee", "cat")))
STARTED = Started("test", "practice", 1, tuple(BANK.held), "a test", 10, None, 20)


class Clock:
    """A clock that goes on by ten seconds each time it is read, and jumps when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=10)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqlStore]:
    opened = await open_store(None, tmp_path, clock, "first", alive=lambda holder: True)
    yield opened
    await opened.close()


def doors(store: SqlStore, holder: str) -> Doors:
    return Doors(store, BANK, WordInterviewer(), WordGrader(), MemoryRetriever(), NoCodeReader(), holder)


@pytest.mark.parametrize("jump", [YEARS, -YEARS], ids=["forward", "back"])
async def test_a_clock_that_jumps_and_jumps_back(store: SqlStore, clock: Clock, jump: timedelta) -> None:
    await store.create("s", "me", "terminal")
    ear, interview = Ear(), Interview("s", doors(store, "first"), [STARTED], BANK.flow("test"))
    await interview.begin(ear)
    await interview.hear(ear, "a", "alpha")
    clock.at += jump
    await interview.hear(ear, "b", "beta")
    clock.at -= jump
    await interview.hear(ear, "c", "alpha beta")
    assert interview.session.seconds < 20 * 60 and interview.session.ended is None, "a jump is no time spent"
    log = await store.load("s")
    assert [record.event.text for record in log if isinstance(record.event, Heard)] == ["alpha", "beta", "alpha beta"]
    assert [record.seq for record in log] == list(range(1, len(log) + 1))
    scores = [interview.session.askings[name].grade(question(name)).score for name in ("ant", "bee")]
    assert scores == [0.875, 1.0]
    await interview.close()


@pytest.mark.parametrize("jump", [YEARS, -YEARS], ids=["forward", "back"])
async def test_whoever_died_before_a_jump_holds_nobody_up(tmp_path: Path, clock: Clock, jump: timedelta) -> None:
    """The first process never gives the session back, and nobody can say whether it lives."""
    store, other = [
        await open_store(None, tmp_path, clock, name, alive=lambda holder: True) for name in ("first", "second")
    ]
    await store.create("s", "me", "terminal")
    first = Interview("s", doors(store, "first"), [STARTED], BANK.flow("test"))
    await first.begin(Ear())
    clock.at += jump
    ear, second = Ear(), Interview("s", doors(other, "second"))
    await second.resume(ear)
    assert [reply.kind for reply in ear.take()] == ["notice", "repeat"]
    await second.hear(ear, "a", "alpha beta")
    assert second.session.askings["ant"].grade(question("ant")).score == 1.0
    assert (await store.find("last")).id == "s"
    await second.close()
    await first.close()
    await other.close()
    await store.close()
