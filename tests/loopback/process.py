"""A bot as a process of its own, told where the loopback is: started, ended kindly or not, begun again."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from tests.loopback.server import Loopback
    from tests.loopback.world import Application

# Settings of whoever runs the tests are none of the bot's.
OURS = ("VIVA_", "OPENAI_", "DISCORD_", "TRIAL_")


class Process:
    """`async with Process(discord, "viva", "serve", VIVA_HOME=home) as bot:`; what it writes is `bot.log`."""

    def __init__(self, discord: Loopback, *command: str, app: Application | None = None, **settings: object) -> None:
        self.command = command
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
        told = discord.environment | ({"DISCORD_TOKEN": app.token} if app else {})
        self.environment = inherited | told | {key: str(value) for key, value in settings.items()}
        with tempfile.NamedTemporaryFile(prefix="bot-", suffix=".log", delete=False) as log:
            self._log = Path(log.name)
        self.running: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                *self.command,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def end(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15.0) -> int:
        """Its exit code; killed where it does not go in time, and then that is the code."""
        running = self.running
        assert running is not None, "it was not started"
        if running.returncode is None:
            running.send_signal(how)
            try:
                await asyncio.wait_for(running.wait(), seconds)
            except TimeoutError:
                os.killpg(running.pid, signal.SIGKILL)
                await running.wait()
        assert running.returncode is not None
        return running.returncode

    async def kill(self) -> None:
        """Without a word, with all that it started."""
        if self.running is not None and self.running.returncode is None:
            os.killpg(self.running.pid, signal.SIGKILL)
            await self.running.wait()

    async def again(self) -> None:
        """Another one in the place of the one that ended."""
        await self.kill()
        await self.start()

    async def exits(self, seconds: float = 15.0) -> int:
        """Its exit code when it ends by itself."""
        assert self.running is not None
        return await asyncio.wait_for(self.running.wait(), seconds)

    async def __aenter__(self) -> Process:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()
        if error is not None:
            error.add_note(f"what the bot wrote last:\n{self.log[-4000:]}")
        self._log.unlink(missing_ok=True)
