"""What is known before anything is opened: the time, who sits here, the data folder. It opens no record."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StoreBroken
from bot.settings import Settings


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def owner() -> str:
    """Who sits at this terminal, as the store knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user need not have a name
        return "candidate"


def prepare_home(settings: Settings) -> Path:
    """The data folder, made where it is missing and private to its owner; StoreBroken where it cannot be made."""
    home = settings.home.expanduser()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreBroken(
            f"The data folder {home} cannot be made: {error.strerror}. Name another one: VIVA_HOME=/path viva …"
        ) from None
    return home
