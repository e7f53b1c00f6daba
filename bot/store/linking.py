"""Joins an account to a person by a one-time code, within a transaction of the caller's. It forgets nobody.

A code has ten letters of thirty-one (49 bits) and is kept as a hash. Trying one costs the same steps whether it exists
or not, and an account that tried too many is refused for the rest of the hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import WrongUsage
from bot.store import queries
from bot.store import schema as s
from bot.store.rows import stamp

#: None of these is mistaken for another when it is read aloud or typed.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10
GOOD_FOR = timedelta(minutes=10)
MOST_WRONG = 5
WITHIN = timedelta(hours=1)

UNKNOWN = (
    "That code does not fit: it is mistyped, was used already, or is older than ten minutes. Nothing was changed. "
    "`viva link` in the terminal prints a new one."
)
ANOTHERS = (
    "This account is joined to another person already, whose interviews are kept. Nothing was changed, and the code "
    "still holds. To join the account to somebody else, first delete what is kept of that person: /forget in Discord, "
    "or `viva forget` in the terminal."
)


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A code as a person types it, `ABCDE-FGHJK` say."""
    letters = "".join(choose(LETTERS) for _ in range(LENGTH))
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def hashed(code: str) -> str:
    """What is kept of a code: small letters, spaces and hyphens make no other one of it."""
    letters = "".join(letter for letter in code.upper() if letter in LETTERS)
    return hashlib.sha256(f"viva link {letters}".encode("ascii")).hexdigest()


async def person_of(connection: AsyncConnection, account: str) -> str:
    """Who the account is: the person that it was joined to, else the account itself."""
    person: str | None = await connection.scalar(queries.person_of(account))
    return person or account


async def keep_code(connection: AsyncConnection, sqlite: bool, person: str, code: str, now: datetime) -> None:
    """Keeps a code for whoever this is; older ones of theirs are gone."""
    row = {"person": await person_of(connection, person), "hash": hashed(code), "at": stamp(now)}
    await connection.execute(queries.replacing(s.link_codes, sqlite), row)


async def join(connection: AsyncConnection, sqlite: bool, account: str, code: str, now: datetime) -> int | WrongUsage:
    """Joins the account and says how many sittings were moved; the refusal is returned, for the guess is to be kept."""
    if not sqlite:
        await connection.execute(text("LOCK TABLE accounts, link_codes, link_guesses IN EXCLUSIVE MODE"))
    since, wrong = await _guesses(connection, account, now)
    if wrong >= MOST_WRONG:
        return _too_often(since + WITHIN - now)
    guess = {"account": account, "since": stamp(since), "wrong": wrong + 1}
    await connection.execute(queries.replacing(s.link_guesses, sqlite), guess)
    c = s.link_codes.c
    fresh = (c.hash == hashed(code), c.at > stamp(now - GOOD_FOR), c.at <= stamp(now))
    made_for: str | None = await connection.scalar(select(c.person).where(*fresh))
    if made_for is None:
        return WrongUsage(UNKNOWN)
    await connection.execute(queries.replacing(s.link_guesses, sqlite), guess | {"wrong": wrong})
    person, before = await person_of(connection, made_for), await person_of(connection, account)
    if before not in (account, person) and await _is_kept(connection, before):
        return WrongUsage(ANOTHERS)
    await connection.execute(delete(s.link_codes).where(c.person.in_([made_for, account])))
    return 0 if person == account else await _move(connection, sqlite, account, person, stamp(now))


async def _guesses(connection: AsyncConnection, account: str, now: datetime) -> tuple[datetime, int]:
    """Since when this account's wrong guesses are counted, and how many there were."""
    g = s.link_guesses.c
    row = (await connection.execute(select(g.since, g.wrong).where(g.account == account))).first()
    if row is None:
        return now, 0
    since = datetime.fromisoformat(row.since)
    # One that lies ahead was written by a clock that went wrong, and locks nobody out.
    return (since, row.wrong) if since <= now < since + WITHIN else (now, 0)


def _too_often(left: timedelta) -> WrongUsage:
    minutes = max(1, round(left.total_seconds() / 60))
    return WrongUsage(
        f"This account gave {MOST_WRONG} codes that do not fit, so no code is taken from it for another {minutes} "
        f"{'minute' if minutes == 1 else 'minutes'}. Nothing was changed. `viva link` then prints a fresh one."
    )


async def _is_kept(connection: AsyncConnection, person: str) -> bool:
    """Whether there are sittings or documents of a person."""
    sittings = exists().where(s.sessions.c.owner == person)
    return bool(await connection.scalar(select(sittings | exists().where(s.documents.c.owner == person))))


async def _move(connection: AsyncConnection, sqlite: bool, account: str, person: str, at: str) -> int:
    """Everything of an account becomes the person's, also what other accounts had brought it."""
    joined = s.accounts.c.person == account
    await connection.execute(update(s.accounts).where(joined).values(person=person))
    row = {"account": account, "person": person, "at": at}
    await connection.execute(queries.replacing(s.accounts, sqlite), row)
    await _move_documents(connection, account, person)
    owned = s.sessions.c.owner == account
    return (await connection.execute(update(s.sessions).where(owned).values(owner=person))).rowcount


async def _move_documents(connection: AsyncConnection, account: str, person: str) -> None:
    """Of a document that both have, the newer one stays."""
    d = s.documents.c
    rows = (await connection.execute(select(d.owner, d.key, d.at).where(d.owner.in_([account, person])))).all()
    newest = {row.key: row.owner for row in sorted(rows, key=lambda row: (row.at, row.owner == person))}
    for row in rows:
        if newest[row.key] != row.owner:
            await connection.execute(delete(s.documents).where(d.owner == row.owner, d.key == row.key))
    await connection.execute(update(s.documents).where(d.owner == account).values(owner=person))
