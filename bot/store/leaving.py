"""Which rows leave with a person, a session, a document, or by their age. It deletes nothing itself.

The same conditions serve the database in use and the files beside it, which may lack the tables of later releases.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, exists, or_, select

from bot.ports.groups import server_owner
from bot.store import schema as s
from bot.store.linking import GOOD_FOR, WITHIN
from bot.store.rows import stamp

#: What is kept for a server from which the bot was removed is kept for so long, should it be invited again.
SERVER_KEPT = timedelta(days=30)

#: Rows by their table, in the order in which they are deleted.
Rows = Sequence[tuple[Table, ColumnElement[bool]]]
#: The tables of this release.
ALL = frozenset(s.metadata.tables)


def of_people(names: Collection[str], tables: Collection[str] = ALL) -> Rows:
    """Everything of people and accounts of these names, also sittings of such an account that another owns by now."""
    owned: ColumnElement[bool] = s.sessions.c.owner.in_(names)
    if s.places.name in tables:
        owned |= s.sessions.c.id.in_(select(s.places.c.session).where(s.places.c.account.in_(names)))
    rows: Rows = (
        (s.sessions, owned),
        (s.accounts, or_(s.accounts.c.account.in_(names), s.accounts.c.person.in_(names))),
        (s.link_codes, s.link_codes.c.person.in_(names)),
        (s.link_guesses, s.link_guesses.c.account.in_(names)),
        (s.board, s.board.c.account.in_(names)),
        (s.documents, s.documents.c.owner.in_(names)),
    )
    return _there(rows, tables)


def of_forgotten(name: str, at: str) -> Rows:
    """What a person or account of this name had when they were forgotten, and did not begin since."""
    theirs = s.sessions.c.id.in_(select(s.places.c.session).where(s.places.c.account == name))
    return (
        (s.sessions, ((s.sessions.c.owner == name) | theirs) & (s.sessions.c.begun <= at)),
        (s.accounts, or_(s.accounts.c.account == name, s.accounts.c.person == name) & (s.accounts.c.at <= at)),
        (s.board, (s.board.c.account == name) & (s.board.c.at <= at)),
        (s.documents, (s.documents.c.owner == name) & (s.documents.c.at <= at)),
    )


def all_names(connection: Connection) -> frozenset[str]:
    """Every name, of a person or an account, under which something is kept."""
    columns = (
        s.sessions.c.owner,
        s.places.c.account,
        s.accounts.c.account,
        s.accounts.c.person,
        s.board.c.account,
        s.documents.c.owner,
    )
    return frozenset(name for column in columns for name in connection.scalars(select(column).distinct()))


def of_session(session: str, tables: Collection[str] = ALL) -> Rows:
    """A session with all that belongs to it."""
    return _there(((s.sessions, s.sessions.c.id == session),), tables)


def of_document(owner: str, key: str, tables: Collection[str] = ALL) -> Rows:
    """One document."""
    return _there(((s.documents, (s.documents.c.owner == owner) & (s.documents.c.key == key)),), tables)


def too_old(before: str, now: datetime, servers: Collection[str], tables: Collection[str] = ALL) -> Rows:
    """Sessions that nobody worked on since `before`, what was joined for them alone, and what is kept for `servers`."""
    c, a, b = s.sessions.c, s.accounts.c, s.board.c
    sitting = or_(exists().where(c.owner == a.person), exists().where(s.documents.c.owner == a.person))
    shown = exists().where(s.places.c.account == b.account)
    rows: Rows = (
        (s.sessions, c.at < before),
        (s.accounts, (a.at < before) & ~sitting),
        (s.board, b.server.in_(servers) | ((b.at < before) & ~shown)),
        (s.documents, s.documents.c.owner.in_([server_owner(server) for server in servers])),
        (s.servers, s.servers.c.server.in_(servers)),
        (s.link_codes, s.link_codes.c.at < stamp(now - GOOD_FOR)),
        (s.link_guesses, s.link_guesses.c.since < stamp(now - WITHIN)),
    )
    return _there(rows, tables)


def names_of(connection: Connection, name: str, tables: Collection[str] = ALL) -> frozenset[str]:
    """Under which names a person is known here: their own, and the accounts joined to it. `name` is any of them."""
    a = s.accounts.c
    if s.accounts.name not in tables:
        return frozenset({name})
    person = connection.scalar(select(a.person).where(a.account == name)) or name
    return frozenset({name, person, *joined(connection, [person], tables)})


def joined(connection: Connection, names: Collection[str], tables: Collection[str] = ALL) -> frozenset[str]:
    """The accounts that were joined to people of these names."""
    if s.accounts.name not in tables:
        return frozenset()
    return frozenset(connection.scalars(select(s.accounts.c.account).where(s.accounts.c.person.in_(names))))


def _there(rows: Rows, tables: Collection[str]) -> Rows:
    return tuple((table, wanted) for table, wanted in rows if table.name in tables)
