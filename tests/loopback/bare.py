"""A bare discord.py bot: what the loopback itself is tried with, and the floor that Viva is measured against."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket


class Bare(discord.AutoShardedClient):
    """One slash command that answers "pong" to the person alone."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        base = os.environ["DISCORD_API_BASE"]
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.partition("/api/")[0].replace("http", "ws", 1))

        @self.tree.command(name="ping", description="Answers at once")
        async def ping(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("pong", ephemeral=True)

        await self.tree.sync()


async def main() -> None:
    discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
    bot = Bare()
    running = asyncio.create_task(bot.start(os.environ["DISCORD_TOKEN"]))
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await bot.close()


if __name__ == "__main__":
    asyncio.run(main())
