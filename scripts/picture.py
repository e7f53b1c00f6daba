"""Draws the README's picture of the terminal: a real `viva chat` in a pseudo-terminal, its screen kept as SVG.

Run: python -m scripts.picture docs/terminal.svg
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

COLUMNS, ROWS = 96, 46
ANSWER = (
    "Machine learning is the wider field and deep learning one part of it: many-layered neural networks that learn "
    "their features from the data. They need far more data and hardware."
)
COLOURS = {"brown": "yellow", "brightbrown": "bright_yellow"}


def screen_after(lines: list[str], home: Path) -> pyte.Screen:
    """The screen once these lines were typed and answered."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    environ = {**os.environ, "VIVA_HOME": str(home), "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "chat", "--seed", "4"],
        env=environ,
        dimensions=(ROWS, COLUMNS),
        encoding="utf-8",
        timeout=20,
    )
    for line in [*lines, None]:
        _settle(child, stream)
        if line is not None:
            child.send(line + "\r")
    child.close(force=True)
    return screen


def _settle(child: pexpect.spawn, stream: pyte.Stream, quiet: float = 2.5) -> None:
    """Reads until nothing was written for a while."""
    until = time.monotonic() + quiet
    while time.monotonic() < until:
        try:
            stream.feed(child.read_nonblocking(4096, timeout=0.1))
            until = time.monotonic() + quiet
        except pexpect.TIMEOUT:
            continue


def drawn(screen: pyte.Screen) -> Text:
    """The screen as styled text."""
    text = Text()
    for row in range(ROWS):
        for column in range(COLUMNS):
            char = screen.buffer[row][column]
            text.append(
                char.data, Style(color=_colour(char.fg), bold=char.bold, italic=char.italics, reverse=char.reverse)
            )
        text.append("\n")
    return text


def _colour(name: str) -> str | None:
    if name == "default":
        return None
    return f"#{name}" if len(name) == 6 and all(c in "0123456789abcdef" for c in name) else COLOURS.get(name, name)


def main(target: str) -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as home:
        screen = screen_after([ANSWER], Path(home))
    console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w", encoding="utf-8"), force_terminal=True)  # noqa: SIM115
    console.print(drawn(screen))
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    console.save_svg(target, title="viva chat")


if __name__ == "__main__":
    main(sys.argv[1])
