"""`python -m tests.loopback`: a loopback by itself. It prints what a bot's environment must hold, then does as it is
told: by lines on its standard input and by `POST /people`, a line a time (`curl -d 'one: /interview' ADDRESS/people`).
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.loopback.console import HELP, Console
from tests.loopback.server import Loopback


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--server", default="Study group")
    parser.add_argument("--token", help="the bot's token, where it must stay the same")
    parser.add_argument("--no-validate", action="store_true", help="leave Discord's published schema aside")
    parser.add_argument("--no-invite", action="store_true", help="the bot is not on the server yet")
    given = parser.parse_args()
    async with Loopback.running(given.port, validate=not given.no_validate) as discord:
        if given.token:
            discord.app.token = given.token
        console = Console(discord, discord.server(given.server, channels=["general"], bot=not given.no_invite))
        discord.told = console.line
        for name, value in discord.environment.items():
            print(f"{name}={value}", flush=True)  # noqa: T201 - it is what this program is for
        print(f"people: {discord.address}/people\n{HELP}", flush=True)  # noqa: T201
        await _lines(console)
        await asyncio.Event().wait()


async def _lines(console: Console) -> None:
    """Until standard input ends."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            print(await console.line(line), flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)
