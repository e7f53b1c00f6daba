"""The tables as they are now. How older ones become these is for `migrations`; a test holds the two together."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

#: Every schema there has been, oldest first. The last one is what this release creates and needs.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
HEAD = REVISIONS[-1]
VERSION_TABLE = "viva_version"
#: The version of the JSON in `events.body`.
EVENT_FORMAT = 1


def escaped(value: str) -> str:
    """The text in printable ASCII: NUL and lone surrogates fit into neither database as they are."""
    return json.dumps(value)[1:-1]


def unescaped(value: str) -> str:
    """What `escaped` was given."""
    text: str = json.loads(f'"{value}"') if "\\" in value else value
    return text


class Escaped(TypeDecorator[str]):
    """Any text at all, kept in printable ASCII."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escaped(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else unescaped(value)


metadata = MetaData()

sessions = Table(
    "sessions",
    metadata,
    Column("id", Escaped, primary_key=True),
    Column("owner", Escaped, nullable=False),
    Column("surface", Escaped, nullable=False),
    Column("status", Text, nullable=False),
    Column("flow", Escaped, nullable=False),
    Column("mode", Text, nullable=False),
    Column("begun", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("lease_holder", Escaped),
    Column("lease_until", Text),
    Column("answered", Integer, nullable=False, server_default="0"),
    Index("sessions_by_owner", "owner", "at"),
    Index("sessions_by_time", "at"),
)

events = Table(
    "events",
    metadata,
    Column("session", Escaped, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("cause", Escaped, nullable=False),
    Column("kind", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("session", "cause", name="events_by_cause"),
)

rubrics = Table(
    "rubrics",
    metadata,
    Column("hash", Escaped, primary_key=True),
    Column("body", Text, nullable=False),
)

session_rubrics = Table(
    "session_rubrics",
    metadata,
    Column("session", Escaped, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("rubric", Escaped, ForeignKey("rubrics.hash"), primary_key=True),
    Index("session_rubrics_by_rubric", "rubric"),
)

#: Which account (`discord:123`) was joined to which person.
accounts = Table(
    "accounts",
    metadata,
    Column("account", Escaped, primary_key=True),
    Column("person", Escaped, nullable=False),
    Column("at", Text, nullable=False),
    Index("accounts_by_person", "person"),
)

#: One code a person, by its hash alone.
link_codes = Table(
    "link_codes",
    metadata,
    Column("person", Escaped, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("at", Text, nullable=False),
    UniqueConstraint("hash", name="link_codes_by_hash"),
)

#: How many codes that do not exist an account has tried since a time.
link_guesses = Table(
    "link_guesses",
    metadata,
    Column("account", Escaped, primary_key=True),
    Column("since", Text, nullable=False),
    Column("wrong", Integer, nullable=False),
)

#: Where a sitting goes on. `nth` orders the sittings of a channel; `counts_for` is the first server that the sitting
#: was put on, since when: a sitting that moves to direct messages still counts there. `shared`: somebody was let into
#: its private thread; `told`: its candidate knows.
places = Table(
    "places",
    metadata,
    Column("session", Escaped, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("account", Escaped, nullable=False),
    Column("channel", Escaped, nullable=False),
    Column("server", Escaped, nullable=False),
    Column("parent", Escaped, nullable=False),
    Column("watched", Integer, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("counts_for", Escaped, nullable=False),
    Column("since", Text, nullable=False),
    Column("shared", Integer, nullable=False, server_default="0"),
    Column("told", Integer, nullable=False, server_default="0"),
    Index("places_by_channel", "channel", "nth"),
    Index("places_by_account", "account", "counts_for", "since"),
    Index("places_by_server", "counts_for"),
)

servers = Table(
    "servers",
    metadata,
    Column("server", Escaped, primary_key=True),
    Column("settings", Text, nullable=False),
    Column("joined_at", Text),
    Column("left_at", Text),
)

board = Table(
    "board",
    metadata,
    Column("server", Escaped, primary_key=True),
    Column("account", Escaped, primary_key=True),
    Column("at", Text, nullable=False),
    Index("board_by_account", "account"),
)

documents = Table(
    "documents",
    metadata,
    Column("owner", Escaped, primary_key=True),
    Column("key", Escaped, primary_key=True),
    Column("name", Escaped, nullable=False),
    Column("path", Escaped, nullable=False),
    Column("text", Escaped, nullable=False),
    Column("at", Text, nullable=False),
)

#: The names of those who were forgotten, as `tombstones` hashes them, and when the last word of theirs was deleted.
forgotten = Table(
    "forgotten",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("at", Text, nullable=False),
)

#: What each event took that a language model made, written with it. NULL where the server or the price does not say.
#: Whose it is, and which server it counts for, the session's row and its place say.
spent = Table(
    "spent",
    metadata,
    Column("session", Escaped, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("model", Escaped, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("input", Integer),
    Column("output", Integer),
    Column("cost_micro", BigInteger),
    Index("spent_by_time", "at"),
)

#: As Alembic makes it.
version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)


def create(connection: Connection) -> None:
    """Makes the tables of this release in an empty database."""
    metadata.create_all(connection, checkfirst=False)
    # Not an Index of the table: SQLAlchemy would load all of PostgreSQL's dialect to understand its condition.
    connection.execute(text("CREATE UNIQUE INDEX events_started ON events (session) WHERE kind = 'Started'"))
    version.create(connection, checkfirst=False)
    connection.execute(version.insert(), {"version_num": HEAD})
