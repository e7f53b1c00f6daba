"""The loopback as a program of its own, acted in by lines of text."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator

import aiohttp

from tests.loopback import Loopback, Process
from tests.loopback.console import Console


async def test_people_are_acted_by_lines(discord: Loopback) -> None:
    console = Console(discord, discord.server("Study group", channels=["general"]))
    async with Process(discord, sys.executable, "-m", "tests.loopback.trial"):
        await discord.ready()
        offered = await console.line("one: /")
        assert "/choose what [many] — Chooses" in offered and "/manage" not in offered
        assert "/manage things add name" in await console.line("owner: /")
        assert await console.line("one: ? /choose what:a") == "Alpha = alpha"
        assert "(only one sees this)" in await console.line('one: /choose what:"two words" many:2')
        assert await console.line("one: /choose") == "! /choose needs ['what']"
        await console.line("one: /card")
        form = await console.line("one: clicks Open form")
        assert "┌ A form" in form and "Answer * (text)" in form
        await console.line("one: fills answer: two\\nlines")
        assert "two\n    lines / as before" in await console.line("one: sends")
        await console.line("one: /thread")
        assert "private thread 'room'" in await console.line("one: goes room")
        assert await console.line("other: threads") == "in general; there are: general"
        assert await console.line("archive room") == "(done)" and discord.world.channels
        assert (await console.line("one: dances")).startswith("! nobody can 'dances' here")
        assert await console.line("complaints") == "(none)"


async def test_its_owner_invites_the_bot_and_allows_it_message_content(discord: Loopback) -> None:
    console = Console(discord, discord.server("Study group", bot=False))
    await console.line("invite 2048")
    assert discord.app.id in console.group.server.members and not discord.app.privileged
    await console.line("allow")
    assert discord.app.privileged


@contextlib.asynccontextmanager
async def alone(*flags: str) -> AsyncIterator[tuple[dict[str, str], str]]:
    """The program: what it tells a bot, and where its people are."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.loopback", *flags,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    try:
        lines = [(await asyncio.wait_for(running.stdout.readline(), 20)).decode().strip() for _ in range(3)]
        yield dict(line.split("=", 1) for line in lines[:2]), lines[2].removeprefix("people: ")
    finally:
        running.terminate()
        await running.wait()


async def test_it_runs_by_itself() -> None:
    async with alone("--token", "a-token", "--no-validate") as (told, people), aiohttp.ClientSession() as session:
        assert told["DISCORD_TOKEN"] == "a-token"
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.loopback.bare", env=os.environ | told, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(20):
                said = ""
                while "pong" not in said:
                    await asyncio.sleep(0.2)
                    async with session.post(people, data="one: /ping") as answer:
                        said = await answer.text()
        finally:
            bot.terminate()
            await bot.wait()
