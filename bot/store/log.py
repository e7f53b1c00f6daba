"""The event log on a database: the door `bot.ports.Store`, and what commands need beside it.

What an event means is for others to say; how rows leave for good is in `forgetting`, how they travel in `backups`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Insert, Row, Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.beside import is_beside
from bot.core.events import Event, Record, Started
from bot.core.question import Question
from bot.errors import SittingBusy, WrongUsage
from bot.ports import Sitting
from bot.store import backups, forgetting, queries
from bot.store import schema as s
from bot.store.backups import Restored
from bot.store.database import Database
from bot.store.forgetting import Forgotten, Held
from bot.store.groups import SqlGroups
from bot.store.holder import spoken
from bot.store.leases import Leases
from bot.store.portable import Contents
from bot.store.purse import SqlPurse
from bot.store.rows import answers_in, event_of, records_of, row_of, rubric_body, rubric_of, spent_of, stamp, summary_of
from bot.store.whole import whole

#: How many sessions are named when a beginning fits several.
_NAMED = 5
_RESUME = "Nothing of this step was written; `viva chat --resume last` goes on from where it stands now."

Clock = Callable[[], datetime]


class SqlStore:
    """The event log of all sessions; in the same database, `groups` is what study groups need, `purse` what was spent.

    `holder` names this process; `alive` says whether one of a name may still work.
    """

    def __init__(self, database: Database, clock: Clock, holder: str, alive: Callable[[str], bool]) -> None:
        self.database = database
        self.holder = holder
        self._clock = clock
        self._leases = Leases(clock, alive)
        self.groups = SqlGroups(database, clock)
        self.purse = SqlPurse(database, clock)

    @whole
    async def create(self, session: str, owner: str, surface: str) -> None:
        """Makes an empty session; it is listed once it was started. WrongUsage when there is one of that id."""
        now = stamp(self._clock())
        row = {"id": session, "surface": surface, "status": "new", "flow": "", "mode": ""}
        async with self.database.writing() as connection:
            # An account that was joined to a person a moment ago begins for that person.
            row["owner"] = await connection.scalar(queries.person_of(owner)) or owner
            try:
                await connection.execute(insert(s.sessions), row | {"begun": now, "at": now})
            except IntegrityError as error:
                raise WrongUsage(f"There is a session {session} already. Give the new one another id.") from error

    @whole
    async def load(self, session: str, after: int = 0) -> list[Record]:
        """All records of a session (or those after a seq) in order; WrongUsage when there is no such session."""
        async with self.database.reading() as connection:
            rows = (await connection.execute(queries.log_of(session, after))).all()
            if not rows and await connection.scalar(select(s.sessions.c.id).where(s.sessions.c.id == session)) is None:
                raise _no_session(session)
        return [Record(row.seq, row.at, row.cause, event_of(row.kind, row.body)) for row in rows]

    @whole
    async def append(
        self,
        session: str,
        after: int,
        events: Sequence[tuple[str, Event]],
        rubrics: Mapping[str, Question] | None = None,
    ) -> list[Record]:
        """Writes (cause, event) pairs after seq `after` in one transaction; see `bot.ports.Store.append`."""
        records = records_of(after, stamp(self._clock()), events)
        if len({record.cause for record in records}) < len(records):
            raise ValueError("two events of one step have the same cause")
        async with self.database.writing() as connection:
            standing = await self._standing(connection, session, [record.cause for record in records])
            if standing.known or not records:
                return []
            self._admit(session, standing, self.holder)
            if standing.last != after:
                raise SittingBusy(f"Another process went on with session {session} in the meantime. {_RESUME}")
            try:
                await self._write(connection, session, records, rubrics or {})
            except IntegrityError as error:
                raise SittingBusy(f"Session {session} was started already. {_RESUME}") from error
        return records

    @whole
    async def opening(self, session: str) -> Event | None:
        """The event that started a session; None where there is none yet."""
        e = s.events.c
        async with self.database.reading() as connection:
            row = (await connection.execute(queries.log_of(session).where(e.kind == Started.__name__).limit(1))).first()
        return None if row is None else event_of(row.kind, row.body)

    @whole
    async def rubrics(self, session: str) -> dict[str, Question]:
        """The questions as they were asked in a session, by rubric hash."""
        async with self.database.reading() as connection:
            rows = (await connection.execute(queries.rubrics_of(session))).all()
        return {row.hash: rubric_of(row.body) for row in rows}

    @whole
    async def lease(self, session: str, holder: str, seconds: float) -> None:
        """Takes or renews the right to work on a session; SittingBusy when somebody else has it."""
        async with self.database.writing() as connection:
            self._admit(session, await self._standing(connection, session, []), holder)
            change = update(s.sessions).where(s.sessions.c.id == session)
            await connection.execute(change.values(lease_holder=holder, lease_until=self._leases.until(seconds)))

    @whole
    async def release(self, session: str, holder: str) -> None:
        """Gives the right back; without effect when it is not held."""
        mine = (s.sessions.c.id == session, s.sessions.c.lease_holder == holder)
        async with self.database.writing() as connection:
            await connection.execute(update(s.sessions).where(*mine).values(lease_holder=None, lease_until=None))

    @whole
    async def sittings(self, owner: str | None = None, limit: int = 50) -> list[Sitting]:
        """Sessions that were started, the one that was worked on last first."""
        wanted = [s.sessions.c.status != "new"]
        if owner is not None:
            wanted.append(s.sessions.c.owner == owner)
        async with self.database.reading() as connection:
            rows = (await connection.execute(queries.newest(*wanted).limit(limit))).all()
        return [Sitting(**row._mapping) for row in rows]

    @whole
    async def find(self, name: str, owner: str | None = None, status: str | None = None) -> Sitting:
        """The session whose id begins so, or the one worked on `last`; WrongUsage when there is none, or several."""
        c = s.sessions.c
        wanted = [c.status != "new" if name == "last" else queries.begins(c.id, name)]
        wanted += [c.owner == owner] if owner else []
        wanted += [c.status == status] if status else []
        async with self.database.reading() as connection:
            rows = (await connection.execute(queries.newest(*wanted).limit(_NAMED + 1))).all()
        exact = [row for row in rows if row.id == name]
        return _only(name, [Sitting(**row._mapping) for row in exact or rows])

    @whole
    async def broken_off(self) -> list[str]:
        """Sessions that were never given back and that nobody can be working on: their turn broke off.

        Also those that have ended: what was to be said last may not have been.
        """
        c = s.sessions.c
        held = select(c.id, c.lease_holder, c.lease_until).where(c.status != "new", c.lease_holder.is_not(None))
        async with self.database.reading() as connection:
            rows = (await connection.execute(held.order_by(c.at))).all()
        return [row.id for row in rows if not self._leases.left(row.lease_holder, row.lease_until, "")]

    @whole
    async def perhaps_unjudged(self, since: datetime) -> list[str]:
        """Sessions worked on since then in which an answer could not be judged at first; it may have been since."""
        async with self.database.glancing() as connection:
            return list(await connection.scalars(queries.perhaps_unjudged(stamp(since))))

    @whole
    async def disputed(self, group: str | None = None) -> list[Sitting]:
        """The sessions in which something was objected to, those of a group (a server) alone where one is named."""
        async with self.database.reading() as connection:
            rows = (await connection.execute(queries.disputed(group))).all()
        return [Sitting(**row._mapping) for row in rows]

    @whole
    async def ids(self) -> list[str]:
        """The ids of all sessions that are kept."""
        async with self.database.reading() as connection:
            return list(await connection.scalars(select(s.sessions.c.id)))

    @whole
    async def owners(self) -> list[str]:
        """Everyone whose sessions are kept."""
        async with self.database.reading() as connection:
            return list(await connection.scalars(select(s.sessions.c.owner).distinct().order_by(s.sessions.c.owner)))

    @whole
    async def export(self, session: str) -> dict[str, Any]:
        """Everything that is kept of a session, as plain data."""
        async with self.database.reading() as connection:
            row = (await connection.execute(queries.newest(s.sessions.c.id == session))).first()
            if row is None:
                raise _no_session(session)
            events = (await connection.execute(queries.log_of(session))).all()
            rubrics = (await connection.execute(queries.rubrics_of(session))).all()
        return {
            "v": 1,
            "session": dict(row._mapping),
            "events": [dict(event._mapping) | {"body": json.loads(event.body)} for event in events],
            "rubrics": {rubric.hash: json.loads(rubric.body) for rubric in rubrics},
        }

    @whole
    async def held(self, name: str) -> Held:
        """What is kept of whoever is known by this name, a person's or an account's."""
        return await forgetting.held(self.database, name)

    @whole
    async def forget(self, name: str) -> Forgotten:
        """Deletes all of a person with the accounts joined to it, here and in the backups, down to the bytes."""
        return await forgetting.forget(self.database, name, self._clock())

    @whole
    async def forget_session(self, session: str) -> Forgotten:
        """The same for one session."""
        return await forgetting.forget_session(self.database, session)

    @whole
    async def expire(self, days: int) -> Forgotten:
        """Deletes what nobody worked on for more than `days` days, and what was kept for servers left long ago."""
        return await forgetting.expire(self.database, days, self._clock())

    @whole
    async def backup(self, file: Path) -> Contents:
        """Writes everything to a new file that `restore` takes, on either database; sittings go on meanwhile."""
        return await backups.backup(self.database, file)

    @whole
    async def restore(self, file: Path, overwrite: bool = False) -> Restored:
        """Brings a backup back, all of it or nothing; what was here first is replaced only with `overwrite`."""
        async with backups.taken_in(self.database.place, file) as copy:
            return await self.fill(copy, overwrite)

    @whole
    async def fill(self, copy: Path, overwrite: bool) -> Restored:
        """The second half of a restore: the rows of a file that `backups.taken_in` has checked."""
        return await backups.fill(self.database, copy, overwrite, self._clock(), self._occupied)

    @whole
    async def check(self) -> str | None:
        """Reads the whole database over; a sentence on what is wrong with it, or None when it is sound."""
        return await backups.check(self.database)

    @whole
    async def close(self) -> None:
        """Closes all connections."""
        await self.database.close()

    async def _standing(self, connection: AsyncConnection, session: str, causes: Sequence[str]) -> Row[Any]:
        """How a session stands, with its row locked until the transaction ends."""
        if not self.database.sqlite:
            # A statement of its own: one that had to wait for the lock would see the log as it was before.
            await connection.execute(queries.locked(session))
        found = await connection.execute(queries.standing(), {"session": session, "causes": causes})
        row: Row[Any] | None = found.first()
        if row is None:
            raise _no_session(session)
        return row

    def _admit(self, session: str, standing: Row[Any], holder: str) -> None:
        seconds = self._leases.left(standing.lease_holder, standing.lease_until, holder)
        if seconds:
            raise SittingBusy(
                f"Another process ({spoken(standing.lease_holder)}) is working on session {session}. Go on there, or "
                f"end it there and try again; if it hangs, its claim runs out in {seconds:.0f} seconds."
            )

    async def _write(
        self, connection: AsyncConnection, session: str, records: Sequence[Record], rubrics: Mapping[str, Question]
    ) -> None:
        events = [record.event for record in records]
        await connection.execute(insert(s.events), [row_of(session, record) for record in records])
        if spent := [row for record in records if (row := spent_of(session, record)) is not None]:
            await connection.execute(insert(s.spent), spent)
        if rubrics:
            bodies = [{"hash": key, "body": rubric_body(rubrics[key])} for key in sorted(rubrics)]
            await connection.execute(self._insert_new(s.rubrics), bodies)
            links = [{"session": session, "rubric": key} for key in sorted(rubrics)]
            await connection.execute(self._insert_new(s.session_rubrics), links)
        c = s.sessions.c
        summary = summary_of(events) | {"answered": c.answered + answers_in(events)}
        if not all(map(is_beside, events)):  # nobody was there: what is judged late makes no sitting younger
            summary["at"] = records[-1].at
        await connection.execute(update(s.sessions).where(c.id == session).values(**summary))

    def _insert_new(self, table: Table) -> Insert:
        """An insert that leaves rows alone that are there already."""
        if self.database.sqlite:
            return insert(table).prefix_with("OR IGNORE")
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing()

    async def _occupied(self, connection: AsyncConnection) -> str | None:
        """A session that another process is working on; None when there is none."""
        c = s.sessions.c
        leases = await connection.execute(
            select(c.id, c.lease_holder, c.lease_until).where(c.lease_holder.is_not(None))
        )
        held = (row.id for row in leases if self._leases.left(row.lease_holder, row.lease_until, self.holder))
        return next(held, None)


def _no_session(session: str) -> WrongUsage:
    return WrongUsage(f"There is no session {session}. `viva sessions` lists those there are.")


def _only(name: str, found: Sequence[Sitting]) -> Sitting:
    if not found:
        raise WrongUsage("There is no session yet. `viva chat` begins one.") if name == "last" else _no_session(name)
    if len(found) > 1 and name != "last":
        ids = ", ".join(sitting.id for sitting in found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
        raise WrongUsage(f"Several sessions begin with {name}: {ids}. Give more of the id.")
    return found[0]
