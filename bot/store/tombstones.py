"""What is left of whoever was forgotten: salted hashes of their names, so that no backup brings them back.

A hash names nobody; whoever has a name already can try, at the price of a scrypt, whether it is among them. They are
kept in the database and, should that be lost, in a file beside it; backups carry them. It deletes no rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import queries
from bot.store import schema as s
from bot.store.rows import stamp

FILE_NAME = "forgotten.jsonl"
#: scrypt's cost, block size and parallelism: 25 ms and 8 MiB a name. A restore tries all names of a backup; whoever has
#: the database has the names of all who were not forgotten beside it.
_COST = {"n": 2**13, "r": 8, "p": 1}
_HASH_BYTES, _SALT_BYTES = 32, 16
#: Those of one house share a salt, so that each name in a backup costs one scrypt. So many houses may have been joined
#: by restoring; a file with more was made to keep somebody waiting.
MOST_SALTS = 8


@dataclass(frozen=True)
class Tombstone:
    """A name that was forgotten, hashed, and when: what came later is of one who came back."""

    hash: str
    salt: str
    at: str


def bury(
    names: Iterable[str],
    now: datetime,
    known: Sequence[Tombstone],
    new_salt: Callable[[], str] = lambda: secrets.token_hex(_SALT_BYTES),
) -> list[Tombstone]:
    """Tombstones for these names, with the salt of those that are known."""
    salt = known[0].salt if known else new_salt()
    return [Tombstone(_hashed(name, salt), salt, stamp(now)) for name in sorted(names)]


def merged(*lists: Iterable[Tombstone]) -> list[Tombstone]:
    """Each once, with its latest time, in an order that does not change as more of them come."""
    latest: dict[str, Tombstone] = {}
    for one in (one for several in lists for one in several):
        before = latest.get(one.hash)
        latest[one.hash] = max(before, one, key=lambda each: each.at) if before else one
    return list(latest.values())


def until(names: Iterable[str], known: Iterable[Tombstone], now: datetime) -> dict[str, str]:
    """Those of these names that were forgotten, and when; a time that lies ahead is a wrong clock's, and is now."""
    times = {one.hash: min(one.at, stamp(now)) for one in known}
    salts = sorted({one.salt for one in known})
    found = ((name, times.get(_hashed(name, salt))) for name in sorted(names) for salt in salts)
    gone: dict[str, str] = {}
    for name, at in found:
        if at is not None:
            gone[name] = max(at, gone.get(name, at))
    return gone


async def read(connection: AsyncConnection) -> list[Tombstone]:
    """Those that the database holds."""
    f = s.forgotten.c
    rows = await connection.execute(select(f.hash, f.salt, f.at).order_by(f.at, f.hash))
    return [Tombstone(**row._mapping) for row in rows]


async def keep(connection: AsyncConnection, sqlite: bool, tombstones: Sequence[Tombstone]) -> None:
    """Keeps them in the database, in the caller's transaction."""
    if tombstones:
        rows = [asdict(one) for one in tombstones]
        await connection.execute(queries.replacing(s.forgotten, sqlite), rows)


def in_house(home: Path) -> list[Tombstone]:
    """Those in the file of the data folder; a line that is torn or strange is passed over."""
    try:
        lines = (home / FILE_NAME).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(ValueError, TypeError, KeyError):
            held = json.loads(line)
            found.append(Tombstone(held["hash"], held["salt"], held["at"]))
    return merged(one for one in found if sound(one))


def keep_in_house(home: Path, tombstones: Sequence[Tombstone]) -> None:
    """Adds them to the file. One that cannot be written stops nobody: they are in the database too."""
    known = set(in_house(home))
    text = "".join(json.dumps({"v": 1, **asdict(one)}) + "\n" for one in tombstones if one not in known)
    if not text:
        return
    with suppress(OSError), os.fdopen(_opened(home / FILE_NAME), "a", encoding="ascii") as file:
        file.write(f"\n{text}" if _torn(home / FILE_NAME) else text)
        file.flush()
        os.fsync(file.fileno())


def in_backup(copy: Path) -> list[Tombstone]:
    """Those that a checked copy of a backup carries."""
    with closing(sqlite3.connect(copy)) as file:
        return [Tombstone(*row) for row in file.execute(f"SELECT hash, salt, at FROM {s.forgotten.name} ORDER BY at")]


def all_sound(rows: Iterable[Sequence[object]]) -> bool:
    """Whether what a backup gives out as tombstones are such, and cost no more than they should."""
    salts = set()
    for hashed, salt, at in rows:
        if not (isinstance(hashed, str) and isinstance(salt, str) and isinstance(at, str)):
            return False
        salts.add(salt)
        if len(salts) > MOST_SALTS or not sound(Tombstone(hashed, salt, at)):
            return False
    return True


def sound(one: Tombstone) -> bool:
    """Whether this could be a tombstone."""
    try:
        lengths = len(bytes.fromhex(one.hash)), len(bytes.fromhex(one.salt))
        return lengths == (_HASH_BYTES, _SALT_BYTES) and stamp(datetime.fromisoformat(one.at)) == one.at
    except (ValueError, TypeError, OverflowError):
        return False


def _hashed(name: str, salt: str) -> str:
    data = s.escaped(name).encode("ascii")
    return hashlib.scrypt(data, salt=bytes.fromhex(salt), maxmem=2**26, dklen=_HASH_BYTES, **_COST).hex()


def _torn(file: Path) -> bool:
    """Whether the last line has no end: who wrote it was cut off, and what follows would be lost with it."""
    return not (file.read_bytes() or b"\n").endswith(b"\n")


def _opened(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
