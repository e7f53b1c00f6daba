"""A model server for the benchmarks, in a process of its own: each reply takes so long, and so many are made at once.

`python -m benchmarks.answering SECONDS AT_ONCE LOG` prints its address. In LOG it writes down each call, and when which
piece of a streamed reply was sent. It measures nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.loopback_model import Server

#: More than anybody asks at once: no limit.
ANY = 100_000
#: Seconds between two pieces of what is streamed: some fifty words a second.
PIECE = 0.02


class Slow(Server):
    """The loopback server, as busy as a real one."""

    def __init__(self, seconds: float, at_once: int, log: Path) -> None:
        super().__init__(before=self._piece)
        self._seconds = seconds
        self._slots = asyncio.Semaphore(at_once or ANY)
        self._log = log

    async def completions(self, request: web.Request) -> web.StreamResponse:
        self._note(call=await request.json())
        async with self._slots:
            await asyncio.sleep(self._seconds)
            return await super().completions(request)

    async def _piece(self, text: str) -> None:
        await asyncio.sleep(PIECE)
        self._note(piece=text, at=time.monotonic())

    def _note(self, **what: Any) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


async def main(seconds: float, at_once: int, log: Path) -> None:
    """Serves until it is ended."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", Slow(seconds, at_once, log).completions)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


@asynccontextmanager
async def answering(log: Path, seconds: float = 0.0, at_once: int = 0) -> AsyncIterator[str]:
    """The server's address, while it serves; no limit at once where that is 0."""
    command = [sys.executable, "-m", "benchmarks.answering", str(seconds), str(at_once), str(log)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
