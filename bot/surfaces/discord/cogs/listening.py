"""Messages as answers: replies that ping, mentions, direct messages; with the Message Content intent, anything that the
candidate says in the thread. Those that belong together are gathered."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot.errors import VivaError
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.attachments import Attachments, NotFetched
from bot.surfaces.discord.contents import Contents, contents, files_of, pictures
from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.gathering import Gathering
from bot.surfaces.discord.minding import noted
from bot.surfaces.discord.missed import Missed
from bot.surfaces.discord.posting import NotSaid, answered_by
from bot.surfaces.discord.turns import Given, Turns, not_taken

#: How many messages and places are remembered, for what is said about each only once.
MOST_REMEMBERED = 2000
#: Seconds between two places that are looked at for what was said while we were away.
BETWEEN_PLACES = 0.2


class Listening(commands.Cog):
    """Takes messages. Those of bystanders, other bots and other threads are none of ours."""

    def __init__(
        self, client: commands.AutoShardedBot, turns: Turns, attachments: Attachments, gathering: Gathering
    ) -> None:
        self._client = client
        self._turns = turns
        self._attachments = attachments
        self._gathering = gathering
        self._missed = Missed(client, turns.desk)
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._told: OrderedDict[str, None] = OrderedDict()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return
        async with self._gathering.coming(str(message.channel.id), message.author.id):
            try:
                place = await self._turns.desk.groups.in_channel(str(message.channel.id))
            except VivaError as error:
                await self._not_known(message, error)
                return
            if place is None:
                await self._begin_first(message)
            elif place.account == ACCOUNT.format(id=message.author.id):
                await self._catch_up_at(place)
                await self._take_in(message, place)
        if place is not None and place.account == ACCOUNT.format(id=message.author.id):
            await self._keep_pictures(message, place)

    async def places(self) -> Sequence[Place]:
        """Where interviews go on."""
        return await self._missed.places()

    async def catch_up(self, places: Sequence[Place]) -> None:
        """Takes what was said while we were away; what was heard before counts once all the same."""
        for place in places:
            try:
                await self._caught_up(place)
            except Exception as error:  # whatever it is, it is this one's alone
                noted(error, "finding what was said while we were away", place.session)
            await asyncio.sleep(BETWEEN_PLACES)

    async def go_on(self, session: str) -> bool:
        """Takes up a turn that broke off, with what was said since: that may be the rest of the same answer."""
        place = await self._turns.desk.groups.placed(session)
        if place is not None:
            await self._caught_up(place)
            if self._gathering.waits_at(place):
                return True
        return await self._turns.go_on(session)

    async def _caught_up(self, place: Place) -> None:
        here = await self._turns.desk.groups.in_channel(place.channel)
        if here is not None and here.session == place.session:  # else what is said there now is for another one
            async with self._gathering.coming(place.channel, int(place.account.partition(":")[2])):
                await self._catch_up_at(place)

    async def _catch_up_at(self, place: Place) -> None:
        """Before anything else is taken in there: what was said first counts first."""
        about = {"session": place.session}
        try:
            found = await self._missed.at(place)
        except VivaError as error:
            logging.getLogger(__name__).warning("not caught up with: %s", error, extra=about)
            return
        except discord.HTTPException as error:  # the place is gone; it is moved when something is to be said
            logging.getLogger(__name__).info("nothing to catch up with (code %s)", error.code, extra=about)
            return
        for message in found:
            if message.type in (discord.MessageType.default, discord.MessageType.reply):
                await self._take_in(message, place)
                await self._keep_pictures(message, place)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard: int) -> None:
        self._missed.gone(shard)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard: int) -> None:
        self._missed.resumed(shard)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard: int) -> None:
        await self._missed.back(shard)

    @commands.Cog.listener()
    async def on_raw_typing(self, typing: discord.RawTypingEvent) -> None:
        self._gathering.typing(str(typing.channel_id), typing.user_id)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, edited: discord.RawMessageUpdateEvent) -> None:
        message = edited.message
        if message.edited_at is None:  # a link in it was looked up, nothing more
            return
        async with self._gathering.coming(str(edited.channel_id), message.author.id):
            if message.id not in self._taken:
                return
            changed = await self._changed(message)
        if changed:
            await self._once(f"{message.id} was changed", message.channel, words.EDITED_IN_TIME)
        elif self._taken.pop(message.id, 0) is None:  # said once
            await self._reply(message, words.EDITED)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, deleted: discord.RawMessageDeleteEvent) -> None:
        if self._taken.pop(deleted.message_id, 0) is None:
            channel = self._client.get_partial_messageable(deleted.channel_id)
            await self._once(f"deleted in {deleted.channel_id}", channel, words.DELETED)

    async def _changed(self, message: discord.Message) -> bool:
        """Has a message count as it stands now; False where it was read before."""
        place = await self._turns.desk.groups.in_channel(str(message.channel.id))
        if place is None or place.account != ACCOUNT.format(id=message.author.id):
            return False
        held = await contents(self._attachments, files_of(message), self._text(message))
        try:
            return not held.empty and await self._change(message, place, held)
        except VivaError as error:
            logging.getLogger(__name__).warning("not changed: %s", error, extra={"session": place.session})
            return False

    async def _change(self, message: discord.Message, place: Place, held: Contents) -> bool:
        given = _given(message, place, held)
        at = int(message.edited_at.timestamp() * 1000) if message.edited_at is not None else 0
        return await self._gathering.change(place, given, message.author.id, f"{given.cause}:{at}")

    async def _take_in(self, message: discord.Message, place: Place) -> None:
        """Takes the words and the program of a message, or says why not."""
        try:
            await self._take(message, place)
        except NotFetched as error:
            await self._reply(message, words.NOT_TAKEN.format(why=error))
        except VivaError as error:
            logging.getLogger(__name__).warning("a turn was not finished: %s", error, extra={"session": place.session})
            if not isinstance(error, NotSaid):
                await self._reply(message, not_taken(error))

    async def _take(self, message: discord.Message, place: Place) -> None:
        held = await contents(self._attachments, files_of(message), self._text(message))
        if held.empty and held.wrong is not None:
            raise held.wrong
        if held.empty and not message.attachments:
            await self._cannot_read(message, place)
        elif held.empty or await self._keep(message, place, held):
            await self._say_of_files(message, held.notices)

    async def _keep(self, message: discord.Message, place: Place, held: Contents) -> bool:
        """Writes down what a message says; False where it was before, and says the same."""
        whole = held.code is not None
        if whole:
            await self._turns.may_run(place)
        new = await self._gathering.take(place, _given(message, place, held), message.author.id, whole)
        if not new and message.edited_at is not None:
            await self._change(message, place, held)
        _remember(self._taken, message.id)
        if new and self._turns.ending:
            await self._reply(message, words.KEPT_FOR_LATER)
        return new

    async def _keep_pictures(self, message: discord.Message, place: Place) -> None:
        """Keeps what nobody looks at, and says so; after the words, which wait for no file."""
        if message.attachments:
            kept = await pictures(self._attachments, self._turns.desk, place.session, message)
            await self._say_of_files(message, kept)

    async def _say_of_files(self, message: discord.Message, notices: Sequence[str]) -> None:
        if notices:
            small = "\n".join(f"-# {notice.removeprefix('-# ')}" for notice in notices)
            await self._reply(message, small)

    def _text(self, message: discord.Message) -> str:
        """What was said, without the mention that brought it here."""
        text = message.content
        if self._client.user is not None:
            for mention in (f"<@{self._client.user.id}>", f"<@!{self._client.user.id}>"):
                text = text.replace(mention, "")
        return text.strip()

    async def _begin_first(self, message: discord.Message) -> None:
        """Says how to begin to who writes to us where no interview is."""
        if message.guild is None or (self._called(message) and message.reference is None):
            await self._once(str(message.channel.id), message.channel, words.HOW_TO_BEGIN)

    async def _not_known(self, message: discord.Message, error: VivaError) -> None:
        """Says that words were not kept of which it cannot be known whose they are, where they were meant for us."""
        told = not_taken(error)  # and logged
        if message.guild is None or self._called(message):
            await self._reply(message, told)

    def _called(self, message: discord.Message) -> bool:
        user = self._client.user
        return user is not None and user.mentioned_in(message) and not message.mention_everyone

    async def _cannot_read(self, message: discord.Message, place: Place) -> None:
        """Discord shows us the words of a message only where we were called; said once in a thread."""
        if self._client.user is not None and self._client.user.mentioned_in(message):
            await self._reply(message, words.ONLY_A_NAME)
        else:
            await self._once(place.session, message.channel, words.CANNOT_READ)

    async def _once(self, key: str, channel: discord.abc.Messageable, text: str) -> None:
        if key not in self._told:
            _remember(self._told, key)
            await self._say(channel, text)

    async def _reply(self, message: discord.Message, text: str) -> None:
        await self._say(message.channel, text)

    async def _say(self, channel: discord.abc.Messageable, text: str) -> None:
        try:
            await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            why = getattr(error, "code", type(error).__name__)
            logging.getLogger(__name__).info("a notice was not said (code %s)", why)


def _given(message: discord.Message, place: Place, held: Contents) -> Given:
    return Given(f"discord:{message.id}", held.text, held.code, seq=_asked_by(message, place.session))


def _asked_by(message: discord.Message, session: str) -> int:
    """The event that put the question below which the message was answered; 0 where that cannot be told, and where
    another sitting put it."""
    answered = message.reference.resolved if message.reference is not None else None
    asked = answered_by(answered) if isinstance(answered, discord.Message) else []
    return next((seq for of, seq, _ in asked if of == session), 0)


def _remember(known: OrderedDict[Any, None], key: object) -> None:
    known[key] = None
    while len(known) > MOST_REMEMBERED:
        known.popitem(last=False)
