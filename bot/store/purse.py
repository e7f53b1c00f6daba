"""What was spent on language models, added up in the database: the door `bot.ports.purse.Purse`, and a table of it.

Rows are written by `log` with their events, and leave with their session. What may be spent, it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, or_, select, union_all

from bot.core.budgets import Name
from bot.core.costing import Spent
from bot.store import schema as s
from bot.store.database import Database
from bot.store.rows import MICRO, stamp
from bot.store.whole import whole

By = Literal["person", "server", "day", "model"]
_DAY = len("2026-01-01")
_WITH_SESSIONS = s.spent.join(s.sessions, s.sessions.c.id == s.spent.c.session)
_WITH_PLACES = _WITH_SESSIONS.join(s.places, s.places.c.session == s.spent.c.session)


class SqlPurse:
    """What every call took, of all sittings that are kept."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    @whole
    async def spent(self, session: str) -> Mapping[Name, Spent]:
        """Since midnight (UTC): by the `person` of a sitting, on the `server` it counts for, and in all (`day`)."""
        midnight = stamp(self._clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))
        # Where something was spent today, the sitting was worked on today: of all that are kept, those alone are read.
        today, worked_on = s.spent.c.at >= midnight, s.sessions.c.at >= midnight
        person = select(s.sessions.c.owner).where(s.sessions.c.id == session).scalar_subquery()
        server = select(s.places.c.counts_for).where(s.places.c.session == session).scalar_subquery()
        counts_for = func.nullif(s.places.c.counts_for, "")  # no index leads to it: of a server are many sittings
        sums = union_all(
            _sums("'person'").select_from(_WITH_SESSIONS).where(today, worked_on, s.sessions.c.owner == person),
            _sums("'server'").select_from(_WITH_PLACES).where(today, worked_on, counts_for == server),
            _sums("'day'").where(today),
        )
        async with self._database.glancing() as connection:
            return {row.of: _spent(row) for row in await connection.execute(sums)}

    @whole
    async def table(self, by: By, since: datetime | None = None) -> Sequence[tuple[str, Spent]]:
        """What was spent since a time, by person, server (empty: none), day (UTC, newest first) or model."""
        wanted = [s.spent.c.at >= stamp(since)] if since is not None else []
        key: ColumnElement[str] = {
            "person": s.sessions.c.owner,
            "server": s.places.c.counts_for,
            "day": func.substr(s.spent.c.at, 1, _DAY),
            "model": s.spent.c.model,
        }[by]
        places = s.places.c.session == s.spent.c.session
        sums = _sums().add_columns(key.label("key")).select_from(_WITH_SESSIONS.outerjoin(s.places, places))
        async with self._database.glancing() as connection:
            rows = (await connection.execute(sums.where(*wanted).group_by(key))).all()
        found = sorted(((row.key or "", _spent(row)) for row in rows), key=lambda one: one[0], reverse=by == "day")
        return found if by == "day" else sorted(found, key=lambda one: -one[1].cost)


def _sums(of: str = "''") -> Select[Any]:
    """Everything that `Spent` adds up, of rows still to be chosen; `of` is a name for them, as SQL."""
    c = s.spent.c
    uncounted = case((or_(c.input.is_(None), c.output.is_(None)), c.calls), else_=0)
    told = case((or_(c.input.is_(None), c.output.is_(None)), 0), else_=1)
    return select(
        literal_column(of).label("of"),
        *(
            func.coalesce(func.sum(what), 0).label(name)
            for name, what in (
                ("calls", c.calls),
                ("read", c.input * told),
                ("written", c.output * told),
                ("micro", c.cost_micro),
                ("uncounted", uncounted),
                ("unpriced", case((c.cost_micro.is_(None), c.calls), else_=0)),
            )
        ),
    )


def _spent(row: Row[Any]) -> Spent:
    cost = int(row.micro) / MICRO
    return Spent(int(row.calls), int(row.read), int(row.written), cost, int(row.uncounted), int(row.unpriced))
