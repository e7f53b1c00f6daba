"""Messages as answers: replies that ping, mentions, direct messages; with the Message Content intent, anything that the
candidate says in the thread, once they have stopped typing."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.ext import commands

from bot.errors import VivaError
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.attachments import PICTURES, PROGRAMS, Attachments
from bot.surfaces.discord.custom_ids import read
from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.escaping import blank, coded
from bot.surfaces.discord.gathering import Gathering
from bot.surfaces.discord.modals import Attached
from bot.surfaces.discord.posting import NotSaid
from bot.surfaces.discord.turns import Given, Turns, not_taken

#: How many messages and places are remembered, for what is said about each only once.
MOST_REMEMBERED = 2000
#: What was said while we were away is looked for in interviews that were going on so lately, at this pace (seconds).
AWAY = timedelta(hours=6)
#: What crossed with the last thing that we wrote down was said before it; by as long as marking takes when many wait.
MARGIN = timedelta(seconds=15)
BETWEEN_PLACES = 0.2
MOST_MISSED, MOST_LOOKED_AT = 20, 200
TEXTS = (".md", ".txt")
#: Characters of an answer: far more than anybody says to a question, and what is marked while they wait.
LONGEST_ANSWER = 20_000


class Listening(commands.Cog):
    """Takes messages. Those of bystanders, other bots and other threads are none of ours."""

    def __init__(
        self, client: commands.AutoShardedBot, turns: Turns, attachments: Attachments, gathering: Gathering | None
    ) -> None:
        self._client = client
        self._turns = turns
        self._attachments = attachments
        self._gathering = gathering
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._told: OrderedDict[str, None] = OrderedDict()
        self._gone: datetime | None = None  # since when we may have missed something

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return
        place = await self._turns.desk.groups.in_channel(str(message.channel.id))
        if place is None:
            await self._begin_first(message)
        elif place.account == ACCOUNT.format(id=message.author.id):
            try:
                await self._take(message, place)
            except VivaError as error:
                logging.getLogger(__name__).warning(
                    "a turn was not finished: %s", error, extra={"session": place.session}
                )
                if not isinstance(error, NotSaid):
                    await self._reply(message, not_taken(error))

    async def missed(self) -> Sequence[tuple[Place, datetime]]:
        """The interviews that go on, each with since when something may have been said that we did not hear.

        To be asked before turns that broke off are taken up: that is work on an interview, too.
        """
        gone, self._gone = self._gone, None
        places = await self._turns.desk.open_places(self._turns.desk.now() - AWAY)
        return [(place, (gone or at) - MARGIN) for place, at in places]

    async def catch_up(self, missed: Sequence[tuple[Place, datetime]]) -> None:
        """Takes what was said while we were away; what was heard before counts once all the same."""
        for place, since in missed:
            channel = self._client.get_partial_messageable(int(place.channel))
            try:
                after = max(since, await self._begun(place))
                heard = 0
                async for message in channel.history(after=after, limit=MOST_LOOKED_AT, oldest_first=True):
                    await self.on_message(message)
                    heard += ACCOUNT.format(id=message.author.id) == place.account  # others may have said much
                    if heard == MOST_MISSED:
                        break
            except VivaError as error:
                logging.getLogger(__name__).warning("not caught up with: %s", error, extra={"session": place.session})
            except discord.HTTPException as error:  # the place is gone; it is moved when something is to be said
                logging.getLogger(__name__).info(
                    "nothing to catch up with (code %s)", error.code, extra={"session": place.session}
                )
            await asyncio.sleep(BETWEEN_PLACES)

    async def _begun(self, place: Place) -> datetime:
        """When the sitting was begun: what was said in its channel before that was said to something else."""
        desk = self._turns.desk
        sitting = await desk.sitting(await desk.groups.person(place.account), place.session)
        return datetime.fromisoformat(sitting.begun)

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """What is said from now on may not reach us."""
        self._gone = self._gone or self._turns.desk.now()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Discord has told us what we missed."""
        self._gone = None

    @commands.Cog.listener()
    async def on_raw_typing(self, typing: discord.RawTypingEvent) -> None:
        if self._gathering is not None:
            self._gathering.typing(str(typing.channel_id), typing.user_id)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, edited: discord.RawMessageUpdateEvent) -> None:
        if edited.message.edited_at is None:  # a link in it was looked up, nothing more
            return
        if self._taken.pop(edited.message_id, 0) is None:  # it was taken: said once
            channel = self._client.get_partial_messageable(edited.channel_id)
            await self._say(channel, words.EDITED)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, deleted: discord.RawMessageDeleteEvent) -> None:
        key = f"deleted in {deleted.channel_id}"
        if self._taken.pop(deleted.message_id, 0) is None and key not in self._told:
            _remember(self._told, key)
            await self._say(self._client.get_partial_messageable(deleted.channel_id), words.DELETED)

    async def _take(self, message: discord.Message, place: Place) -> None:
        text = self._text(message)
        given = await self._given(message, place, text)
        if given is None:
            await self._cannot_read(message, place)
            return
        _remember(self._taken, message.id)
        if self._gathering is not None and given.code is None:
            await self._gathering.take(place, given, message.author.id)
        else:
            await self._turns.hear(place, given)
        if self._turns.ending:
            await self._reply(message, words.KEPT_FOR_LATER)

    def _text(self, message: discord.Message) -> str:
        """What was said, without the mention that brought it here."""
        text = message.content
        if self._client.user is not None:
            for mention in (f"<@{self._client.user.id}>", f"<@!{self._client.user.id}>"):
                text = text.replace(mention, "")
        return text.strip()

    async def _given(self, message: discord.Message, place: Place, text: str) -> Given | None:
        """The words and the program of a message; None where there is neither."""
        code, taken = None, ""
        for attachment in message.attachments:
            file, name = Attached(attachment.filename, attachment.size, attachment.url), attachment.filename.lower()
            if name.endswith(PICTURES):
                await self._keep_picture(message, place, file)
            elif name.endswith(TEXTS):
                text = f"{text}\n{await self._attachments.text(file)}".strip()
            elif not name.endswith(PROGRAMS):
                await self._reply(message, words.NOT_LOOKED_AT.format(name=coded(file.name)))
            elif taken:
                await self._reply(message, words.ONE_PROGRAM.format(taken=coded(taken), left=coded(file.name)))
            else:
                (code, notices), taken = await self._attachments.program(file), file.name
                for notice in notices:
                    await self._reply(message, f"-# {notice}")
        if len(text) > LONGEST_ANSWER:
            text = text[:LONGEST_ANSWER]
            await self._reply(message, words.CUT_TEXT.format(most=LONGEST_ANSWER))
        given = Given(f"discord:{message.id}", text, code, seq=_asked_by(message))
        return given if code or not blank(text) else None

    async def _keep_picture(self, message: discord.Message, place: Place, file: Attached) -> None:
        """Keeps a picture and says that nobody looks at it; once, also where the message is found again."""
        data = await self._attachments.picture(file)
        if await self._turns.desk.keep_picture(place.session, str(message.id), file.name, data):
            await self._reply(message, words.NO_PICTURES.format(name=coded(file.name)))

    async def _begin_first(self, message: discord.Message) -> None:
        """Says how to begin to who writes to us where no interview is."""
        direct = message.guild is None
        called = (
            self._client.user is not None and self._client.user.mentioned_in(message) and not message.mention_everyone
        )
        if direct or (called and message.reference is None):
            await self._once(str(message.channel.id), message, words.HOW_TO_BEGIN)

    async def _cannot_read(self, message: discord.Message, place: Place) -> None:
        """Discord shows us the words of a message only where we were called; said once in a thread."""
        if message.attachments:
            return
        if self._client.user is not None and self._client.user.mentioned_in(message):
            await self._reply(message, words.ONLY_A_NAME)
        else:
            await self._once(place.session, message, words.CANNOT_READ)

    async def _once(self, key: str, message: discord.Message, text: str) -> None:
        if key not in self._told:
            _remember(self._told, key)
            await self._reply(message, text)

    async def _reply(self, message: discord.Message, text: str) -> None:
        await self._say(message.channel, text)

    async def _say(self, channel: discord.abc.Messageable, text: str) -> None:
        try:
            await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            logging.getLogger(__name__).info("a notice was not said (code %s)", error.code)


def _asked_by(message: discord.Message) -> int:
    """The event that put the question below which the message was answered; 0 where that cannot be told."""
    answered = message.reference.resolved if message.reference is not None else None
    rows = answered.components if isinstance(answered, discord.Message) else []
    ids = [part.custom_id or "" for row in rows for part in getattr(row, "children", []) if hasattr(part, "custom_id")]
    return next((press.seq for press in map(read, ids) if press is not None and press.seq), 0)


def _remember(known: OrderedDict[Any, None], key: object) -> None:
    known[key] = None
    while len(known) > MOST_REMEMBERED:
        known.popitem(last=False)
