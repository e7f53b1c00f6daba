"""What is asked of the tables more than once, or is long. Nothing is run here."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from bot.core.events import Disputed, Graded, Reconsidered
from bot.store import schema as s


@cache
def standing() -> Select[Any]:
    """How a `session` stands: its lease, the seq of its last event, and whether one of `causes` is known."""
    c, e, session = s.sessions.c, s.events.c, bindparam("session", type_=s.Escaped)
    last = select(func.coalesce(func.max(e.seq), 0)).where(e.session == session).scalar_subquery()
    known = exists().where(e.session == session, e.cause.in_(bindparam("causes", expanding=True)))
    return select(c.lease_holder, c.lease_until, last.label("last"), known.label("known")).where(c.id == session)


def locked(session: str) -> Select[Any]:
    """Waits for and keeps the row of a session (PostgreSQL)."""
    return select(s.sessions.c.id).where(s.sessions.c.id == session).with_for_update()


def newest(*wanted: ColumnElement[bool]) -> Select[Any]:
    """Sessions as the list shows them, the one that was worked on last first."""
    c = s.sessions.c
    shown = (c.id, c.owner, c.surface, c.status, c.flow, c.mode, c.begun, c.at, c.answered)
    return select(*shown).where(*wanted).order_by(c.at.desc(), c.begun.desc(), c.id)


def log_of(session: str, after: int = 0) -> Select[Any]:
    """The events of a session in order."""
    e = s.events.c
    shown = (e.seq, e.at, e.cause, e.kind, e.v, e.body)
    return select(*shown).where(e.session == session, e.seq > after).order_by(e.seq)


def perhaps_unjudged(since: str) -> Select[Any]:
    """Sessions worked on since then with an answer or an objection that could not be judged at first; it may have been
    since."""
    c, e = s.sessions.c, s.events.c
    answer = and_(e.kind == Graded.__name__, e.body.contains('"retry": true'))
    objection = and_(e.kind == Reconsidered.__name__, e.body.contains('"outcome": "waits"'))
    not_yet = exists().where(e.session == c.id, or_(answer, objection))
    return select(c.id).where(c.at >= since, not_yet).order_by(c.at)


def disputed(group: str | None) -> Select[Any]:
    """Sessions in which something was objected to, in the order in which they were begun; of one group, or all."""
    c, e, p = s.sessions.c, s.events.c, s.places.c
    wanted = [exists().where(e.session == c.id, e.kind == Disputed.__name__)]
    if group is not None:
        wanted.append(exists().where(p.session == c.id, p.counts_for == group))
    return newest(*wanted).order_by(None).order_by(c.begun, c.id)


def rubrics_of(session: str) -> Select[Any]:
    """The rubrics that a session was asked by."""
    of_session = s.session_rubrics.c.session == session
    joined = s.rubrics.join(s.session_rubrics, s.session_rubrics.c.rubric == s.rubrics.c.hash)
    return select(s.rubrics.c.hash, s.rubrics.c.body).select_from(joined).where(of_session).order_by(s.rubrics.c.hash)


def person_of(account: str) -> Select[Any]:
    """The person that an account was joined to."""
    return select(s.accounts.c.person).where(s.accounts.c.account == account)


def replacing(table: Table, sqlite: bool, *only: str) -> Insert:
    """An insert that, where there is a row of the same key, changes that one instead: all of it, or `only` these."""
    changed = only or tuple(column.name for column in table.columns if not column.primary_key)
    if sqlite:
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite

        new = insert_sqlite(table)
        return new.on_conflict_do_update(
            index_elements=[*table.primary_key], set_={c: new.excluded[c] for c in changed}
        )
    from sqlalchemy.dialects.postgresql import insert

    row = insert(table)
    return row.on_conflict_do_update(index_elements=[*table.primary_key], set_={c: row.excluded[c] for c in changed})


def length(column: ColumnElement[str]) -> ColumnElement[int]:
    """How many characters a text has that is kept escaped: the database reads it, and it does not travel.

    Each backslash but the one that stands for itself begins an escape, of six letters where a `u` follows, else of two.
    """
    single = func.replace(type_coerce(column, Text), "\\\\", "x")
    escapes = func.length(single) - func.length(func.replace(single, "\\", ""))
    long = func.length(single) - func.length(func.replace(single, "\\u", ""))  # two for each
    return func.length(single) - escapes - 2 * long


def begins(column: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    """Whether a text begins so, in exactly these letters: LIKE would not mind their case on SQLite."""
    return func.substr(column, 1, len(s.escaped(beginning))) == literal(beginning, s.Escaped)
