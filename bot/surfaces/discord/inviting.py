"""What the bot asks for when it is invited to a server, and the link that does it. `places` looks what it then has."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import discord

from bot.surfaces.discord.places import NEEDED, PRIVATE, PUBLIC, WITH_THREADS

#: Asked for beyond what an interview cannot do without, with what it is good for. A candidate who meets the lack of it
#: can do nothing about it and loses little, so interviews begin without it, and who manages the server is told.
WISHED: Mapping[str, tuple[str, str]] = {
    "read_message_history": (
        "Read Message History",
        "to find what was answered while I was away (interviews go on without it)",
    ),
}
ASKED: Mapping[str, tuple[str, str]] = {**NEEDED, **PRIVATE, **PUBLIC, **WISHED}
SCOPES = ("bot", "applications.commands")
LINK = "https://discord.com/oauth2/authorize"


def permissions() -> discord.Permissions:
    """The permissions of the bot's own role."""
    return discord.Permissions(**dict.fromkeys(ASKED, True))


def invitation(application: int) -> str:
    """The link by which whoever manages a server invites the bot."""
    wanted = {"client_id": application, "scope": " ".join(SCOPES), "permissions": permissions().value}
    return f"{LINK}?{urlencode(wanted)}"


def missing_here(interaction: discord.Interaction[Any]) -> tuple[tuple[str, str], ...]:
    """What of it the bot has not got in this channel, with what it is for; nothing where no interview is begun."""
    if getattr(interaction.channel, "type", None) not in WITH_THREADS:
        return ()
    return tuple(said for name, said in ASKED.items() if not getattr(interaction.app_permissions, name))


def application_of(token: str) -> int | None:
    """The application that a token belongs to, which is its first part; None where this is no bot's token."""
    first, *others = token.split(".")
    try:
        read = base64.b64decode(first + "=" * (-len(first) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return int(read) if len(others) == 2 and read.isdigit() else None
