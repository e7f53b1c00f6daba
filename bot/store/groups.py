"""What study groups need beside the log: the door `bot.ports.groups.Groups` on the store's own database.

What is asked on each interaction is one indexed read. How a code joins is in `linking`, what leaves in `forgetting`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import WrongUsage
from bot.ports.groups import Counts, Kept, Place, ServerSettings
from bot.store import forgetting, linking, queries
from bot.store import schema as s
from bot.store.database import Database
from bot.store.rows import settings_body, settings_of, stamp
from bot.store.whole import whole

_PLACE = ("session", "account", "channel", "server", "parent", "watched", "shared", "told")
_YES_OR_NO = ("watched", "shared", "told")


class SqlGroups:
    """Accounts, places, servers, boards and documents. `choose` picks the letters of a code, and nobody foresees it."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        choose: Callable[[Sequence[str]], str] = secrets.choice,
    ) -> None:
        self._database = database
        self._clock = clock
        self._choose = choose

    @whole
    async def person(self, account: str) -> str:
        """Who the account is to the log: the person that it was joined to, else the account itself."""
        async with self._database.glancing() as connection:
            return await linking.person_of(connection, account)

    @whole
    async def accounts(self, person: str) -> list[str]:
        """The accounts that were joined to a person."""
        async with self._database.glancing() as connection:
            found = await connection.scalars(select(s.accounts.c.account).where(s.accounts.c.person == person))
            return sorted(found)

    @whole
    async def new_code(self, person: str) -> str:
        """A code that joins an account to this person: once, within ten minutes. It takes the place of older ones."""
        code = linking.new_code(self._choose)
        async with self._database.writing() as connection:
            await linking.keep_code(connection, self._database.sqlite, person, code, self._clock())
        return code

    @whole
    async def link(self, account: str, code: str) -> int:
        """Joins the account to the person of the code and moves its sittings; says how many were moved.

        Once more to the same person is harmless. WrongUsage where the code does not fit, where the account guessed
        wrong too often, and where it is joined to another person of whom something is kept.
        """
        async with self._database.writing() as connection:
            outcome = await linking.join(connection, self._database.sqlite, account, code, self._clock())
        if isinstance(outcome, WrongUsage):
            raise outcome
        return outcome

    @whole
    async def put(self, place: Place) -> None:
        """Says where a sitting goes on from now; WrongUsage when there is no such sitting.

        Who was let into a place stays in it, also where `place` was read before they came.
        """
        async with self._database.writing() as connection:
            p = s.places.c
            last = await connection.scalar(select(func.max(p.nth)).where(p.channel == place.channel)) or 0
            before = (await connection.execute(select(s.places).where(p.session == place.session))).first()
            if before is not None and before.channel == place.channel and before.shared:
                place = replace(place, shared=True, told=place.told or bool(before.told))
            if before is not None and before.nth == last and _place(before) == place:
                return
            row = {**vars(place), **{name: int(vars(place)[name]) for name in _YES_OR_NO}, "nth": last + 1}
            row |= _counting(before, place.server, stamp(self._clock()))
            try:
                await connection.execute(queries.replacing(s.places, self._database.sqlite), row)
            except IntegrityError as error:
                raise WrongUsage(f"There is no session {place.session}.") from error

    @whole
    async def let_in(self, place: Place) -> None:
        """Somebody was let into a place; nothing where the sitting goes on elsewhere by now."""
        await self._note(place, "shared")

    @whole
    async def told(self, place: Place) -> None:
        """The candidate knows that somebody was let in; nothing where the sitting goes on elsewhere by now."""
        await self._note(place, "told")

    async def _note(self, place: Place, what: str) -> None:
        p = s.places.c
        there = (p.session == place.session, p.channel == place.channel)
        async with self._database.writing() as connection:
            await connection.execute(update(s.places).where(*there).values({what: 1}))

    @whole
    async def untold(self) -> list[Place]:
        """The places that somebody was let into and whose candidates do not know yet."""
        p = s.places.c
        async with self._database.glancing() as connection:
            found = await connection.execute(_places().where(p.shared == 1, p.told == 0).order_by(p.session))
            return [_place(row) for row in found]

    @whole
    async def placed(self, session: str) -> Place | None:
        """Where a sitting goes on; None when it was never on this platform."""
        return await self._one(_places().where(s.places.c.session == session))

    @whole
    async def counting(self, session: str) -> str:
        """The server that a sitting counts for, wherever it goes on: the first that it was put on; else nothing."""
        async with self._database.glancing() as connection:
            found = await connection.scalar(select(s.places.c.counts_for).where(s.places.c.session == session))
        return str(found or "")

    @whole
    async def in_channel(self, channel: str) -> Place | None:
        """The sitting that was put into a channel last."""
        p = s.places.c
        return await self._one(_places().where(p.channel == channel).order_by(p.nth.desc()).limit(1))

    async def _one(self, wanted: Select[Any]) -> Place | None:
        async with self._database.glancing() as connection:
            row = (await connection.execute(wanted)).first()
        return None if row is None else _place(row)

    @whole
    async def settings(self, server: str) -> ServerSettings:
        """What a server chose; the defaults where nobody chose."""
        async with self._database.glancing() as connection:
            return settings_of(await connection.scalar(_settings(server)))

    @whole
    async def choose(self, server: str, settings: ServerSettings) -> None:
        """Keeps what a server chose."""
        async with self._database.writing() as connection:
            before = await connection.scalar(_settings(server))
            await self._change(connection, server, settings=settings_body(settings, before))

    @whole
    async def joined(self, server: str) -> None:
        """The bot is on the server (again). Nothing is written where that is known."""
        c = s.servers.c
        known = select(c.server).where(c.server == server, c.joined_at.is_not(None), c.left_at.is_(None))
        async with self._database.glancing() as connection:
            if await connection.scalar(known) is not None:
                return
        async with self._database.writing() as connection:
            await self._change(connection, server, joined_at=stamp(self._clock()), left_at=None)

    @whole
    async def left(self, server: str) -> None:
        """The bot was removed from the server; what is kept for it goes thirty days after it was first said."""
        c = s.servers.c
        async with self._database.writing() as connection:
            if await connection.scalar(select(c.left_at).where(c.server == server)) is None:
                await self._change(connection, server, left_at=stamp(self._clock()))

    async def _change(self, connection: AsyncConnection, server: str, **changed: str | None) -> None:
        row = {"server": server, "settings": "{}", "joined_at": None, "left_at": None} | changed
        await connection.execute(queries.replacing(s.servers, self._database.sqlite, *changed), row)

    @whole
    async def present(self) -> list[str]:
        """The servers that the bot is on, as far as it was told: one that it was removed from unseen is among them."""
        c = s.servers.c
        here = select(c.server).where(c.joined_at.is_not(None), c.left_at.is_(None))
        async with self._database.glancing() as connection:
            return sorted(await connection.scalars(here))

    @whole
    async def begun_since(self, account: str, server: str, since: datetime) -> int:
        """How many sittings of an account were first put on a server since then; one that moved on still counts."""
        p = s.places.c
        wanted = (p.account == account, p.counts_for == server, p.since >= stamp(since))
        async with self._database.glancing() as connection:
            return await connection.scalar(select(func.count()).select_from(s.places).where(*wanted)) or 0

    @whole
    async def counts(self, server: str, since: datetime) -> Counts:
        """What happened on a server since then."""
        c, e = s.sessions.c, s.events.c
        worked_on = (s.places.c.counts_for == server, c.at >= stamp(since), c.status != "new")
        there = s.places.join(s.sessions, c.id == s.places.c.session)
        sums = (func.count(c.owner.distinct()), *(_sum(c.status == status) for status in ("running", "finished")))
        done = (_sum(e.kind == "Answered"), _sum(e.kind == "Submitted"))
        happened = there.join(s.events, (e.session == c.id) & (e.at >= stamp(since)))
        async with self._database.reading() as connection:
            sittings = (await connection.execute(select(*sums).select_from(there).where(*worked_on))).one()
            events = (await connection.execute(select(*done).select_from(happened).where(*worked_on))).one()
        return Counts(*sittings, *events)

    @whole
    async def show_on_board(self, server: str, account: str, wanted: bool) -> None:
        """An account is on a server's board, or is so no longer."""
        c = s.board.c
        async with self._database.writing() as connection:
            if wanted:
                row = {"server": server, "account": account, "at": stamp(self._clock())}
                await connection.execute(queries.replacing(s.board, self._database.sqlite), row)
            else:
                await connection.execute(delete(s.board).where(c.server == server, c.account == account))

    @whole
    async def on_board(self, server: str) -> list[str]:
        """The accounts that wish to be on a server's board."""
        async with self._database.glancing() as connection:
            return sorted(await connection.scalars(select(s.board.c.account).where(s.board.c.server == server)))

    @whole
    async def sessions_of(self, account: str, server: str, since: datetime) -> list[str]:
        """The sittings of an account that were put on a server and were worked on since then, the last one first."""
        p, c = s.places.c, s.sessions.c
        there = s.places.join(s.sessions, c.id == p.session)
        wanted = (p.account == account, p.counts_for == server, c.at >= stamp(since), c.status != "new")
        found = select(c.id).select_from(there).where(*wanted).order_by(c.at.desc(), c.id)
        async with self._database.glancing() as connection:
            return list(await connection.scalars(found))

    @whole
    async def documents(self, owner: str) -> list[Kept]:
        """An owner's documents, by name."""
        d = s.documents.c
        wanted = select(d.key, d.name, d.path, d.text, d.at).where(d.owner == owner)
        async with self._database.glancing() as connection:
            found = [Kept(**row._mapping) for row in await connection.execute(wanted)]
        return sorted(found, key=lambda document: (document.name, document.key))

    @whole
    async def document_names(self, owner: str) -> list[str]:
        """The names of an owner's documents, in order; no text is read for them."""
        d = s.documents.c
        async with self._database.glancing() as connection:
            return sorted(await connection.scalars(select(d.name).where(d.owner == owner)))

    @whole
    async def document_sizes(self, owner: str) -> list[tuple[str, int]]:
        """The same with the length of each text, in characters, which the database counts."""
        d = s.documents.c
        wanted = select(d.name, queries.length(d.text)).where(d.owner == owner)
        async with self._database.reading() as connection:
            return sorted((name, int(size)) for name, size in await connection.execute(wanted))

    @whole
    async def keep_documents(self, owner: str, documents: Sequence[Kept]) -> None:
        """Keeps documents; one of the same key takes the place of the old one."""
        now = stamp(self._clock())
        rows = [{"owner": owner, **vars(document), "at": document.at or now} for document in documents]
        if rows:
            async with self._database.writing() as connection:
                await connection.execute(queries.replacing(s.documents, self._database.sqlite), rows)

    @whole
    async def remove_document(self, owner: str, key: str) -> bool:
        """Removes a document, down to the bytes, also from the backups under the data folder; False without one."""
        return await forgetting.remove_document(self._database, owner, key)


def _settings(server: str) -> Select[Any]:
    return select(s.servers.c.settings).where(s.servers.c.server == server)


def _places() -> Select[Any]:
    return select(*(s.places.c[name] for name in _PLACE))


def _place(row: Row[Any]) -> Place:
    held = {name: row._mapping[name] for name in _PLACE}
    return Place(**held | {name: bool(held[name]) for name in _YES_OR_NO})


def _counting(before: Row[Any] | None, server: str, now: str) -> dict[str, str]:
    """For which server a sitting counts, and since when: the first one that it was put on."""
    if before is None or (server and not before.counts_for):
        return {"counts_for": server, "since": now}
    return {"counts_for": before.counts_for, "since": before.since}


def _sum(wanted: Any) -> Any:
    return func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)
