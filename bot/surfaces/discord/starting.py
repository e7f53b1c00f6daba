"""Connects the bot and keeps it connected until it is told to end. It waits where waiting can help, and says where not.

What the bot does while it is connected is the client's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import VivaError, WrongUsage
from bot.surfaces.discord.internals import api_address, use_api
from bot.surfaces.discord.inviting import invitation

if TYPE_CHECKING:
    from bot.surfaces.discord.client import VivaBot

#: Waits (seconds) before Discord is tried again; the last one is repeated.
WAITS = (2.0, 5.0, 15.0, 60.0)
#: Seconds that Discord has to answer.
PATIENCE = 20.0
#: Seconds that leaving Discord may take beyond what is still being finished: its side may be gone.
LEAVING = 2.0
#: What is asked before connecting: whether the token is known, and whether there is a gateway.
ASKED = ("/users/@me", "/gateway/bot")
#: What can be over in a moment.
PASSING = (discord.GatewayNotFound, discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError)
#: The gateway's code for a token that is not, or no longer, good.
NOT_KNOWN = 4004
WRONG_TOKEN = (
    "Discord does not accept the bot token (DISCORD_TOKEN). Copy it again from your application's Bot page, or reset "
    "it there."
)
NO_INTENT = (
    "Discord refuses the Message Content intent. Turn it on for your application (Bot → Privileged Gateway Intents), "
    "or unset VIVA_MESSAGE_CONTENT: interviews work without it."
)
NO_ADDRESS = "DISCORD_API_BASE is no address of an API. Write it like http://127.0.0.1:8080/api/v10, or leave it unset."


class DiscordRefuses(VivaError):
    """Discord does not let this bot in; the message says what to change."""


def address(base: str | None) -> str:
    """Where the API is: Discord's own, unless another is named."""
    return base.rstrip("/") if base else api_address()


def elsewhere(base: str | None) -> None:
    """Another Discord-compatible API for everything: commands, callbacks, and the gateway it names."""
    use_api(address(base))


async def serve(make: Callable[[], VivaBot], token: str, told: asyncio.Event, settle: float) -> None:
    """Serves until it is `told` to end; then what was acknowledged has `settle` seconds to be finished.

    DiscordRefuses where Discord does not want this bot, or no longer. Each connection begun anew has a bot `make`s.
    """
    bots: list[VivaBot] = []
    serving = asyncio.create_task(_serving(make, token, bots))
    ending = asyncio.create_task(told.wait())
    await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if serving.done():
        await serving  # raises why
        return
    if bots:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(settle + LEAVING):
                await bots[-1].end(settle)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)  # what breaks off with the connection is no news


async def _serving(make: Callable[[], VivaBot], token: str, bots: list[VivaBot]) -> None:
    while True:
        await until_reachable(api_address(), token)
        bots.append(make())
        try:
            await _connected(bots[-1], token)
            return
        except PASSING as error:
            logging.getLogger(__name__).warning("Discord went away: %s. I connect anew.", error)
            await bots[-1].end(LEAVING)  # its turns can still be said, and none of them must be at work in two bots
        await asyncio.sleep(WAITS[0])


async def _connected(bot: VivaBot, token: str) -> None:
    """Connects and stays connected; DiscordRefuses where Discord does not want that."""

    async def ready() -> None:
        link = invitation(bot.application_id or 0)
        logging.getLogger(__name__).info("connected to Discord; on %d servers; invited by %s", len(bot.guilds), link)

    bot.add_listener(ready, "on_ready")
    try:
        await bot.start(token)
    except discord.LoginFailure:
        raise DiscordRefuses(WRONG_TOKEN) from None
    except discord.PrivilegedIntentsRequired:
        raise DiscordRefuses(NO_INTENT) from None
    except discord.ConnectionClosed as error:
        if error.code == NOT_KNOWN:
            raise DiscordRefuses(WRONG_TOKEN) from None
        raise DiscordRefuses(
            f"Discord ended the connection for good (code {error.code}). Start again: viva serve. If it goes on, look "
            "the code up in Discord's list of gateway close codes."
        ) from error


async def until_reachable(base: str, token: str) -> None:
    """Returns once Discord knows the token and has a gateway; DiscordRefuses where the token is wrong."""
    attempt = 0
    while (why := await trouble(base, token)) is not None:
        wait = WAITS[min(attempt, len(WAITS) - 1)]
        attempt += 1
        logging.getLogger(__name__).warning(
            "%s. I try again in %.0f seconds; if it goes on, look at the network and at Discord's status.", why, wait
        )
        await asyncio.sleep(wait)


async def trouble(base: str, token: str) -> str | None:
    """Why the bot cannot connect now; None where it can. DiscordRefuses where it never will with this token."""
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (viva, 1)"}
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            for path in ASKED:
                async with session.get(base + path) as answer:
                    if answer.status == 401:
                        raise DiscordRefuses(WRONG_TOKEN)
                    if answer.status != 200:
                        return f"Discord answers with HTTP {answer.status}"
    except aiohttp.InvalidURL:
        raise WrongUsage(NO_ADDRESS) from None
    except ValueError:  # a token that no header can hold; the reason would quote it
        raise DiscordRefuses(WRONG_TOKEN) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        return f"Discord cannot be reached ({type(error).__name__})"
    return None
