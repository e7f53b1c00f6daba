"""Indexes made behind the sittings: a step at a time, one owner after another, and none lost or left half done."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import pytest_asyncio

from bot.app.indexing import Indexing, Work
from bot.errors import IndexUnavailable


class Thread:
    """One thread, and who had it."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.seen: list[str] = []
        self.begun = asyncio.Event()

    async def __call__(self, work: Callable[[], object]):
        try:
            done = await asyncio.get_running_loop().run_in_executor(self.pool, work)
        except RuntimeError:
            raise IndexUnavailable("It is over.") from None
        if self.seen:
            self.begun.set()
        return done

    def work(self, name: str, steps: int = 3, seconds: float = 0.0) -> Work:
        try:
            for n in range(steps):
                time.sleep(seconds)
                self.seen.append(f"{name}{n}")
                yield
        finally:
            self.seen.append(f"{name} over")

    def begin(self, name: str, steps: int = 3, seconds: float = 0.0):
        async def begin() -> Work:
            return self.work(name, steps, seconds)

        return begin


@pytest_asyncio.fixture
async def thread() -> AsyncIterator[Thread]:
    made = Thread()
    yield made
    made.pool.shutdown()


async def test_one_owner_after_another_and_others_between_the_steps(thread: Thread) -> None:
    indexing = Indexing(thread)
    indexing.ask("a", thread.begin("a", seconds=0.02))
    indexing.ask("b", thread.begin("b"))
    await thread.begun.wait()
    await thread(lambda: thread.seen.append("a sitting"))
    await indexing.done()
    assert [one for one in thread.seen if one != "a sitting"] == [
        "a0",
        "a1",
        "a2",
        "a over",
        "b0",
        "b1",
        "b2",
        "b over",
    ]
    assert thread.seen.index("a sitting") < thread.seen.index("a over")


async def test_what_is_asked_for_meanwhile_is_made_once_more(thread: Thread) -> None:
    indexing = Indexing(thread)
    states = iter("abc")

    async def begin() -> Work:
        return thread.work(next(states), seconds=0.01)

    indexing.ask("me", begin)
    await thread.begun.wait()
    indexing.ask("me", begin)
    indexing.ask("me", begin)
    await indexing.done()
    assert [one for one in thread.seen if one.endswith("over")] == ["a over", "b over"]
    indexing.ask("me", begin)
    await indexing.done()
    assert thread.seen[-1] == "c over"


async def test_work_that_is_left_is_ended_in_its_own_thread(thread: Thread) -> None:
    indexing = Indexing(thread)
    ended: list[str] = []

    def work() -> Iterator[None]:
        try:
            while True:
                time.sleep(0.05)
                yield
        finally:
            ended.append(threading.current_thread().name)

    async def begin():
        return work()

    indexing.ask("me", begin)
    indexing.ask("you", thread.begin("y"))
    await asyncio.sleep(0.02)
    await indexing.leave("me")
    await indexing.leave("nobody")
    assert ended == [(await thread(threading.current_thread)).name]
    await indexing.done()
    assert "y over" in thread.seen, "the others go on"
    indexing.ask("me", begin)
    await indexing.stop()
    assert len(ended) == 1, "what had not begun is not begun"


async def test_what_fails_is_logged_and_keeps_nobody_from_theirs(
    thread: Thread, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> Iterator[None]:
        yield
        raise IndexUnavailable("No model.")

    async def begin():
        return work()

    indexing = Indexing(thread)
    with caplog.at_level(logging.WARNING, "bot"):
        indexing.ask("me", begin)
        indexing.ask("you", thread.begin("y"))
        await indexing.done()
    assert "No model." in caplog.text and "y over" in thread.seen


async def test_a_thread_that_is_gone_ends_the_work(thread: Thread) -> None:
    indexing = Indexing(thread)
    indexing.ask("me", thread.begin("m", steps=100, seconds=0.01))
    await asyncio.sleep(0.03)
    await asyncio.to_thread(thread.pool.shutdown)
    await indexing.done()
    assert thread.seen[-1] == "m over"
