"""Keyword search (BM25, by SQLite's FTS5, in memory) over units. It knows no vectors."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from bot.knowledge.units import Unit

#: How much a word counts in a unit's title, its wordings, its text, and what right answers say.
WEIGHTS = (3.0, 2.5, 1.0, 0.3)
#: A BM25 score of this size counts half: it turns scores without an upper end into 0..1.
HALF = 5.0
#: More words of a query are not looked for.
MOST_WORDS = 64

STOP_WORDS = frozenset(
    "a about an and are as at be been between but by can could did do does explain for from give had has have how i "
    "if in instead is it its let me mean my no not of on one or please say should so than that the their them then "
    "there these this to two us use used was we were what when where which who why will with would you your".split()
)

_WORD = re.compile(r"\w+")


class Keywords:
    """The words of some units. To be used by the thread that made it."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._ids = [unit.id for unit in units]
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE words USING fts5"
            "(title, wordings, body, said, content='', tokenize='porter unicode61')"
        )
        self._database.executemany(
            "INSERT INTO words (rowid, title, wordings, body, said) VALUES (?, ?, ?, ?, ?)",
            ((row, *map(_storable, _columns(unit))) for row, unit in enumerate(units)),
        )

    def search(self, query: str, n: int) -> dict[str, float]:
        """The ids of the n best units, each with a score in 0..1; none when no word of the query is known."""
        words = wanted(query)
        if not words:
            return {}
        rows = self._database.execute(
            "SELECT rowid, -bm25(words, ?, ?, ?, ?) AS score FROM words WHERE words MATCH ?"
            " ORDER BY score DESC LIMIT ?",
            (*WEIGHTS, " OR ".join(f'"{word}"' for word in words), n),
        )
        return {self._ids[row]: max(0.0, score) / (max(0.0, score) + HALF) for row, score in rows}

    def knows(self, word: str) -> bool:
        """True when a unit holds the word, in any form of it."""
        found = self._database.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (f'"{word}"',))
        return found.fetchone() is not None

    def close(self) -> None:
        self._database.close()


def wanted(query: str) -> list[str]:
    """The words of a query that say what it is about; all of them when there are no others."""
    words = list(dict.fromkeys(_WORD.findall(query.lower()[:10_000])))
    return ([word for word in words if word not in STOP_WORDS] or words)[:MOST_WORDS]


def _columns(unit: Unit) -> tuple[str, str, str, str]:
    return unit.title, "\n".join((*unit.wordings, unit.words)), unit.text, "\n".join(unit.said)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
