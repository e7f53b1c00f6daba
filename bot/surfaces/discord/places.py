"""Where an interview can take place: a thread below a channel, or direct messages; and what is missing for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

from bot.surfaces.discord.escaping import seen
from bot.surfaces.discord.internals import bring_into_thread, make_thread
from bot.surfaces.discord.posting import tried

#: What the bot needs in a channel, by Discord's names for it, with what it needs it for.
NEEDED = {
    "view_channel": ("View Channel", "to see the channel"),
    "send_messages_in_threads": ("Send Messages in Threads", "to ask you questions"),
    "attach_files": ("Attach Files", "to show loss curves"),
}
PRIVATE = {"create_private_threads": ("Create Private Threads", "to make a thread for the two of us")}
PUBLIC = {"create_public_threads": ("Create Public Threads", "to make a thread that the group can watch")}
#: The channels that threads can be made in; private ones in text channels alone.
TEXT = (discord.ChannelType.text,)
WITH_THREADS = (discord.ChannelType.text, discord.ChannelType.news)
LONGEST_NAME = 100
#: Minutes of silence after which Discord puts a thread out of sight; it comes back with the next word.
ARCHIVE_AFTER = 1440


@dataclass(frozen=True)
class Ground:
    """Where a command was given: the server and channel, whether the bot is a member there, what threads it takes.

    `news`: its threads are those of a channel of announcements.
    """

    server: str
    channel: str
    member: bool
    threads: bool
    missing: tuple[tuple[str, str], ...]
    news: bool = False


def ground(interaction: discord.Interaction[Any], watched: bool) -> Ground:
    """What is possible where this command was given."""
    member = interaction.is_guild_integration()
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        parent: int | None = channel.parent_id
        kind = getattr(channel.parent, "type", None)
    else:
        parent, kind = interaction.channel_id, getattr(channel, "type", None)
    threads = member and kind in (WITH_THREADS if watched else TEXT)
    needed = {**NEEDED, **(PUBLIC if watched else PRIVATE)}
    granted = interaction.app_permissions
    missing = tuple(said for name, said in needed.items() if not getattr(granted, name)) if threads else ()
    server = str(interaction.guild_id) if interaction.guild_id is not None and member else ""
    news = kind is discord.ChannelType.news
    return Ground(server, str(parent or ""), member, threads, missing, news)


async def open_thread(client: discord.Client, ground: Ground, name: str, user: int, watched: bool) -> str:
    """Makes a thread with this person in it; its id. discord.HTTPException where the channel does not let us."""

    async def made() -> str:
        public = discord.ChannelType.news_thread if ground.news else discord.ChannelType.public_thread
        kind = public if watched else discord.ChannelType.private_thread
        payload: dict[str, Any] = {
            "name": seen(name)[:LONGEST_NAME],
            "type": kind.value,
            "auto_archive_duration": ARCHIVE_AFTER,
        }
        if not watched:
            payload["invitable"] = False
        thread = await make_thread(client, int(ground.channel), **payload)
        await bring_into_thread(client, thread, user)
        return str(thread)

    return await tried(made)


def missing_in_words(ground: Ground) -> str:
    """What the bot is not allowed to, one by one, and how that is mended."""
    lines = [f"- **{name}**, {what}" for name, what in ground.missing]
    return (
        "I cannot begin here, because I miss permissions in this channel:\n"
        + "\n".join(lines)
        + "\nWho manages the server can grant them: Server Settings → Roles → my role, or this channel's own "
        "permissions. Until then we can talk in direct messages."
    )
