"""Who else reads along in a private thread: its candidate is told, and what is personal is no longer said openly there.

Discord tells a bot without privileged intents only of some who come in (a line says that somebody was added), and of
nobody while it is away. So before anything personal is said the thread is looked at; what is not known is not said.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.errors import VivaError
from bot.ports.groups import Groups, Place
from bot.surfaces.discord import words
from bot.surfaces.discord.custom_ids import Press
from bot.surfaces.discord.layout import Label
from bot.surfaces.discord.minding import beside, stopped
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.posting import AGAIN_AFTER, NotSaid, Posts

#: Seconds between two places that are looked at after we were away.
BETWEEN_PLACES = 0.2


class ReadingAlong:
    """Finds out who was let in, keeps it with the place, and tells the candidate, once and for all."""

    def __init__(self, posts: Posts, groups: Groups, waits: Sequence[float] = AGAIN_AFTER) -> None:
        self._posts = posts
        self._groups = groups
        self._waits = waits
        self._later: dict[str, asyncio.Task[None]] = {}

    async def why_hidden(self, place: Place) -> str:
        """Why what is personal is not said openly at a place, in words; empty where it may be."""
        if not place.server:
            return ""
        if not place.read_along:
            others = await self._posts.others_in(place)
            if others is None:
                return words.WHO_READS
            if not others:
                return ""
            await self.let_in(place)
        elif place.shared and not place.told:
            await self.tell(place.session)
        return words.MARKS_ARE_YOURS

    async def let_in(self, place: Place, telling: bool = True) -> None:
        """Somebody was let into a place. That is kept first: told it is by whoever goes on, should we end here."""
        if place.shared or place.watched or not place.server:
            return
        logging.getLogger(__name__).info("somebody was let into the thread", extra={"session": place.session})
        await self._groups.let_in(place)
        if telling:
            await self.tell(place.session)

    async def tell(self, session: str) -> bool:
        """Tells a candidate that somebody was let in, unless they know; False where Discord did not take it yet."""
        place = await self._groups.placed(session)
        if place is None or not place.shared or place.told:
            return True
        button = Label(words.MOVE_TO_DM, Press("direct", session))
        try:  # by the thread's id Discord knows it again, should it be said twice
            await self._posts.say_there(place, Page((words.LET_IN,)), [button], f"in.{place.channel}")
        except NotSaid as error:
            logging.getLogger(__name__).warning("not told yet who reads along: %s", error, extra={"session": session})
            if session not in self._later:
                self._later[session] = beside(self._until_told(session), "telling who reads along", session)
            return False
        await self._groups.told(place)
        return True

    async def _until_told(self, session: str) -> None:
        try:
            for wait in self._waits:
                await asyncio.sleep(wait)
                if await self.tell(session):
                    return
        finally:
            del self._later[session]

    async def tell_all(self) -> None:
        """Tells all who were still to be told when the process before this one ended."""
        await self._each(await self._groups.untold(), lambda place: self.tell(place.session))

    async def look(self, places: Sequence[Place]) -> None:
        """Looks who was let in while we were away; where Discord does not say, it is looked at before marks are."""
        await self._each(places, self.looked_at)

    async def _each(self, places: Sequence[Place], work: Callable[[Place], Awaitable[object]]) -> None:
        """Does it at each of them, at a pace; what goes wrong with one is logged, and the others go on."""
        for place in places:
            try:
                await work(place)
            except VivaError as error:
                logging.getLogger(__name__).warning("not looked at: %s", error, extra={"session": place.session})
            await asyncio.sleep(BETWEEN_PLACES)

    async def looked_at(self, place: Place) -> None:
        """Looks at a place, and tells its candidate of what is found."""
        if place.server and not place.read_along and await self._posts.others_in(place):
            await self.let_in(place)

    async def close(self) -> None:
        """Tells nobody any more; the next process does."""
        await stopped(*self._later.values())
