"""What is known before anything is opened: the time, who sits here, the data folder. It opens no record."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime
from pathlib import Path

from bot.app.closed import close
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
    """The data folder, made where it is missing and closed to others; StoreBroken where it cannot be made."""
    home = settings.home.expanduser()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreBroken(
            f"The data folder {home} cannot be made: {error.strerror}. Name another one: VIVA_HOME=/path viva …"
        ) from None
    close(home)
    return home


def check_writable(home: Path) -> None:
    """StoreBroken where the data folder, or a file right in it, cannot be written: it was copied as root, say."""
    try:
        files = [home, *sorted(file for file in home.iterdir() if file.is_file())]
    except OSError as error:
        raise unwritable(home, str(error.strerror)) from None
    for file in files:
        if not os.access(file, os.R_OK | os.W_OK):
            raise unwritable(file, "Permission denied")


def unwritable(file: Path, why: str) -> StoreBroken:
    """That something of the data folder cannot be written by who runs this."""
    return StoreBroken(
        f"{file} cannot be read and written ({why}). Give the data folder, with all that is in it, to the user that "
        "runs Viva (chown -R USER FOLDER), or name another one: VIVA_HOME=/path viva …"
    )
