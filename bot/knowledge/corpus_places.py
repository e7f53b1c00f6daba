"""Where things stand in a TOML file, and what is wrong with a corpus. It judges nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w-]+)\s*(=|\.)""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


@dataclass(frozen=True)
class Problem:
    """Something that an author should mend. An error keeps the corpus from being used; a warning does not."""

    where: str
    says: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.says}"


@dataclass(frozen=True)
class Source:
    """The text of a corpus file. `name` is its path below the corpus folder."""

    name: str
    text: str

    @cached_property
    def places(self) -> dict[Path, int]:
        """The line (from 1) of every table and key."""
        return _places(self.text)

    def at(self, path: Sequence[str | int]) -> str:
        """File and line of a key, or of the innermost table around it that can be found."""
        for length in range(len(path), 0, -1):
            line = self.places.get(tuple(path[:length]))
            if line is not None:
                return f"{self.name}:{line}"
        return self.name


def _places(text: str) -> dict[Path, int]:
    places: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    quotes: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if quotes is None:
            table = _note(line, number, table, places, counts)
        quotes = _open_quotes(line, quotes)
    return places


def _note(line: str, number: int, table: Path, places: dict[Path, int], counts: dict[Path, int]) -> Path:
    """Writes down what begins on this line; returns the table that the next lines belong to."""
    header = _HEADER.match(line)
    if header:
        table = _table(_parts(header.group(2)), header.group(1) == "[[", counts)
        for length in range(1, len(table) + 1):
            places.setdefault(table[:length], number)
    elif key := _KEY.match(line):
        places.setdefault((*table, *_parts(key.group(1))), number)
    return table


def _table(keys: Sequence[str], array: bool, counts: dict[Path, int]) -> Path:
    """The full path of a table: arrays of tables on the way get the number of their latest element."""
    path: Path = ()
    for depth, key in enumerate(keys):
        path = (*path, key)
        last = depth == len(keys) - 1
        if array and last:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> list[str]:
    return ["".join(groups) for groups in _PART.findall(dotted)]


def _open_quotes(line: str, quotes: str | None) -> str | None:
    """The kind of quotation marks in which a text still stands open after this line."""
    rest = line
    while True:
        if quotes is not None:
            if quotes not in rest:
                return quotes
            rest = rest.split(quotes, 1)[1]
            quotes = None
        starts = [(rest.index(mark), mark) for mark in ('"""', "'''") if mark in rest]
        if not starts:
            return None
        at, quotes = min(starts)
        rest = rest[at + 3 :]
