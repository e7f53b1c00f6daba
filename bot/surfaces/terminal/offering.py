"""Asks one who returns whether to go on with the unfinished sitting. Whether to ask at all, the caller decides."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TextIO

from bot.ports import Sitting
from bot.surfaces.terminal.output import Output
from bot.surfaces.text.harmless import harmless


def offer(sitting: Sitting, *, stdin: TextIO, stdout: TextIO, zone: tzinfo | None = None) -> bool:
    """True to go on with it (Enter alone), False to begin a new one. `zone` is local time unless given.

    At the end of input it is True as well: what goes on ends at once then, and nothing new was begun.
    """
    out = Output(stdout)
    answered = "1 question" if sitting.answered == 1 else f"{sitting.answered} questions"
    out.write(
        f"You have an unfinished interview: {harmless(sitting.flow)}, {harmless(sitting.mode)}, {answered} answered, "
        f"last touched {_when(sitting.at, zone)}.\n"
    )
    while True:
        out.write("Go on with it? [Y/n] ")
        line = stdin.readline()
        if not line:
            out.write("\n")
            return True
        answer = line.strip().lower()
        if answer in ("", "y", "yes"):
            return True
        if answer in ("n", "no"):
            return False
        out.write("Enter or y goes on with it, n begins a new one.\n")


def _when(at: str, zone: tzinfo | None) -> str:
    try:
        return datetime.fromisoformat(at).astimezone(zone).strftime("%d %b %Y, %H:%M")
    except ValueError:
        return "at an unknown time"
