"""What was said while we were away: since when that may be at each place, and finding it. It takes none of it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from bot.ports.groups import Place
from bot.surfaces.discord.desk import ACCOUNT, Desk
from bot.surfaces.discord.posting import tried

#: What was said while we were away is looked for in interviews that were going on so lately.
AWAY = timedelta(hours=6)
#: What crossed with the last thing that we wrote down was said before it; by as long as marking takes when many wait.
MARGIN = timedelta(seconds=15)
#: So long a connection may be silent until it is known to be gone: what is said meanwhile reaches nobody.
SILENT = timedelta(seconds=60)
#: So many messages are looked through at a place, those of all who speak there.
MOST_LOOKED_AT = 1000
#: Of so many sittings it is remembered which gaps were looked at.
MOST_REMEMBERED = 2000
TOO_MANY = "More was said while I was away than I look through: some of it may not be found."
MAY_NOT_READ = (
    "What was said while I was away is not found in this interview: I may not read its channel's history. Grant me the "
    "permission Read Message History there; I say this once for each channel."
)


@dataclass(frozen=True)
class _Gap:
    """We heard nothing from `since` until `until`; where that is None, since each sitting was last worked on."""

    since: datetime | None
    until: datetime


class Missed:
    """The gaps of all shards, and what was said in them."""

    def __init__(self, client: discord.Client, desk: Desk) -> None:
        self._client = client
        self._desk = desk
        self._gone: dict[int | None, datetime] = {}
        self._gaps: list[_Gap] = []
        self._looked_at: OrderedDict[str, int] = OrderedDict()  # how many of the gaps, by session
        self._last: dict[str, datetime] = {}  # when each sitting was last worked on before we began
        self._begun = False
        self._known = asyncio.Event()
        self._silent: set[str] = set()  # channels whose history we may not read, as was said

    def gone(self, shard: int | None) -> None:
        """What is said from now on may not reach us, nor what was said while the connection was only silent."""
        self._gone.setdefault(shard, self._desk.now() - SILENT)

    def resumed(self, shard: int | None) -> None:
        """Discord has told us what we missed."""
        self._gone.pop(shard, None)

    async def back(self, shard: int | None) -> None:
        """We are told of what is said again, and not of what was said meanwhile."""
        self._gaps.append(_Gap(self._gone.pop(shard, None), self._desk.now()))
        if self._begun:
            return
        self._begun = True
        try:  # asked before anything is done: that is work on a sitting, too
            self._last = {place.session: at for place, at in await self._open()}
        finally:
            self._known.set()

    async def places(self) -> Sequence[Place]:
        """Where interviews go on."""
        return [place for place, _ in await self._open()]

    async def at(self, place: Place) -> Sequence[discord.Message]:
        """What a place's candidate said meanwhile, the oldest first. What was found once is not looked for again.

        NotSaid or discord.HTTPException where Discord does not tell: it is looked for the next time, then.
        """
        seen, gaps = len(self._gaps), self._gaps[self._looked_at.get(place.session, 0) :]
        after = await self._since(place, gaps) if gaps else None
        found: list[discord.Message] = []
        if after is not None and self._may_read(place):
            found = await tried(lambda: self._said(place, after))
        self._looked_at[place.session] = seen
        while len(self._looked_at) > MOST_REMEMBERED:
            self._looked_at.popitem(last=False)
        return found

    async def _open(self) -> Sequence[tuple[Place, datetime]]:
        return await self._desk.open_places(self._desk.now() - AWAY)

    async def _since(self, place: Place, gaps: Sequence[_Gap]) -> datetime | None:
        """The beginning of the first of these gaps that is the sitting's: what was said in its channel before it was
        begun was said to something else. None where there is no such gap."""
        await self._known.wait()
        sitting = await self._desk.sitting(await self._desk.groups.person(place.account), place.session)
        begun = datetime.fromisoformat(sitting.begun)
        since = [gap.since or self._last.get(place.session) for gap in gaps if gap.until > begun]
        known = [at for at in since if at is not None]
        return max(min(known) - MARGIN, begun) if known else None

    def _may_read(self, place: Place) -> bool:
        """False where Discord would show us an empty history; that is said to our owner once."""
        server = self._client.get_guild(int(place.server)) if place.server else None
        parent = server.get_channel(int(place.parent)) if server is not None and place.parent else None
        if server is None or parent is None or parent.permissions_for(server.me).read_message_history:
            return True
        if place.parent not in self._silent:
            self._silent.add(place.parent)
            logging.getLogger(__name__).warning(MAY_NOT_READ, extra={"session": place.session})
        return False

    async def _said(self, place: Place, after: datetime) -> list[discord.Message]:
        channel = self._client.get_partial_messageable(int(place.channel))
        found: list[discord.Message] = []
        looked_at = 0
        async for message in channel.history(after=after, limit=MOST_LOOKED_AT, oldest_first=True):
            looked_at += 1
            if ACCOUNT.format(id=message.author.id) == place.account:
                found.append(message)
        if looked_at == MOST_LOOKED_AT:
            logging.getLogger(__name__).warning(TOO_MANY, extra={"session": place.session})
        return found
