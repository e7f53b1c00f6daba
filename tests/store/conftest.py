"""Backends for the tests of the store: an SQLite file and a real PostgreSQL, each empty for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.log import SqlStore
from bot.store.opening import open_store
from tests.store import postgres


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Backend:
    """A place for a database. `open` gives a store on it; all of them are closed at the end."""

    name: str
    url: str | None
    home: Path
    clock: Clock = field(default_factory=Clock)
    opened: list[SqlStore] = field(default_factory=list)

    async def open(self, holder: str = "one", *, alive: bool = True, patience: float = 5.0) -> SqlStore:
        store = await open_store(self.url, self.home, self.clock, holder, lambda name: alive, patience)
        self.opened.append(store)
        return store

    async def close(self) -> None:
        while self.opened:
            await self.opened.pop().close()


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The socket of a PostgreSQL server; skipped with the reason where there is none, but never in CI."""
    try:
        with postgres.server() as socket:
            yield socket
    except postgres.Unavailable as error:
        if os.environ.get("CI") or os.environ.get("VIVA_CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """Either database, empty."""
    async for made in _backend(request, tmp_path, request.param):
        yield made


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def other(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """A second one, of either kind, beside `backend`."""
    async for made in _backend(request, tmp_path / "other", request.param):
        yield made


@pytest_asyncio.fixture
async def twin(request: pytest.FixtureRequest, tmp_path: Path, backend: Backend) -> AsyncIterator[Backend]:
    """A second one of the kind that `backend` is."""
    async for made in _backend(request, tmp_path / "twin", backend.name):
        yield made


@pytest_asyncio.fixture
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    """An empty PostgreSQL database."""
    async for made in _backend(request, tmp_path, "postgresql"):
        yield made


@pytest_asyncio.fixture
async def file(tmp_path: Path) -> AsyncIterator[Backend]:
    """A place for an SQLite file."""
    made = Backend("sqlite", None, tmp_path)
    yield made
    await made.close()


async def _backend(request: pytest.FixtureRequest, home: Path, name: str) -> AsyncIterator[Backend]:
    home.mkdir(exist_ok=True)
    socket = request.getfixturevalue("postgres_socket") if name == "postgresql" else None
    made = Backend(name, await postgres.new_database(socket) if socket else None, home)
    yield made
    await made.close()
    if socket and made.url:
        await postgres.drop(socket, made.url)
