"""A discord.py bot that does each thing once: the loopback is tried with it, by the library that Viva is written in."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import signal
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


class Form(ui.Modal, title="A form"):
    words: Any = ui.TextDisplay("Read this first.")
    answer: Any = ui.Label(text="Answer", description="In your words", component=ui.TextInput(max_length=4000))
    more: Any = ui.Label(
        text="More", component=ui.TextInput(style=discord.TextStyle.long, required=False, default="as before")
    )
    file: Any = ui.Label(text="A file", component=ui.FileUpload(required=False, max_values=2))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        names = [f"{one.filename}={(await one.read()).decode()}" for one in self.file.component.values]
        said = f"{self.answer.component.value} / {self.more.component.value} / {', '.join(names)}"
        await interaction.response.send_message(said, ephemeral=True)


class Counted(ui.DynamicItem[ui.Button[ui.View]], template=r"count:(?P<n>\d+)"):
    """A button that carries what it is about, and so survives a restart."""

    def __init__(self, n: int) -> None:
        super().__init__(ui.Button(label="Count", custom_id=f"count:{n}"))
        self.n = n

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction, __: Any, match: re.Match[str]) -> Counted:
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> Any:
        view = ui.View(timeout=None)
        view.add_item(Counted(self.n + 1))
        await interaction.response.edit_message(content=f"counted {self.n + 1}", view=view)


class Card(ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        box = ui.Container[Card]()
        box.add_item(ui.TextDisplay("# A card"))
        box.add_item(ui.Separator())
        box.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://dot.png", description="a dot")))
        row = ui.ActionRow[Card]()
        row.add_item(ui.Button(label="Open form", custom_id="form"))
        row.add_item(ui.Button(label="Off", custom_id="off", disabled=True))
        self.add_item(box)
        self.add_item(row)


class Trial(discord.AutoShardedClient):
    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_typing=True, dm_typing=True)
        intents.message_content = bool(os.environ.get("TRIAL_CONTENT"))
        intents.members = bool(os.environ.get("TRIAL_MEMBERS"))
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self.seen: list[str] = []

    async def setup_hook(self) -> None:
        base = os.environ["DISCORD_API_BASE"]
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.partition("/api/")[0].replace("http", "ws", 1))
        self.add_dynamic_items(Counted)
        commands(self)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.seen.append(f"message:{message.content}")
        if message.content.endswith("echo"):
            await message.reply(f"you said {message.content}", mention_author=True)

    async def on_raw_typing(self, event: discord.RawTypingEvent) -> None:
        self.seen.append("typing")

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.seen.append(f"edit:{event.message.content}")

    async def on_raw_thread_delete(self, _: Any) -> None:
        self.seen.append("thread deleted")

    async def on_guild_channel_delete(self, channel: Any) -> None:
        self.seen.append(f"channel deleted:{channel.name}")

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        self.seen.append(f"left:{event.user.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.seen.append(f"removed:{guild.name}")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is not discord.InteractionType.component:
            return
        data: Any = interaction.data
        if data["custom_id"] == "form":
            await interaction.response.send_modal(Form())


def commands(bot: Trial) -> None:
    """Registers them all."""
    plain(bot, bot.tree)
    broken(bot, bot.tree)
    sending(bot.tree)
    threads(bot.tree)
    repeating(bot, bot.tree)
    options(bot.tree)
    managing(bot.tree)


Tree = app_commands.CommandTree[Any]


def plain(bot: Trial, tree: Tree) -> None:
    @tree.command(name="seen", description="What the bot was told")
    async def seen(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("; ".join(bot.seen) or "nothing", ephemeral=True)
        bot.seen.clear()

    @tree.command(name="later", description="Defers, then answers")
    async def later(interaction: discord.Interaction, seconds: float = 0.1) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(seconds)
        await interaction.edit_original_response(content="later")
        await interaction.followup.send("and more", ephemeral=True)

    @tree.command(name="count", description="A button that counts")
    async def count(interaction: discord.Interaction) -> None:
        view = ui.View(timeout=None)
        view.add_item(Counted(0))
        await interaction.response.send_message("counted 0", view=view)


def broken(bot: Trial, tree: Tree) -> None:
    @tree.command(name="never", description="Does not answer")
    async def never(interaction: discord.Interaction) -> None:
        await asyncio.sleep(3.5)
        try:
            await interaction.response.send_message("too late")
        except discord.NotFound as no:
            bot.seen.append(f"too late:{no.code}")

    @tree.command(name="twice", description="Answers twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("once", ephemeral=True)
        interaction.response._response_type = None
        try:
            await interaction.response.send_message("again", ephemeral=True)
        except discord.HTTPException as no:
            bot.seen.append(f"twice:{no.code}")

    @tree.command(name="long", description="Breaks a limit")
    async def long(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_message("x" * 2001)
        except discord.HTTPException as no:
            await interaction.response.send_message(f"{no.code}: {no.text}", ephemeral=True)


def sending(tree: Tree) -> None:
    @tree.command(name="card", description="Sends a card")
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        assert isinstance(interaction.channel, discord.abc.Messageable)
        await interaction.channel.send(view=Card(), file=discord.File(io.BytesIO(PNG), "dot.png", description="a dot"))
        await interaction.followup.send("sent")

    @tree.command(name="direct", description="Writes to you")
    async def direct(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        try:
            await interaction.user.send("hello in private")
        except discord.Forbidden as no:
            await interaction.edit_original_response(content=f"refused: {no.code}")
            return
        await interaction.edit_original_response(content="written")


def threads(tree: Tree) -> None:
    @tree.command(name="thread", description="Begins a private thread")
    async def thread(interaction: discord.Interaction, public: bool = False) -> None:
        await interaction.response.defer(ephemeral=True)
        assert isinstance(interaction.channel, discord.TextChannel)
        kind = discord.ChannelType.public_thread if public else discord.ChannelType.private_thread
        try:
            made = await interaction.channel.create_thread(name="room", type=kind, invitable=False)
            await made.add_user(interaction.user)
            await made.send("Welcome, " + interaction.user.mention)
        except discord.HTTPException as no:
            await interaction.edit_original_response(content=f"refused: {no.status} {no.code}")
            return
        await interaction.edit_original_response(content=made.mention)


def repeating(bot: Trial, tree: Tree) -> None:
    @tree.command(name="burst", description="Seven messages in a row")
    async def burst(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        assert isinstance(interaction.channel, discord.abc.Messageable)
        for n in range(7):
            await interaction.channel.send(f"burst {n}")
        await interaction.edit_original_response(content="done")

    @tree.command(name="same", description="The same message twice, by its nonce")
    async def same(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        assert isinstance(interaction.channel, discord.TextChannel)
        body = {"content": "the same", "nonce": "n1", "enforce_nonce": True}
        route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=interaction.channel.id)
        ids = {(await bot.http.request(route, json=body))["id"] for _ in range(2)}
        await interaction.edit_original_response(content=f"{len(ids)} message")


def options(tree: Tree) -> None:
    @tree.command(name="upload", description="Takes a file")
    async def upload(interaction: discord.Interaction, file: discord.Attachment) -> None:
        data = await file.read()
        await interaction.response.send_message(f"{file.filename}: {data.decode()}", ephemeral=True)

    @tree.command(name="choose", description="Chooses")
    async def choose(interaction: discord.Interaction, what: str, many: app_commands.Range[int, 1, 5] = 1) -> None:
        await interaction.response.send_message(f"{what} × {many}", ephemeral=True)

    @choose.autocomplete("what")
    async def offered(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=one.title(), value=one) for one in ("alpha", "beta") if one.startswith(typed)]


def managing(tree: Tree) -> None:
    group = app_commands.Group(
        name="manage", description="Manages", default_permissions=discord.Permissions(manage_guild=True)
    )
    inner = app_commands.Group(name="things", description="Things", parent=group)

    @inner.command(name="add", description="Adds")
    async def add(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(f"added {name}", ephemeral=True)

    tree.add_command(group)


async def main() -> None:
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = Trial()
    running = asyncio.create_task(bot.start(os.environ["DISCORD_TOKEN"]))
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await bot.close()


if __name__ == "__main__":
    discord.utils.setup_logging()
    asyncio.run(main())
