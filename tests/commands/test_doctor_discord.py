"""What `viva doctor` says of Discord: offline by itself, and by asking where that is wanted."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from bot.commands.doctor import Finding, _discord
from bot.settings import Settings
from tests.loopback import Loopback


def settings(token: str | None, base: str | None = None) -> Settings:
    return Settings(_env_file=None, discord_token=SecretStr(token) if token else None, discord_api_base=base)


@pytest.mark.parametrize(
    ("token", "status", "says"),
    [
        (None, "ok", "no DISCORD_TOKEN"),
        ("MTIzNDU2Nzg5.GaBcDe.abcdef", "ok", "client_id=123456789&scope=bot+applications.commands&permissions="),
        ("0123456789abcdef0123456789abcdef", "warn", "does not look like a bot's token"),
    ],
)
def test_it_looks_at_the_token_and_asks_nobody(token: str | None, status: str, says: str) -> None:
    found = _discord(settings(token, None), online=False)
    assert (found.name, found.status) == ("discord", status) and says in found.text
    assert token is None or token not in found.text + found.mend


async def asked(token: str, base: str) -> Finding:
    """What it says when it asks; in a thread, for it has a loop of its own."""
    return await asyncio.to_thread(_discord, settings(token, base), True)


async def test_it_asks_discord_where_that_is_wanted() -> None:
    async with Loopback.running() as discord:
        known = await asked(discord.token, discord.api_base)
        assert known.status == "ok" and known.text.startswith("Discord knows the token.")
        other = await asked("MTIz.not.ours", discord.api_base)
        assert other.status == "fail" and "does not accept the bot token" in other.text
        discord.faults.add("503", "GET /users/@me")
        down = await asked(discord.token, discord.api_base)
        assert down.status == "fail" and "HTTP 503" in down.text
