"""Writes golden/schema-0001.sql: a database as the first schema had it. Run once a schema is released, never again.

Run it with `python -m tests.store.make_golden`.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, create_engine

from bot.core.events import Event, Heard
from bot.core.records import encode
from bot.store import migrating
from bot.store.schema import escaped
from tests.store.samples import EVENTS, NASTY

GOLDEN = Path(__file__).parent / "golden" / "schema-0001.sql"


def rows() -> list[tuple[object, ...]]:
    """Two logs: every event there is, and one whose words are not plain text."""
    log: list[tuple[str, int, str, Event]] = [("ada-1", n, f"m#{n}", event) for n, event in enumerate(EVENTS, 1)]
    log += [("bob-1", 1, "start", EVENTS[0]), ("bob-1", 2, f"id{NASTY}", Heard(NASTY))]
    at = "2026-01-02T03:04:05.678+00:00"
    return [(s, n, at, escaped(c), type(e).__name__, 1, json.dumps(encode(e))) for s, n, c, e in log]


def main() -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "old.db"
        engine = create_engine(URL.create("sqlite", database=str(file)))
        with engine.begin() as connection:
            migrating.upgrade(connection, "0001")
        engine.dispose()
        with closing(sqlite3.connect(file)) as old:
            at = "2026-01-02T03:04:05.678+00:00"
            for name, status in (("ada-1", "stopped"), ("bob-1", "running")):
                row = (name, name[:3], "terminal", status, "opengenus", "simulation", at, at, None, None)
                old.execute(f"INSERT INTO sessions VALUES ({', '.join('?' * 10)})", row)
            old.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
            old.commit()
            GOLDEN.write_text("\n".join(old.iterdump()) + "\n", "ascii")


if __name__ == "__main__":
    main()
