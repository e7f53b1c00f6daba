"""What the invitation asks for is what interviews need, no more; a bot that has just that interviews."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.surfaces.discord.inviting import ASKED, SCOPES, WISHED, application_of, invitation, permissions
from tests.loopback import Can
from tests.loopback.group import Group
from tests.loopback.permissions import EVERYONE
from tests.surfaces.discord.seats import FIRST, can_answer, newcomer, seated
from tests.surfaces.discord.serving import Served, served


def test_the_link_asks_for_the_scopes_and_the_permissions() -> None:
    parts = urlsplit(invitation(123))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "discord.com", "/oauth2/authorize")
    assert {name: value[0] for name, value in parse_qs(parts.query).items()} == {
        "client_id": "123",
        "scope": "bot applications.commands",
        "permissions": str(permissions().value),
    }


def test_nothing_is_asked_for_that_manages_or_reaches_everybody() -> None:
    granted = {name for name, value in permissions() if value}
    assert granted - {"read_messages"} == ASKED.keys() - {"view_channel"}  # two names of one permission
    assert not any("manage" in name or "mention" in name or name == "administrator" for name in granted)
    assert set(SCOPES) == {"bot", "applications.commands"}


@pytest.mark.parametrize(
    ("token", "application"),
    [
        ("MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.x-_y", 123456789012345678),
        ("MTIz", None),
        ("MTIz.x", None),
        ("YWJj.x.y", None),
        ("ü.x.y", None),
        ("", None),
    ],
)
def test_a_token_begins_with_its_application(token: str, application: int | None) -> None:
    assert application_of(token) == application


def strict(bot: Served, permissions: int) -> Group:
    """A server on which a member may do nothing of itself, and the bot just that."""
    group = bot.discord.server("Strict", bot=False)
    group.takes("everyone", EVERYONE)
    bot.discord.invites(group.server, bot.discord.app, Can(permissions))
    return group


@pytest.mark.slow
async def test_with_just_what_is_asked_for_it_interviews_in_private_and_watched(tmp_path) -> None:
    async with served(tmp_path) as bot:
        group = strict(bot, permissions().value)
        one, other = newcomer(group, EVERYONE), newcomer(group, EVERYONE)  # type: ignore[arg-type]
        seat = await seated(bot, group["general"], one)
        await seat.answers(FIRST)
        watched = await seated(bot, group["general"], other, watch=True)
        await watched.answers(FIRST)
        assert seat.where.server and watched.where.server, "both are in threads"
        assert not bot.discord.complaints
        refusals = [asked for asked in bot.discord.asked if asked.status in (401, 403)]
        assert not refusals, refusals


@pytest.mark.slow
async def test_without_one_of_them_it_says_which(tmp_path) -> None:
    async with served(tmp_path) as bot:
        for name, (called, what) in ASKED.items():
            group = strict(bot, permissions().value & ~int(Can[name.upper()]))
            one = newcomer(group, EVERYONE)  # type: ignore[arg-type]
            manager = newcomer(group, EVERYONE | Can.MANAGE_GUILD)  # type: ignore[arg-type]
            setup = await manager.slash(group["general"], "viva setup")
            assert f"**{called}**, {what}" in setup.text and "here none can be" in setup.text
            watch = name == "create_public_threads"
            shown = await one.slash(group["general"], "interview", flow="beginner", watch=watch)
            if name in WISHED:
                thread = await one.sees_thread(group["general"])
                await thread.waits_for(can_answer)
            else:
                alone = name != "view_channel"  # who does not see a channel may do nothing in it
                assert f"**{called}**" in shown.text and (shown.text.count("**") == 2) == alone, shown.text
