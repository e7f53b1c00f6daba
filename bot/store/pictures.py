"""Pictures that candidates sent as answers: where they lie beside the database, and how they travel in a backup.

In a backup they are a table that no database has. Nothing looks into them.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path

FOLDER = "pictures"
#: What a sitting may keep of them, in number and in bytes.
MOST, MOST_BYTES = 20, 40_000_000
LONGEST_NAME = 80

_TABLE = "pictures"
_COLUMNS = [("session", "TEXT"), ("name", "TEXT"), ("data", "BLOB")]
_MAKE = f"""CREATE TABLE {_TABLE} (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (session, name)
)"""
#: Sittings whose pictures may travel, and pictures: names that lead nowhere else, on any system, and need no escape.
_SESSION, _NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"), re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def name_of(key: str, name: str) -> str:
    """Under which name a picture is kept: its own, without what could lead elsewhere."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".")[-LONGEST_NAME:] or "picture"
    return f"{key}-{plain}"


def room_for(folder: Path, more: int) -> bool:
    """Whether a sitting's folder can take a picture of so many bytes more."""
    kept = [one.stat().st_size for one in folder.glob("*")]
    return len(kept) < MOST and sum(kept) + more <= MOST_BYTES


def write(file: Path, data: bytes) -> None:
    """Writes a picture, on the disk before it returns, for nobody else to read."""
    for folder in (file.parent.parent, file.parent):  # what `parents` makes is open to all
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)


def sweep(home: Path, sessions: Collection[str]) -> int:
    """Deletes the pictures of sittings that are not among these; how many folders went."""
    gone = [one for one in (home / FOLDER).glob("*") if one.is_dir() and one.name not in sessions]
    for one in gone:
        shutil.rmtree(one)
    return len(gone)


def put_in(part: Path, home: Path) -> None:
    """Puts the pictures of a backup's sittings into it. One that goes meanwhile is left out."""
    with closing(sqlite3.connect(part)) as file:
        file.execute(_MAKE)
        sessions = {row[0] for row in file.execute("SELECT id FROM sessions")}
        for picture in _lying(home, sessions):
            with suppress(FileNotFoundError):
                row = (picture.parent.name, picture.name, picture.read_bytes())
                file.execute(f"INSERT INTO {_TABLE} VALUES (?, ?, ?)", row)
        file.commit()


def all_sound(file: sqlite3.Connection) -> bool:
    """Whether what a backup gives out as pictures could have been put there by `put_in`."""
    if not _carried(file):
        return True
    columns = file.execute(f"PRAGMA table_xinfo({_TABLE})").fetchall()
    # A column that is computed (hidden, to SQLite) could be larger than the file that it comes in.
    if [(name, kind) for _, name, kind, *_ in columns] != _COLUMNS or any(hidden for *_, hidden in columns):
        return False
    sessions = {row[0] for row in file.execute("SELECT id FROM sessions")}
    number, total = Counter[str](), Counter[str]()
    for session, name, kind, size in file.execute(f"SELECT session, name, typeof(data), length(data) FROM {_TABLE}"):
        if session not in sessions or kind != "blob" or not _fits(session, name):
            return False
        number[session] += 1
        total[session] += size
    return max(number.values(), default=0) <= MOST and max(total.values(), default=0) <= MOST_BYTES


def bring_back(copy: Path, home: Path) -> int:
    """Writes the pictures of a checked backup's sittings beside the database; how many there are."""
    with closing(sqlite3.connect(copy)) as file:
        if not _carried(file):
            return 0
        there = f"SELECT session, name, data FROM {_TABLE} WHERE session IN (SELECT id FROM sessions)"
        count = 0
        for session, name, data in file.execute(there):
            place = home / FOLDER / session / name
            if not (place.is_file() and place.stat().st_size == len(data) and place.read_bytes() == data):
                write(place, data)
            count += 1
    return count


def count(file: sqlite3.Connection) -> int:
    """How many a backup carries."""
    return int(file.execute(f"SELECT count(*) FROM {_TABLE}").fetchone()[0]) if _carried(file) else 0


def _lying(home: Path, sessions: Collection[str]) -> Iterator[Path]:
    """The pictures that lie beside the database, as many and as large as may be; other files there are not ours."""
    for folder in sorted((home / FOLDER).glob("*")):
        if folder.name not in sessions or not _SESSION.fullmatch(folder.name):
            continue
        left, room = MOST, MOST_BYTES
        for picture in sorted(folder.glob("*")):
            if not _fits(folder.name, picture.name) or picture.is_symlink() or not picture.is_file():
                continue
            size = picture.stat().st_size
            if left and size <= room:
                left, room = left - 1, room - size
                yield picture


def _fits(session: object, name: object) -> bool:
    texts = isinstance(session, str) and isinstance(name, str)
    return texts and bool(_SESSION.fullmatch(str(session)) and _NAME.fullmatch(str(name)))


def _carried(file: sqlite3.Connection) -> bool:
    there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return file.execute(there, (_TABLE,)).fetchone() is not None
