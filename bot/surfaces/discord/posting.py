"""Messages sent to where a sitting goes on; where that is gone, it goes on in direct messages. It words no reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import aiohttp
import discord

from bot.errors import VivaError
from bot.ports.groups import Groups, Place
from bot.surfaces.discord import words
from bot.surfaces.discord.custom_ids import read
from bot.surfaces.discord.internals import bring_into_thread
from bot.surfaces.discord.layout import Label, layout
from bot.surfaces.discord.metrics import Metrics
from bot.surfaces.discord.pages import Handed, Page, Picture

#: Waits (seconds) before a message that Discord could not take is tried again. The library itself tries 500, 502 and
#: 504 again, not 503, nor a connection that was cut.
WAITS = (0.5, 2.0, 5.0)
#: Seconds after which what Discord did not take even so is said again, without anybody's doing.
AGAIN_AFTER = (10.0, 30.0, 120.0, 600.0, 1800.0)
#: Seconds that a look at a thread may take: somebody waits for what is to be said there.
LOOKING = 3.0
#: So many messages are looked through for the one that stands open.
LOOKED_AT = 50
#: Discord's codes for a place that is not to be had any more: unknown channel, no access, missing permissions,
#: a thread that is locked or archived for good, too many threads, cannot talk to this person.
GONE = frozenset({10003, 50001, 50013, 50083, 160005, 50007, 10008})
Result = TypeVar("Result")


#: Its code for a permission that is missing: to write here, or to attach a picture.
MAY_NOT = 50013
#: Its code for a channel that is no more.
NO_CHANNEL = 10003


class NotSaid(VivaError):
    """Discord took no message; what was to be said is said when it can be."""


class Unreachable(NotSaid):
    """There is no place left to speak with the person in; the interview is kept until they come back to it."""


class Posts:
    """Sends a sitting's messages."""

    def __init__(self, client: discord.Client, groups: Groups, metrics: Metrics) -> None:
        self._client = client
        self._groups = groups
        self.metrics = metrics

    @property
    def reads_all(self) -> bool:
        """Whether Discord shows us whatever is said where we are, and not only what calls us."""
        return self._client.intents.message_content

    async def now(self, place: Place) -> Place:
        """Where the sitting goes on by now: its person may have moved it while a turn was being worked on."""
        return await self._groups.placed(place.session) or place

    async def send(
        self, place: Place, page: Page, buttons: Sequence[Label] = (), nonce: str = "", ping: bool = False
    ) -> tuple[Place, discord.Message]:
        """The message, and where it was said: elsewhere if the place is gone. NotSaid where it could not be said."""
        try:
            there, message = await self._anywhere(place, page, buttons, nonce, ping)
        except NotSaid:
            self.metrics.sent("failed")
            raise
        self.metrics.sent("sent" if there == place else "moved")
        return there, message

    async def _anywhere(
        self, place: Place, page: Page, buttons: Sequence[Label], nonce: str, ping: bool
    ) -> tuple[Place, discord.Message]:
        try:
            return place, await self._send(place, page, buttons, nonce, ping)
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise NotSaid(words.TAKES_NONE.format(status=error.status)) from error
        if not place.server:
            raise Unreachable(words.NO_DM_ANY_MORE)
        moved = await self.direct(place)
        first = Page((words.MOVED, *page.blocks))
        try:
            message = await self._send(moved, first, buttons, nonce, ping)
        except discord.HTTPException as error:
            raise Unreachable(words.NO_PLACE_LEFT) from error
        await self._groups.put(moved)
        return moved, message

    async def say_there(self, place: Place, page: Page, buttons: Sequence[Label], nonce: str) -> None:
        """The message at this place and nowhere else; NotSaid where it could not be said there."""
        try:
            await self._send(place, page, buttons, nonce, ping=False)
        except NotSaid:
            self.metrics.sent("failed")
            raise
        except discord.HTTPException as error:
            self.metrics.sent("failed")
            raise NotSaid(words.TAKES_NONE.format(status=error.status)) from error
        self.metrics.sent("sent")

    async def others_in(self, place: Place) -> bool | None:
        """Whether anybody but the candidate and us is in a private thread; None where Discord does not say.

        Who they are Discord tells only bots with a privileged intent; how many it tells all, and whether one is there.
        """
        try:
            async with asyncio.timeout(LOOKING):
                thread = await self._client.fetch_channel(int(place.channel))
                if not isinstance(thread, discord.Thread):
                    return None
                others = thread.member_count - (thread.me is not None)
                return others > 1 or (others == 1 and not await _is_in(thread, place))
        except discord.HTTPException as error:
            return False if error.code == NO_CHANNEL else None  # nobody reads there: it goes on in direct messages
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError):
            return None

    async def link(self, place: Place, seq: int, probes: int) -> str:
        """The address of the latest message whose buttons answer a question; empty where Discord does not show it."""
        channel = self._client.get_partial_messageable(int(place.channel))
        try:
            async with asyncio.timeout(LOOKING):
                async for message in channel.history(limit=LOOKED_AT):
                    if (place.session, seq, probes) in answered_by(message):
                        return f"https://discord.com/channels/{place.server or '@me'}/{place.channel}/{message.id}"
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
            return ""
        return ""

    async def direct(self, place: Place) -> Place:
        """The sitting as it would go on in direct messages; Unreachable where the person takes none."""
        user = discord.Object(int(place.account.partition(":")[2]))
        try:
            channel = await tried(lambda: self._client.create_dm(user))
        except discord.HTTPException as error:
            raise Unreachable(words.NO_PLACE_LEFT) from error
        return Place(place.session, place.account, str(channel.id))

    async def reaches(self, place: Place) -> bool:
        """True while the place is there, takes messages, and can be seen by its person; who went is brought back."""
        user = int(place.account.partition(":")[2])
        try:
            channel = await tried(lambda: self._client.fetch_channel(int(place.channel)))
            if not isinstance(channel, discord.Thread):
                return True
            if channel.locked:
                return False
            if channel.archived:
                await channel.edit(archived=False)
            await bring_into_thread(self._client, channel.id, user)
        except discord.HTTPException:
            return False
        return True

    async def _send(
        self, place: Place, page: Page, buttons: Sequence[Label], nonce: str, ping: bool
    ) -> discord.Message:
        user = discord.Object(int(place.account.partition(":")[2]))
        mentions = discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[user] if ping else False
        )
        channel = self._client.get_partial_messageable(int(place.channel))

        async def once(shown: Page) -> discord.Message:
            view, files = layout(shown, buttons)
            return await channel.send(view=view, files=files, nonce=nonce or None, allowed_mentions=mentions)  # type: ignore[arg-type]

        try:
            return await tried(lambda: once(page))
        except discord.HTTPException as error:
            bare = _without_pictures(page)
            if error.code != MAY_NOT or bare is page:
                raise
        return await tried(lambda: once(bare))  # what a picture shows stands beside it in words


async def _is_in(thread: discord.Thread, place: Place) -> bool:
    """Whether the candidate is in a thread."""
    try:
        await thread.fetch_member(int(place.account.partition(":")[2]))
    except discord.NotFound:
        return False
    return True


def answered_by(message: discord.Message) -> list[tuple[str, int, int]]:
    """The questions that a message of ours has buttons to answer: session, event, follow-ups."""
    ids = [getattr(part, "custom_id", "") or "" for row in message.components for part in getattr(row, "children", ())]
    presses = [press for press in map(read, ids) if press is not None and press.act in ("answer", "code")]
    return [(press.session, press.seq, press.probes) for press in presses]


def _without_pictures(page: Page) -> Page:
    """The page with a line in place of pictures that may not be attached; the same page where there are none."""
    kept = tuple(block for block in page.blocks if not isinstance(block, Picture | Handed))
    return page if len(kept) == len(page.blocks) else Page((*kept, words.NO_ATTACHING))


async def tried(work: Callable[[], Awaitable[Result]]) -> Result:
    """Does some work, again where Discord could not do it for a moment; NotSaid where it cannot be reached."""
    for wait in (*WAITS, None):
        try:
            return await work()
        except discord.DiscordServerError as error:
            if wait is None:
                raise NotSaid(words.TAKES_NONE.format(status=error.status)) from error
        except (aiohttp.ClientError, OSError) as error:
            if wait is None:
                raise NotSaid(words.CUT_OFF) from error
        logging.getLogger(__name__).info("a message is sent again in %.1f s", wait)
        await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")
