"""Writing in the candidate's own editor, in a private file that survives a crash. It sends nothing."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import WrongUsage
from bot.surfaces.terminal.private import write_private

#: The largest file that is read back, in bytes.
LARGEST = 4 * 1024 * 1024
#: What is taken where none is set: the first that is there.
COMMON = ("notepad",) if os.name == "nt" else ("sensible-editor", "nano", "vi")
SET_ONE = "Set EDITOR to the one that you like, for example: export EDITOR=nano"
IN_VI = " Should it be vi: `i` begins to write; Escape and then `:wq` saves and closes."


@dataclass(frozen=True)
class Editor:
    """An editor's command, and whether the candidate chose it."""

    command: tuple[str, ...]
    chosen: bool = True

    @property
    def says(self) -> str:
        """What to know about one that was not chosen."""
        if self.chosen:
            return ""
        name = Path(self.command[0]).stem
        return f"This opens {name}. {SET_ONE}.{IN_VI if name in ('vi', 'sensible-editor') else ''}"


def editor(environ: Mapping[str, str], fall_back: bool = True) -> Editor | None:
    """The editor that is set, else a common one, else None."""
    chosen = environ.get("VISUAL", "").strip() or environ.get("EDITOR", "").strip()
    if not chosen:
        found = (shutil.which(name, path=environ.get("PATH", "")) for name in COMMON) if fall_back else ()
        return next((Editor((path,), chosen=False) for path in found if path), None)
    try:
        return Editor(tuple(shlex.split(chosen, posix=os.name != "nt")))
    except ValueError:
        return Editor((chosen,))


def left_behind(path: Path) -> str:
    """What an earlier edit left in its file, when it ended in a crash; else nothing."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


async def edited(editor: Editor, path: Path, text: str) -> str:
    """What the text became in the editor; WrongUsage where it could not be run, or ended badly.

    The file stays until the caller has the words in a safe place.
    """
    try:
        write_private(path, text)
    except OSError as error:
        reason = error.strerror
        raise WrongUsage(f"The editor's file {path} cannot be written: {reason}. Type it here instead.") from None
    try:
        ended = await asyncio.to_thread(subprocess.call, [*editor.command, str(path)])
    except OSError as error:
        raise WrongUsage(
            f"The editor {editor.command[0]} could not be started: {error.strerror}. Set EDITOR to one that is there, "
            "for example: export EDITOR=nano"
        ) from None
    if ended != 0:
        raise WrongUsage(f"The editor ended with status {ended}, so nothing was taken over; its text is in {path}.")
    return left_behind(path)
