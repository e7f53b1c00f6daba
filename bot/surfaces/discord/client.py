"""The bot: connects, registers commands and buttons, and ends in good order. What it hears goes to the cogs."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.attachments import Attachments
from bot.surfaces.discord.broken_off import BrokenOff
from bot.surfaces.discord.cogs.interviewing import Interviewing
from bot.surfaces.discord.cogs.letting_in import LettingIn
from bot.surfaces.discord.cogs.listening import Listening
from bot.surfaces.discord.cogs.managing import Managing
from bot.surfaces.discord.cogs.records import Records
from bot.surfaces.discord.commanding import Commanding
from bot.surfaces.discord.custom_ids import PATTERN, Press, read
from bot.surfaces.discord.desk import Desk
from bot.surfaces.discord.gathering import TALKING, Gathering, Waits
from bot.surfaces.discord.internals import use_gateway_of_api
from bot.surfaces.discord.judging_late import JudgingLate
from bot.surfaces.discord.metrics import Metrics
from bot.surfaces.discord.minding import beside, noted, stopped
from bot.surfaces.discord.modals import submitted
from bot.surfaces.discord.opening import Opening
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.pending import Pending
from bot.surfaces.discord.posting import Posts
from bot.surfaces.discord.presses import Presses
from bot.surfaces.discord.sittings import Sittings
from bot.surfaces.discord.turns import Turns

Interaction = discord.Interaction[Any]
INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
A_DAY = 24 * 3600.0
NOT_REGISTERED = (
    "Discord did not take the commands (HTTP %s, code %s): those that were registered before go on to hold. That is a "
    "fault of this release, or the application may register no more today; start again tomorrow: viva serve."
)
#: So many interactions are remembered, to know again those that come twice.
MOST_REMEMBERED = 5000
CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)


@dataclass(frozen=True)
class Options:
    """How the bot is run: whether it asks for message content, the file that says which commands are registered,
    whether the API is `elsewhere` than at Discord, what counts, and after how many seconds of silence a turn begins."""

    message_content: bool
    registered: Path
    elsewhere: bool
    metrics: Metrics
    silence: float | None = None

    def waits(self) -> Waits:
        """How long more is waited for after a message."""
        if self.silence is not None:
            return Waits(self.silence, self.silence)
        return Waits(threads=TALKING) if self.message_content else Waits()


def intents(message_content: bool) -> discord.Intents:
    """What is asked of Discord: servers, messages, and that somebody types; nothing privileged unless the owner wants
    it."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.guild_typing = wanted.dm_typing = True
    wanted.message_content = message_content
    return wanted


class Tree(app_commands.CommandTree["VivaBot"]):
    """The commands; nothing new is begun while the bot is being ended."""

    async def interaction_check(self, interaction: discord.Interaction[VivaBot], /) -> bool:
        if interaction.client.came_before(interaction):
            return False
        if not interaction.client.ending or interaction.type is discord.InteractionType.autocomplete:
            return not interaction.client.ending
        await interaction.client.refuse(interaction)
        return False

    async def on_error(self, interaction: discord.Interaction[VivaBot], error: app_commands.AppCommandError, /) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return
        logging.getLogger(__name__).error("a command failed", exc_info=error)
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.say(Page((words.WENT_WRONG,)))


class VivaBot(commands.AutoShardedBot):
    """Viva in Discord."""

    def __init__(self, desk: Desk, options: Options) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=intents(options.message_content),
            allowed_installs=INSTALLS,
            allowed_contexts=CONTEXTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            http_trace=options.metrics.trace(),
        )
        self.desk = desk
        self.options = options
        self.sittings = Sittings()
        self.pending = Pending()
        self.turns = Turns(desk, Posts(self, desk.groups, options.metrics), self.sittings)
        options.metrics.watch(self)
        attachments = Attachments(self, desk)
        commanding = Commanding(self.turns, attachments)
        self._opening = Opening(self, self.turns, attachments)
        self._presses = Presses(self.turns, attachments)
        self._records = Records(desk, commanding)
        self._gathering = Gathering(self.turns, options.waits())
        self._listening = Listening(self, self.turns, attachments, self._gathering)
        self._rooms: list[commands.Cog] = [
            Interviewing(desk, self._opening, commanding),
            self._records,
            Managing(desk, attachments),
            self._listening,
            LettingIn(self, self.turns),
        ]
        self._broken_off = BrokenOff(desk.broken_off, self._listening.go_on)
        self._judging: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._taking_up: asyncio.Task[None] | None = None
        self._came_back = False
        self._came: OrderedDict[int, None] = OrderedDict()
        self._daily: asyncio.Task[None] | None = None

    @property
    def ending(self) -> bool:
        """True from when the bot is told to end: words are still written down, and nothing else is begun."""
        return self.turns.ending

    async def setup_hook(self) -> None:
        if self.options.elsewhere:
            await use_gateway_of_api(self)
        for cog in self._rooms:
            await self.add_cog(cog)
        self.add_dynamic_items(PressButton)
        self._daily = beside(self._expire(), "deleting what is too old")
        await self._register()

    async def _register(self) -> None:
        """Registers the commands where they are not those that were registered last."""
        described = json.dumps([command.to_dict(self.tree) for command in self.tree.get_commands()], sort_keys=True)
        mark = hashlib.sha256(f"{self.application_id} {described}".encode()).hexdigest()
        file = self.options.registered
        if file.exists() and file.read_text(encoding="utf-8") == mark:
            return
        try:
            await self.tree.sync()
        except discord.DiscordServerError:  # it passes
            raise
        except discord.HTTPException as error:
            logging.getLogger(__name__).error(NOT_REGISTERED, error.status, error.code)
            return
        file.write_text(mark, encoding="utf-8")

    async def on_ready(self) -> None:
        """Takes up, beside what comes in, the turns that broke off and what was said while we were away."""
        self._came_back = True
        if self._taking_up is None or self._taking_up.done():
            self._taking_up = beside(self._take_up(), "taking up what went on")

    async def _take_up(self) -> None:
        """Once more where the connection broke again meanwhile."""
        while self._came_back:
            self._came_back = False
            places = await self._listening.places()
            if self._looking is None:
                self._looking = beside(self._broken_off.look(), "looking for turns that broke off")
            await self._broken_off.looked()
            await self._count_servers()
            await self.turns.reading_along.tell_all()
            await self._listening.catch_up(places)
            await self.turns.reading_along.look(places)
            if self._judging is None:
                self._judging = beside(JudgingLate(self.desk.unjudged, self.turns.judge_late).look(), "judging late")

    async def _expire(self) -> None:
        """Deletes what has become too old, once a day; when the house was opened, that was done already."""
        while True:
            await asyncio.sleep(A_DAY)
            try:
                await self.desk.expire()
            except Exception as error:  # tomorrow is another day
                noted(error, "deleting what is too old")

    async def _count_servers(self) -> None:
        """Notes the servers that we were brought to, or removed from, while we were away."""
        here, known = {str(guild.id) for guild in self.guilds}, set(await self.desk.groups.present())
        for server in here - known:
            await self.desk.groups.joined(server)
        for server in known - here:
            await self.desk.groups.left(server)

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: there are no commands with a prefix. `Listening` hears messages."""

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.desk.groups.joined(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.desk.groups.left(str(guild.id))

    async def on_interaction(self, interaction: Interaction) -> None:
        """Modals, whichever process opened them: what was written into one is never lost to a restart, nor while
        one is being ended. Buttons come by `pressed`; of those that no release knows any more nobody else hears."""
        self.options.metrics.came(interaction)
        data: Any = interaction.data or {}
        press = read(str(data.get("custom_id", "")))
        modal = interaction.type is discord.InteractionType.modal_submit
        if press is None and (modal or interaction.type is discord.InteractionType.component):
            await self.say_alone(interaction, words.TOO_OLD)
        elif press is not None and modal and not self.came_before(interaction):
            await self._presses.submitted(interaction, submitted(press, data))

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Does what a button says."""
        if self.came_before(interaction):
            return
        if self.ending:
            await self.refuse(interaction)
            return
        for room in (self._presses, self._opening, self._records):
            if await room.pressed(interaction, press):
                return
        await self.say_alone(interaction, words.TOO_OLD)

    def came_before(self, interaction: Interaction) -> bool:
        """True for an interaction that Discord delivers once more: it was answered, or is being so."""
        if interaction.id in self._came:
            return True
        self._came[interaction.id] = None
        while len(self._came) > MOST_REMEMBERED:
            self._came.popitem(last=False)
        return False

    async def refuse(self, interaction: Interaction) -> None:
        """Says that the bot is being restarted."""
        await self.say_alone(interaction, words.RESTARTING)

    async def say_alone(self, interaction: Interaction, text: str) -> None:
        """Answers with a sentence for the person alone."""
        async with Acknowledgement(interaction, ephemeral=True) as answer:
            await answer.say(Page((text,)))

    async def end(self, seconds: float) -> None:
        """Finishes what was acknowledged, as far as the time allows, and leaves Discord."""
        self.turns.ending = True
        self._gathering.leave()
        await self._rest()
        await self.sittings.settle(seconds)
        await self.close()

    async def close(self) -> None:
        """Leaves Discord, and leaves nothing of ours at work."""
        self.turns.ending = True
        await self._rest()
        await super().close()

    async def _rest(self) -> None:
        """Ends what is done beside what comes in."""
        await stopped(self._daily, self._taking_up, self._looking, self._judging)
        await self.turns.close()


class PressButton(ui.DynamicItem[ui.Button[Any]], template=PATTERN):
    """Any button of ours, on whatever message, from whatever release: its id says what it does."""

    def __init__(self, press: Press) -> None:
        super().__init__(ui.Button(custom_id=press.custom_id, label="…"))
        self._press = press

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Any, match: re.Match[str], /) -> PressButton:
        return cls(Press(match["act"], match["session"], int(match["seq"]), int(match["probes"])))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.pressed(interaction, self._press)
