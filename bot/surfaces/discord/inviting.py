"""What the bot asks for when it is invited to a server, and the link that does it. `places` looks what it then has."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import urlencode

import discord

from bot.surfaces.discord.places import NEEDED, PRIVATE, PUBLIC

#: Asked for beyond what an interview cannot do without, with what it is good for.
WISHED: Mapping[str, tuple[str, str]] = {
    "read_message_history": ("Read Message History", "to find what was answered while I was away"),
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


def application_of(token: str) -> int | None:
    """The application that a token belongs to, which is its first part; None where this is no bot's token."""
    first, *others = token.split(".")
    try:
        read = base64.b64decode(first + "=" * (-len(first) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return int(read) if len(others) == 2 and read.isdigit() else None
