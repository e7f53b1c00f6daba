"""`viva serve`: the bot in Discord, from its start to its end. What it does there is the surface's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import VivaError, WrongUsage
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
    "(https://discord.com/developers/applications), in the environment or in {file}."
)
HOLDING = "viva: {error} I wait to be ended, as --hold says: mend it, and start me again.\n"


def serve_command(hold: bool = False) -> int:
    """Serves until it is told to end; the exit code.

    With `hold` a wrong set-up is said, and then it waits to be ended: for what would start it again whatever it ends
    with, though that mends nothing.
    """
    with contextlib.suppress(ValueError):  # not in the main thread: a test's
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # told to end before anything has begun
    try:
        settings = read_settings()
        token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
        if not token:
            raise WrongUsage(NO_TOKEN.format(file=Path(".env").absolute()))
        asyncio.run(_serve(settings, token))
    except VivaError as error:
        if not hold or error.exit_code != WrongUsage.exit_code:
            raise
        _wait(error)
        return error.exit_code
    return 0


def _wait(error: VivaError) -> None:
    """Says what is wrong, and waits to be told to end."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    sys.stderr.write(HOLDING.format(error=error))
    sys.stderr.flush()
    ended.wait()


async def _serve(settings: Settings, token: str) -> None:
    from bot.app.alone import alone
    from bot.app.home import check_writable, prepare_home
    from bot.app.serving import open_served, set_apart

    told = _told()
    home = prepare_home(settings)
    check_writable(home)
    with alone(home):
        opening = asyncio.create_task(open_served(settings))
        ending = asyncio.create_task(told.wait())
        await asyncio.wait({opening, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not opening.done():
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            return
        house = await opening
        apart = asyncio.create_task(set_apart(house.loading))
        try:
            await _in_discord(house, settings, token, told)
        finally:
            apart.cancel()
            await house.close()


async def _in_discord(house: House, settings: Settings, token: str, told: asyncio.Event) -> None:
    from bot.app.desk import HouseDesk
    from bot.app.measured import measured
    from bot.commands.doctor import version_number
    from bot.surfaces.discord.client import Options, VivaBot
    from bot.surfaces.discord.metrics import Metrics, served
    from bot.surfaces.discord.starting import elsewhere, serve

    metrics = Metrics(version_number())
    options = Options(
        settings.message_content, house.home / REGISTERED, bool(settings.discord_api_base), metrics, settings.silence
    )
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
