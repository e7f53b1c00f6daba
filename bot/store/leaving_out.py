"""Takes out of a copy of a backup, on its way back, what is of people who were forgotten after it was made.

What such a person began since is theirs and stays. The backup itself is not touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.store import leaving, pictures, tombstones
from bot.store import schema as s
from bot.store.purging import delete_rows, engine_on
from bot.store.tombstones import Tombstone


@dataclass(frozen=True)
class LeftOut:
    """How much was left out: interviews, documents, pictures."""

    sessions: int = 0
    documents: int = 0
    pictures: int = 0


NOBODY = LeftOut()


def leave_out(copy: Path, buried: Sequence[Tombstone], now: datetime) -> LeftOut:
    """Deletes the rows of those who were forgotten, up to the moment of it, and says how many there were."""
    if not buried:
        return NOBODY
    with closing(sqlite3.connect(copy, isolation_level=None)) as opened:
        opened.execute("PRAGMA foreign_keys = ON")
        with engine_on(opened).connect() as connection:
            gone = tombstones.until(leaving.all_names(connection), buried, now)
            had = _counted(connection), pictures.count(opened)
            for name, at in gone.items():
                delete_rows(connection, leaving.of_forgotten(name, at), leaving.ALL)
            has = _counted(connection), pictures.count(opened)
    (sessions, documents), (left_sessions, left_documents) = had[0], has[0]
    return LeftOut(sessions - left_sessions, documents - left_documents, had[1] - has[1])


def _counted(connection: Connection) -> tuple[int, int]:
    sessions, documents = (
        connection.scalar(select(func.count()).select_from(table)) or 0 for table in (s.sessions, s.documents)
    )
    return sessions, documents
