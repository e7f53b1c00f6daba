"""`viva serve`: the bot in Discord, from its start to its end. What it does there is the surface's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from bot.errors import WrongUsage
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.app.house import House

#: Seconds for what was acknowledged to be finished after a SIGTERM, and after how many it ends whatever goes on: all
#: that was said is in the log by then, and what broke off is taken up by the next process.
SETTLE = 5.0
LAST = 9.0
REGISTERED = "discord-commands"
NO_TOKEN = (
    "There is no bot token: set DISCORD_TOKEN to the one on your application's Bot page "
    "(https://discord.com/developers/applications), in the environment or in .env."
)


def serve_command() -> int:
    """Serves until it is told to end; the exit code."""
    with contextlib.suppress(ValueError):  # not in the main thread: a test's
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # told to end before anything has begun
    settings = read_settings()
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise WrongUsage(NO_TOKEN)
    asyncio.run(_serve(settings, token))
    return 0


async def _serve(settings: Settings, token: str) -> None:
    from bot.app.alone import alone
    from bot.app.home import prepare_home
    from bot.app.serving import open_served

    told = _told()
    with alone(prepare_home(settings)):
        opening = asyncio.create_task(open_served(settings))
        ending = asyncio.create_task(told.wait())
        await asyncio.wait({opening, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not opening.done():
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            return
        house = await opening
        try:
            await _in_discord(house, settings, token, told)
        finally:
            await house.close()


async def _in_discord(house: House, settings: Settings, token: str, told: asyncio.Event) -> None:
    from bot.app.desk import HouseDesk
    from bot.app.measured import measured
    from bot.commands.doctor import version_number
    from bot.surfaces.discord.client import Options, VivaBot
    from bot.surfaces.discord.metrics import Metrics, served
    from bot.surfaces.discord.starting import elsewhere, serve

    metrics = Metrics(version_number())
    options = Options(settings.message_content, house.home / REGISTERED, bool(settings.discord_api_base), metrics)
    desk = HouseDesk(measured(house, metrics))
    elsewhere(settings.discord_api_base)
    async with served(metrics, settings.metrics_port, lambda: house.store.sittings(limit=1)):
        await serve(lambda: VivaBot(desk, options), token, told, SETTLE)


def _told() -> asyncio.Event:
    """Set once the process is told to end; from then on it has so many seconds."""
    told = asyncio.Event()

    def tell() -> None:
        if not told.is_set():
            told.set()
            last = threading.Timer(LAST, os._exit, (0,))
            last.daemon = True
            last.start()

    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT"):
        with contextlib.suppress(AttributeError, NotImplementedError):  # Windows has Ctrl-C alone
            loop.add_signal_handler(getattr(signal, name), tell)
    return told
