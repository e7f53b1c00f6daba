"""All that this surface uses of discord.py that is no documented part of it, each with its reason; a release of the
library may change any of it, so pyproject.toml holds it to one minor release. It decides nothing."""

from __future__ import annotations

from typing import Any

import discord
import yarl
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route


def api_address() -> str:
    """Where the library finds Discord's API."""
    return Route.BASE


def use_api(base: str) -> None:
    """Has the library find the API elsewhere. It has no setting for that, and reads this for every request."""
    Route.BASE = base


async def use_gateway_of_api(client: discord.Client) -> None:
    """Has the library begin sessions anew at the gateway that the API names: it names its own, where one that could
    not be resumed is begun anew."""
    _, gateway, _ = await client.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


async def make_thread(client: discord.Client, channel: int, **what: Any) -> int:
    """Makes a thread in a channel; its id. The documented way needs the channel as an object, and so a cache that has
    it, or one more request."""
    thread = await client.http.start_thread_without_message(channel, **what)
    return int(thread["id"])


async def bring_into_thread(client: discord.Client, thread: int, user: int) -> None:
    """Adds a person to a thread; also by ids alone."""
    await client.http.add_user_to_thread(thread, user)


async def bytes_of(client: discord.Client, url: str) -> bytes:
    """A file of Discord's server of files. `Attachment.read` needs an attachment, which the raw payload of a modal
    that another process opened does not become."""
    return await client.http.get_from_cdn(url)


def left_alone(view: ui.LayoutView | ui.Modal) -> None:
    """Has the library keep nothing of what is sent: it remembers every view and modal that is not finished, for as
    long as it lives, and what of ours is pressed says by its id what it is. That it looks at this is not documented."""
    view.stop()
