"""What `viva doctor` says of Discord: by looking at the token, and by asking Discord where that is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.commands.doctor import Finding
from bot.errors import VivaError
from bot.settings import Settings

#: What an application's flags say where it may have the Message Content intent: as a large bot or a small one.
MESSAGE_CONTENT = 1 << 18 | 1 << 19
#: The kinds of installation, by Discord's numbers.
ON_SERVERS, BY_MEMBERS = "0", "1"
NO_TOKEN = "Copy it again from your application's Bot page; the client secret and the public key are others."


def discord_findings(settings: Settings, online: bool) -> Iterator[Finding]:
    """Whether the bot could serve; Discord itself is asked only where that is wanted."""
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        yield Finding("discord", "ok", "no DISCORD_TOKEN, which `viva serve` alone needs.")
        return
    from bot.surfaces.discord.inviting import application_of, invitation

    application = application_of(token)
    if application is None and not settings.discord_api_base:
        yield Finding("discord", "warn", "DISCORD_TOKEN does not look like a bot's token.", NO_TOKEN)
    elif online:
        yield from _asked(settings, token)
    else:
        link = f" Invite the bot with {invitation(application)}" if application else ""
        yield Finding("discord", "ok", f"a token is set; whether Discord takes it: viva doctor --online.{link}")


def _asked(settings: Settings, token: str) -> Iterator[Finding]:
    """What Discord says of the bot and its application."""
    from bot.surfaces.discord.inviting import invitation
    from bot.surfaces.discord.starting import ASKED, Away, address, answers, counted

    try:
        said = asyncio.run(answers(address(settings.discord_api_base), token, (*ASKED, "/applications/@me")))
    except Away as away:
        yield Finding("discord", "fail", f"{away}.", "Look at the network and at Discord's status.")
        return
    except VivaError as error:
        yield Finding("discord", "fail", str(error))
        return
    me, application = said[0], said[-1]
    servers = counted(int(application.get("approximate_guild_count") or 0), "server")
    invite = f"Invite the bot with {invitation(int(application['id']))}"
    yield Finding("discord", "ok", f"Discord knows the token: {me.get('username')}, on {servers}. {invite}")
    yield _message_content(settings.message_content, bool(int(application.get("flags") or 0) & MESSAGE_CONTENT))
    yield from _installation(application)


def _message_content(wanted: bool, allowed: bool) -> Finding:
    name = "message content"
    if wanted and not allowed:
        mend = (
            "Turn it on there (Bot → Privileged Gateway Intents), or unset VIVA_MESSAGE_CONTENT: interviews work "
            "without it."
        )
        return Finding(name, "fail", "VIVA_MESSAGE_CONTENT=1, and the intent is off for your application.", mend)
    if wanted:
        return Finding(name, "ok", "VIVA_MESSAGE_CONTENT=1, and the intent is on: all that is said is an answer.")
    text = "VIVA_MESSAGE_CONTENT is off: answers come by button, reply or mention."
    return Finding(name, "ok", text + (" Discord would allow the intent; it can be off there." if allowed else ""))


def _installation(application: Mapping[str, Any]) -> Iterator[Finding]:
    """Who can install it where, as far as Discord tells."""
    from bot.surfaces.discord.starting import NOT_OURS

    name = "installation"
    if application.get("interactions_endpoint_url"):
        yield Finding(name, "fail", NOT_OURS)
    if application.get("bot_require_code_grant"):
        mend = "Turn it off on the Bot page: with it the invitation above ends in an error."
        yield Finding(name, "warn", "“Requires OAuth2 Code Grant” is on.", mend)
    kinds = application.get("integration_types_config")
    if isinstance(kinds, dict):
        yield _kinds(list(kinds), bool(application.get("bot_public", True)))


def _kinds(kinds: Sequence[str], public: bool) -> Finding:
    who = "anybody who has the link" if public else "you alone"
    if ON_SERVERS not in kinds:
        mend = "Tick it on your application's page (Installation), or no server can have the bot."
        return Finding("installation", "warn", "Guild Install is off.", mend)
    taken = "members can take it along" if BY_MEMBERS in kinds else "members cannot take it along (User Install is off)"
    return Finding("installation", "ok", f"{who} can bring it to a server; {taken}.")
