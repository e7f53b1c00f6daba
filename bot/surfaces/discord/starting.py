"""Connects the bot and keeps it connected until it is told to end. It waits where waiting can help, and says where not.

What the bot does while it is connected is the client's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
PASSING = (discord.GatewayNotFound, discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
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
NOT_OURS = (
    "The application has an Interactions Endpoint URL: Discord sends commands and buttons there, and none of them to "
    "this bot. Empty it on the application's General Information page."
)


class DiscordRefuses(VivaError):
    """Discord does not let this bot in as it is set up; the message says what to change."""

    exit_code = WrongUsage.exit_code  # to try again mends nothing


class ConnectionEnded(VivaError):
    """Discord ended the connection for a reason that a new start may mend."""


class Away(VivaError):
    """Discord does not answer as it should; that passes."""


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
    attempt = 0
    while True:
        await until_reachable(api_address(), token)
        bots.append(make())
        try:
            await _connected(bots[-1], token)
            return
        except PASSING as error:
            logging.getLogger(__name__).warning("Discord went away: %s. I connect anew.", error)
            attempt = 0 if bots[-1].is_ready() else attempt
            await bots[-1].end(LEAVING)  # its turns can still be said, and none of them must be at work in two bots
        await asyncio.sleep(wait_after(attempt))
        attempt += 1


async def _connected(bot: VivaBot, token: str) -> None:
    """Connects and stays connected; DiscordRefuses where Discord does not want that."""

    async def ready() -> None:
        link, servers = invitation(bot.application_id or 0), counted(len(bot.guilds), "server")
        logging.getLogger(__name__).info("connected to Discord; on %s; invited by %s", servers, link)
        if bot.application is not None and bot.application.interactions_endpoint_url:
            logging.getLogger(__name__).error(NOT_OURS)

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
        raise ConnectionEnded(
            f"Discord ended the connection for good (code {error.code}). Start again: viva serve. If it goes on, look "
            "the code up in Discord's list of gateway close codes."
        ) from error


async def until_reachable(base: str, token: str) -> None:
    """Returns once Discord knows the token and has a gateway; DiscordRefuses where the token is wrong."""
    attempt = 0
    while (why := await trouble(base, token)) is not None:
        wait = wait_after(attempt)
        attempt += 1
        logging.getLogger(__name__).warning(
            "%s. I try again in %.0f seconds; if it goes on, look at the network and at Discord's status.", why, wait
        )
        await asyncio.sleep(wait)


def wait_after(attempt: int) -> float:
    """Seconds before the next attempt."""
    return WAITS[min(attempt, len(WAITS) - 1)]


async def trouble(base: str, token: str) -> str | None:
    """Why the bot cannot connect now; None where it can. DiscordRefuses where it never will with this token."""
    try:
        await answers(base, token, ASKED)
    except Away as why:
        return str(why)
    return None


async def answers(base: str, token: str, paths: Sequence[str]) -> list[Mapping[str, Any]]:
    """What Discord answers to each; Away where it does not, DiscordRefuses where it never will with this token."""
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (viva, 1)"}
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
            return [await _answer(session, base + path) for path in paths]
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise WrongUsage(NO_ADDRESS) from None
    except ValueError:  # a token that no header can hold; the reason would quote it
        raise DiscordRefuses(WRONG_TOKEN) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Away(f"Discord cannot be reached ({type(error).__name__})") from None


async def _answer(session: aiohttp.ClientSession, url: str) -> Mapping[str, Any]:
    """An answer of Discord's own: what a network says in its place, a page to log in, say, is none."""
    async with session.get(url, allow_redirects=False) as answer:
        if answer.status == 401:
            raise DiscordRefuses(WRONG_TOKEN)
        if answer.status != 200:
            raise Away(f"Discord answers with HTTP {answer.status}")
        said = await answer.read()
    try:
        read = json.loads(said)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Away("What answers in Discord's place is not Discord")
    return read


def counted(count: int, what: str) -> str:
    """`1 server`, `2 servers`."""
    return f"{count} {what}{'' if count == 1 else 's'}"
