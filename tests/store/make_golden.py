"""Writes golden/schema-NNNN.sql: a database as that schema had it. Run once a schema is released, never again.

Run it with `python -m tests.store.make_golden 0002`.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, create_engine

from bot.core.events import Event, Heard
from bot.core.records import encode
from bot.store import migrating
from bot.store.rows import rubric_body
from bot.store.schema import escaped
from tests.store.samples import EVENTS, NASTY, question

AT = "2026-01-02T03:04:05.678+00:00"


def golden(revision: str) -> Path:
    return Path(__file__).parent / "golden" / f"schema-{revision}.sql"


def rows() -> list[tuple[object, ...]]:
    """Two logs: every event there is, and one whose words are not plain text."""
    log: list[tuple[str, int, str, Event]] = [("ada-1", n, f"m#{n}", event) for n, event in enumerate(EVENTS, 1)]
    log += [("bob-1", 1, "start", EVENTS[0]), ("bob-1", 2, f"id{NASTY}", Heard(NASTY))]
    return [(s, n, AT, escaped(c), type(e).__name__, 1, json.dumps(encode(e))) for s, n, c, e in log]


def fill(old: sqlite3.Connection, revision: str) -> None:
    """Rows in every table that the schema had."""
    for name, status, answered in (("ada-1", "stopped", 2), ("bob-1", "running", 0)):
        row: tuple[object, ...] = (name, name[:3], "terminal", status, "opengenus", "simulation", AT, AT, None, None)
        row += (answered,) if revision > "0001" else ()
        old.execute(f"INSERT INTO sessions VALUES ({', '.join('?' * len(row))})", row)
    old.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
    if revision > "0001":
        old.execute("INSERT INTO rubrics VALUES ('h1', ?)", (rubric_body(question()),))
        old.executemany("INSERT INTO session_rubrics VALUES (?, 'h1')", [("ada-1",), ("bob-1",)])
    if revision > "0002":
        fill_groups(old, () if revision < "0005" else (1, 0))
    if revision > "0003":
        old.execute("INSERT INTO forgotten VALUES (?, ?, ?)", ("ab" * 32, "cd" * 16, AT))
    if revision > "0005":
        old.execute("INSERT INTO spent VALUES ('ada-1', 3, ?, 'judge', 'openai:a', 2, 900, 80, 1200)", (AT,))
    old.commit()


def fill_groups(old: sqlite3.Connection, let_in: tuple[int, ...]) -> None:
    """What study groups keep: of ada, and of a server."""
    for table, row in (
        ("accounts", ("discord:1", "ada", AT)),
        ("places", ("ada-1", "discord:1", "30", "10", "20", 0, 1, "10", AT, *let_in)),
        ("servers", ("10", '{"a_day": 3}', AT, None)),
        ("board", ("10", "discord:1", AT)),
        ("documents", ("server:10", "k", "notes.md", "", "text", AT)),
    ):
        old.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def main(revision: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "old.db"
        engine = create_engine(URL.create("sqlite", database=str(file)))
        with engine.begin() as connection:
            migrating.upgrade(connection, revision)
        engine.dispose()
        with closing(sqlite3.connect(file)) as old:
            fill(old, revision)
            golden(revision).write_text("\n".join(old.iterdump()) + "\n", "ascii")


if __name__ == "__main__":
    main(sys.argv[1])
