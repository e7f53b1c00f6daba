"""`viva serve` as a process against the loopback Discord: started, killed, started again. Nothing in it is patched."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.candidates import ROOT
from tests.loopback import Loopback

#: Seconds: what is said in one message is waited on no longer than that, unless a test is about the waiting.
SILENCE = "0.2"


@dataclass
class Served:
    """A bot that serves, and the Discord that it serves in."""

    discord: Loopback
    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts it, and waits until it is connected."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "DISCORD_"))}
        usual = {"VIVA_HOME": str(self.home), "VIVA_LAB": "off", "VIVA_SILENCE": SILENCE}
        given = usual | self.discord.environment | self.settings
        with (self.home / "serve.err").open("ab") as errors:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", cwd=ROOT, env=environment | given, stderr=errors, stdout=errors
            )
        ready = asyncio.create_task(self.discord.ready())
        gone = asyncio.create_task(self.process.wait())
        await asyncio.wait({ready, gone}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not ready.done() or self.process.returncode is not None:
            ready.cancel()
            raise AssertionError(f"it did not come up: {self.said()}")
        await ready

    def said(self) -> str:
        """What it wrote on its standard streams."""
        return (self.home / "serve.err").read_text(encoding="utf-8")

    def log(self) -> str:
        """Its log."""
        file = self.home / "viva.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    async def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    def sent_well(self) -> None:
        """Asserts that all it sent is what Discord takes, and that it asked for no more than is allowed."""
        wrong = [f"{one.request}: {one.wrong}" for one in self.discord.complaints]
        assert not wrong, wrong
        assert not self.discord.own_limited, self.discord.own_limited

    async def stop(self) -> int:
        """SIGTERM; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 15)


@contextlib.asynccontextmanager
async def served(home: Path, **settings: str) -> AsyncIterator[Served]:
    """A Discord and a bot that serves in it; both end with the block."""
    async with Loopback.running() as discord:
        if settings.get("VIVA_MESSAGE_CONTENT"):
            discord.allows_message_content()
        bot = Served(discord, home, settings)
        try:
            await bot.start()
            yield bot
        finally:
            if bot.process is not None and bot.process.returncode is None:
                await bot.kill()
