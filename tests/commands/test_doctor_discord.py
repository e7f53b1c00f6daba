"""What `viva doctor` says of Discord: offline by itself, and by asking where that is wanted."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from pydantic import SecretStr

from bot.commands.doctor import Finding, set_ones
from bot.commands.doctor_discord import discord_findings
from bot.settings import Settings
from tests.loopback import Loopback
from tests.loopback.schema import described


def settings(token: str | None, base: str | None = None, message_content: bool = False) -> Settings:
    secret = SecretStr(token) if token else None
    return Settings(_env_file=None, discord_token=secret, discord_api_base=base, message_content=message_content)


@pytest.mark.parametrize(
    ("token", "status", "says"),
    [
        (None, "ok", "no DISCORD_TOKEN"),
        ("MTIzNDU2Nzg5.GaBcDe.abcdef", "ok", "client_id=123456789&scope=bot+applications.commands&permissions="),
        ("0123456789abcdef0123456789abcdef", "warn", "does not look like a bot's token"),
    ],
)
def test_it_looks_at_the_token_and_asks_nobody(token: str | None, status: str, says: str) -> None:
    (found,) = discord_findings(settings(token, None), online=False)
    assert (found.name, found.status) == ("discord", status) and says in found.text
    assert token is None or token not in found.text + found.mend


async def asked(discord: Loopback, token: str = "", content: bool = False) -> dict[str, Finding]:
    """What it says when it asks, the last of each name; in a thread, for it has a loop of its own."""
    given = settings(token or discord.token, discord.api_base, content)
    return {one.name: one for one in await asyncio.to_thread(lambda: list(discord_findings(given, True)))}


async def test_it_asks_discord_where_that_is_wanted() -> None:
    async with Loopback.running() as discord:
        discord.server("one")
        known = (await asked(discord))["discord"]
        assert known.status == "ok" and "knows the token: Viva, on 1 server. " in known.text
        assert f"client_id={discord.app.id}&" in known.text
        other = (await asked(discord, "MTIz.not.ours"))["discord"]
        assert other.status == "fail" and "does not accept the bot token" in other.text
        discord.faults.add("503", "GET /applications/@me")
        down = (await asked(discord))["discord"]
        assert down.status == "fail" and "HTTP 503" in down.text


@pytest.mark.parametrize("verified", [False, True])
async def test_it_says_whether_the_intent_fits(verified: bool) -> None:
    async with Loopback.running() as discord:
        discord.app.verified = verified
        refused = (await asked(discord, content=True))["message content"]
        assert refused.status == "fail" and "unset VIVA_MESSAGE_CONTENT" in refused.mend
        assert "allow" not in (await asked(discord))["message content"].text
        discord.allows_message_content()
        assert (await asked(discord, content=True))["message content"].status == "ok"
        unused = (await asked(discord))["message content"]
        assert unused.status == "ok" and "Discord would allow the intent" in unused.text


async def test_it_says_how_it_can_be_installed() -> None:
    async with Loopback.running() as discord:
        assert (await asked(discord))["installation"].text == (
            "anybody who has the link can bring it to a server; members can take it along."
        )
        discord.app.public, discord.app.installs = False, ("0",)
        alone = (await asked(discord))["installation"]
        assert alone.status == "ok" and "you alone" in alone.text and "User Install is off" in alone.text
        discord.app.installs = ("1",)
        none = (await asked(discord))["installation"]
        assert none.status == "warn" and "Guild Install is off" in none.text


async def test_it_says_what_at_discord_keeps_the_bot_from_working() -> None:
    async with Loopback.running() as discord:
        discord.app.installs, discord.app.code_grant, discord.app.interactions_url = (), True, "https://example.org/x"
        given = settings(discord.token, discord.api_base)
        found = await asyncio.to_thread(lambda: list(discord_findings(given, True)))
        said = {one.text: one.status for one in found if one.name == "installation"}
        assert [said[text] for text in said if "Interactions Endpoint URL" in text] == ["fail"]
        assert [said[text] for text in said if "OAuth2 Code Grant" in text] == ["warn"]


async def test_the_loopback_tells_of_the_application_as_discord_does() -> None:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    known = described()
    if known is None:
        pytest.skip("Discord's description of its API is not beside this checkout")
    async with Loopback.running() as discord, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {discord.token}"}
        async with session.get(discord.api_base + "/applications/@me", headers=headers) as answer:
            said = await answer.json()
    Draft202012Validator(known.answer("GET", "/applications/@me")).validate(said)


def test_what_is_set_is_called_by_its_name(tmp_path) -> None:
    (tmp_path / "env").write_text("DISCORD_API_BASE=x\nVIVA_RETENTION_DAYS=9\n", encoding="utf-8")
    said = set_ones(Settings(_env_file=tmp_path / "env")).text.split(" set,")[0].split(", ")
    assert {"DISCORD_API_BASE", "VIVA_RETENTION_DAYS"} <= set(said) and "VIVA_DISCORD_API_BASE" not in said
