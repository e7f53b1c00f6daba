"""Draws the README's picture of the terminal: a real `viva chat` in a pseudo-terminal, its screen kept as SVG.

Run: python -m scripts.picture docs/terminal.svg
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path
from typing import Any

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
    """The screen as styled text, without the empty rows at its end."""
    rows = [screen.buffer[row] for row in range(ROWS)]
    while rows and not "".join(rows[-1][column].data for column in range(COLUMNS)).strip():
        rows.pop()
    text = Text()
    for row in rows:
        cells = ((row[column].data, _style(row[column])) for column in range(COLUMNS))
        for style, run in groupby(cells, key=lambda cell: cell[1]):
            text.append("".join(data for data, _ in run), style)
        text.append("\n")
    return text


def _style(char: Any) -> Style:
    return Style(color=_colour(char.fg), bold=char.bold, italic=char.italics, reverse=char.reverse)


def _colour(name: str) -> str | None:
    if name == "default":
        return None
    return f"#{name}" if len(name) == 6 and all(c in "0123456789abcdef" for c in name) else COLOURS.get(name, name)


def main(target: str) -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as home:
        screen = screen_after([ANSWER], Path(home))
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(drawn(screen))
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    drawing = console.export_svg(title="viva chat")
    Path(target).write_text(re.sub(r"@font-face \{.*?\}\n?", "", drawing, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
