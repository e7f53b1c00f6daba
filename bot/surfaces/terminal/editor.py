"""Writing in the candidate's own editor, in a private file that survives a crash. It sends nothing."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bot.errors import WrongUsage
from bot.surfaces.terminal.private import write_private

#: The largest file that is read back, in bytes.
LARGEST = 4 * 1024 * 1024


def editor(environ: Mapping[str, str]) -> list[str] | None:
    """The editor's command, or None where none is set."""
    chosen = environ.get("VISUAL", "").strip() or environ.get("EDITOR", "").strip()
    if not chosen:
        return None
    try:
        return shlex.split(chosen, posix=os.name != "nt")
    except ValueError:
        return [chosen]


def left_behind(path: Path) -> str:
    """What an earlier edit left in its file, when it ended in a crash; else nothing."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


async def edited(command: list[str], path: Path, text: str) -> str:
    """What the text became in the editor; WrongUsage where it could not be run, or ended badly.

    The file stays until the caller has the words in a safe place.
    """
    try:
        write_private(path, text)
    except OSError as error:
        reason = error.strerror
        raise WrongUsage(f"The editor's file {path} cannot be written: {reason}. Type it here instead.") from None
    try:
        ended = await asyncio.to_thread(subprocess.call, [*command, str(path)])
    except OSError as error:
        raise WrongUsage(
            f"The editor {command[0]} could not be started: {error.strerror}. Set EDITOR to one that is there, "
            "for example: export EDITOR=nano"
        ) from None
    if ended != 0:
        raise WrongUsage(f"The editor ended with status {ended}, so nothing was taken over; its text is in {path}.")
    return left_behind(path)
