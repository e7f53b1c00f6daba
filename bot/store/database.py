"""Connections and transactions on either database. Of tables it knows one: whose presence says that a file is ours."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import platform
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import WrongUsage
from bot.store.faults import explained
from bot.store.place import Place
from bot.store.schema import VERSION_TABLE

#: How long (seconds) one waits for another program's lock before saying so.
PATIENCE = 5.0
#: How long (seconds) a PostgreSQL server may take to let us in.
CONNECT_WITHIN = 10.0

#: With what the name begins that a process gives itself there, and how long PostgreSQL lets one be.
APPLICATION, LONGEST_APPLICATION = "viva", 63

_BEGIN = "viva_begin"


class File(sqlite3.Connection):
    """A connection to a file: what was committed is on the disk, and what was deleted is overwritten."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._patience: float = options.get("timeout", PATIENCE)
        self.execute("PRAGMA synchronous = FULL")
        self.execute("PRAGMA fullfsync = ON")
        self.execute("PRAGMA secure_delete = ON")
        self.execute("PRAGMA foreign_keys = ON")

    def write_ahead(self) -> None:
        """Switches the write-ahead log on, for good, so that readers and a writer do not wait for each other.

        SQLite does not wait for a lock here, so two first openings would collide.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                self.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(0.02)


class Database:
    """An engine and its transactions; every error that leaves it is one of ours, with a sentence."""

    def __init__(self, place: Place, patience: float = PATIENCE) -> None:
        self.place = place
        self.patience = patience
        self.sqlite = place.kind == "sqlite"
        self.engine = _file_engine(place, patience) if self.sqlite else _server_engine(place, patience)
        # SQLite has one writer at a time and polls for its turn; in one process a queue is fairer and costs nothing.
        self._turn = asyncio.Lock()

    async def make_ready(self) -> None:
        """Opens the file once, and raises what is wrong with it, in a thread that is waited for.

        An aiosqlite connection that fails to open leaves its own thread to end by itself; if the loop is closed before
        it does, as when a command ends with the sentence about the damage, it writes a traceback across that sentence.
        """
        if self.place.file is not None:
            with explained(self.place):
                await asyncio.to_thread(_make_ready, self.place.file, self.patience)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database."""
        async with self._connected("DEFERRED", "REPEATABLE READ") as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[AsyncConnection]:
        """For a single statement that reads: it sees one state by itself, and SQLite is spared a third of the work."""
        async with self._connected(None, "READ COMMITTED") as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write: all of it is kept, or nothing is."""
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._turn)
            connection = await stack.enter_async_context(self._connected("IMMEDIATE", "READ COMMITTED"))
            await stack.enter_async_context(connection.begin())
            yield connection

    @asynccontextmanager
    async def outside(self, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        """A connection without a transaction, for what cannot run in one; `alone` keeps this process's writers out."""
        async with AsyncExitStack() as stack:
            if self.sqlite and alone:
                await stack.enter_async_context(self._turn)
            yield await stack.enter_async_context(self._connected(None, "AUTOCOMMIT"))

    async def close(self) -> None:
        """Closes every connection; SQLite then folds its log into the file."""
        with explained(self.place):
            await self.engine.dispose()

    @asynccontextmanager
    async def _connected(self, begin: str | None, isolation: str) -> AsyncIterator[AsyncConnection]:
        with explained(self.place):
            async with self.engine.connect() as connection:
                if self.sqlite:
                    await connection.execution_options(**{_BEGIN: begin})
                elif isolation != "READ COMMITTED":  # the server's default, and a round trip to set
                    await connection.execution_options(isolation_level=isolation)
                yield connection


def _make_ready(file: Path, patience: float) -> None:
    with closing(File(file, timeout=patience, isolation_level=None)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables or VERSION_TABLE in tables:  # another program's file stays as it is
            connection.write_ahead()


def _file_engine(place: Place, patience: float) -> AsyncEngine:
    assert place.file is not None
    with explained(place):
        claim(place.file)
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(place.file)),
        connect_args={"factory": File, "isolation_level": None, "timeout": patience},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _server_engine(place: Place, patience: float) -> AsyncEngine:
    if importlib.util.find_spec("asyncpg") is None:
        raise WrongUsage(
            "VIVA_DATABASE_URL names a PostgreSQL database, and the package that speaks to one is not installed. "
            "Install it with: pip install asyncpg"
        )
    settings = {"application_name": application(), "lock_timeout": str(int(patience * 1000))}
    return create_async_engine(
        "postgresql+asyncpg://",
        connect_args={"dsn": place.dsn, "timeout": CONNECT_WITHIN, "server_settings": settings},
        pool_pre_ping=True,
        hide_parameters=True,
    )


def application() -> str:
    """What this process calls itself to a server: others know by it that it is Viva, and that it is not they."""
    return f"{APPLICATION} {os.getpid()} on {ascii(platform.node())[1:-1]}"[:LONGEST_APPLICATION]


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get(_BEGIN, "DEFERRED")
    adapted = connection.connection.dbapi_connection
    if how and adapted is not None:
        # One visit to the driver's thread, where a statement of SQLAlchemy's makes three.
        adapted.run_async(lambda driver: driver.execute(f"BEGIN {how}"))


def claim(file: Path) -> None:
    """Makes an empty file, and its folders, that only this user can read; what is there already stays as it is."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
