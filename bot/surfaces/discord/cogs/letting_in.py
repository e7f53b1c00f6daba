"""Hears that somebody was let into a private thread: by the line that Discord writes there, or by what they say."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.surfaces.discord.desk import ACCOUNT
from bot.surfaces.discord.turns import Turns

#: What people say in a thread, and what Discord says there of somebody who was added.
TYPES = (discord.MessageType.default, discord.MessageType.reply, discord.MessageType.recipient_add)


class LettingIn(commands.Cog):
    """Those who are neither the candidate nor this bot; other bots are among them: who runs them reads along, too."""

    def __init__(self, client: discord.Client, turns: Turns) -> None:
        self._client = client
        self._turns = turns

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        kind = getattr(message.channel, "type", None)  # a thread that is not known yet is of no kind
        if message.guild is None or message.type not in TYPES or kind not in (None, discord.ChannelType.private_thread):
            return
        there = {message.author.id}
        if message.type is discord.MessageType.recipient_add:
            there |= {user.id for user in message.mentions}
        others = there - {self._client.user.id if self._client.user is not None else 0}
        place = await self._turns.desk.groups.in_channel(str(message.channel.id)) if others else None
        if place is not None and {ACCOUNT.format(id=user) for user in others} != {place.account}:
            await self._turns.reading_along.let_in(place, telling=not self._turns.ending)
