"""The curve that grows in a window: taken back whole when the window has changed meanwhile, or Ctrl-C was pressed."""

from __future__ import annotations

import asyncio
import math
import os
import pty
import select
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

import pyte
import pytest

from bot.core.training import Curve, Progress
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.speaking import Interrupts
from bot.surfaces.terminal.styled import StyledSpeaker, reflows, rows_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")
STEPS = tuple(range(1, 101))
RUNNING = Progress("running", seconds=3.0, curve=Curve(STEPS, tuple(0.2 + 2.1 * math.exp(-s / 20) for s in STEPS)))
TERM = {"TERM": "xterm-256color"}


@dataclass
class Screen:
    """A terminal whose window changes. One that reflows shows a line that is too long in several rows."""

    environ: Mapping[str, str] = field(default_factory=lambda: TERM)
    shown: pyte.Screen = field(default_factory=lambda: pyte.Screen(96, 50))

    def __post_init__(self) -> None:
        self.ours, theirs = pty.openpty()
        self.theirs: TextIO = os.fdopen(theirs, "w", encoding="utf-8")
        self.size(96)
        self.raw = b""
        self.speaker = StyledSpeaker(Output(self.theirs), Interrupts(active=False), self.environ, colour=False)

    def size(self, columns: int) -> None:
        import fcntl
        import termios

        fcntl.ioctl(self.theirs.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

    def take(self) -> None:
        """What was written since, into the window."""
        came = b""
        while select.select([self.ours], [], [], 0.2)[0]:
            came += os.read(self.ours, 65536)
        self.raw += came
        pyte.ByteStream(self.shown).feed(came)

    def resize(self, columns: int) -> None:
        self.size(columns)
        if reflows(self.environ):
            self.shown = pyte.Screen(columns, 50)
            pyte.ByteStream(self.shown).feed(self.raw)
        else:
            self.shown.resize(50, columns)

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        self.theirs.close()
        os.close(self.ours)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.shown.display).strip()


@pytest.mark.parametrize("environ", [TERM, {**TERM, "XTERM_VERSION": "XTerm(390)"}])
@pytest.mark.parametrize("columns", [50, 30, 96, 120])
async def test_a_curve_is_taken_back_whole_after_a_resize(environ: Mapping[str, str], columns: int) -> None:
    with Screen(environ) as screen:
        screen.speaker.note("I run it now.")
        screen.speaker.progress("q", RUNNING)
        screen.take()
        assert "step 100" in screen.text and len(screen.text.splitlines()) > 10
        screen.resize(columns)
        await asyncio.sleep(0.3)
        screen.speaker.progress("q", RUNNING)
        screen.take()
        assert screen.text.count("Running: 3 s") == 1
        screen.speaker.note("Done.")
        screen.take()
        assert screen.text == "I run it now.\n\nDone."


async def test_what_ctrl_c_leaves_on_the_screen_goes_with_the_curve() -> None:
    with Screen() as screen:
        screen.speaker.note("I run it now.")
        screen.speaker.progress("q", RUNNING)
        screen.take()
        pyte.ByteStream(screen.shown).feed(b"^C")
        screen.speaker.note("You stopped the run.")
        screen.take()
        assert screen.text == "I run it now.\n\nYou stopped the run."


def test_rows_are_counted_by_the_window() -> None:
    assert rows_of((80, 0, 40, 41), 40) == 2 + 1 + 1 + 2
    assert rows_of((80, 10), 120) == 2


def test_few_terminals_cut_what_is_too_long() -> None:
    assert reflows({"TERM": "xterm-256color", "VTE_VERSION": "7000"}) and reflows({})
    for cuts in ({"XTERM_VERSION": "XTerm(390)"}, {"STY": "1.pts"}, {"TERM": "rxvt-unicode"}, {"TERM": "linux"}):
        assert not reflows(cuts)
