"""Saying replies in a terminal that can show colours and take back a line: rich's rendering, written bit by bit."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType, detect_legacy_windows
from rich.theme import Theme

from bot.core.quoting import verbatim
from bot.core.reply import Reply, Series
from bot.core.run_words import progress_in_words
from bot.core.training import Progress
from bot.surfaces.terminal.curves import LINES, drawn
from bot.surfaces.terminal.output import Output, OutputGone
from bot.surfaces.terminal.rendering import KINDS, THEME, WIDEST, Chat, rendered
from bot.surfaces.terminal.speaking import CUT, PATIENCE, Interrupts
from bot.surfaces.terminal.uttering import Uttered

#: Lines that are written in one go; between two goes Ctrl-C is looked for.
_AT_ONCE = 12
#: Seconds between two drawings of a curve that grows.
_BETWEEN = 0.25
_SPINNER = "-\\|/"
_BLANKS_AT_END = re.compile(r" +((?:\x1b\[[0-9;]*m)*)$", re.MULTILINE)


class StyledSpeaker:
    """Prints replies below each other; all that it ever takes back is its own "One moment", and a curve that grows."""

    once = True
    by_turns = False

    def __init__(self, out: Output, interrupts: Interrupts, environ: Mapping[str, str], colour: bool) -> None:
        self._out = out
        self._interrupts = interrupts
        self._console = Console(
            file=out.stream,
            theme=THEME,
            color_system="auto" if colour and not detect_legacy_windows() else None,
            force_terminal=True,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ=environ,
        )
        self._spinning = 0
        self._last = 0.0
        self._live: tuple[int, ...] = ()
        self._reflows = reflows(environ)
        self._drew = 0.0
        self._stage = ""
        self._uttered = Uttered()

    async def utter(self, seq: int, sentence: str) -> None:
        """A line for each sentence: what stands is not touched again."""
        if not self._interrupts.hushed:
            self._uttered.add(seq, sentence)
            self._clear()
            self._out.write(self._text(Chat(verbatim(sentence)), Theme({})).rstrip("\n") + "\n")

    async def say(self, seq: int, replies: Sequence[Reply]) -> None:
        for whole in replies:
            reply = self._uttered.rest(seq, whole)
            if reply is not whole:
                self._out.write("\n")
            if self._interrupts.skips(reply):
                continue
            theme = Theme({"markdown.strong": f"bold {KINDS.get(reply.kind, ('', 0))[0]}"}, inherit=False)
            for part in rendered(reply):
                if not await self._print(part, theme, reply):
                    self.note(CUT)
                    break

    def note(self, markdown: str) -> None:
        self._clear()
        self._out.write(self._text(Chat(markdown), Theme({"markdown.paragraph": "dim"}, inherit=False)) + "\n")

    def heard(self, text: str) -> None:
        """The prompt shows it already; a blank line parts the turns."""
        self._out.write("\n")

    def progress(self, question: str, progress: Progress) -> None:
        """Draws the curve of a run in place while it grows."""
        now = asyncio.get_running_loop().time()
        if now - self._drew < _BETWEEN and progress.stage == self._stage:
            return
        height = lines_of(self._out)
        width = min(columns(self._out), WIDEST)
        picture = drawn([Series("loss", progress.curve.steps, progress.curve.losses)], width, min(LINES, height - 4))
        text = f"{picture}\n" if picture else ""
        self._clear()
        words = f"{progress_in_words(progress)} Ctrl-C stops it."
        text += words[: width - 1]
        self._out.write(text + "\n")
        self._live, self._drew, self._stage = tuple(map(cell_len, text.split("\n"))), now, progress.stage

    async def _print(self, part: RenderableType, theme: Theme, reply: Reply) -> bool:
        """Writes a part bit by bit; False when Ctrl-C cut it short."""
        lines = self._text(part, theme).splitlines(keepends=True)
        for start in range(0, len(lines), _AT_ONCE):
            if self._interrupts.skips(reply):
                return False
            self._clear()
            self._out.write("".join(lines[start : start + _AT_ONCE]))
            await asyncio.sleep(0)  # lets Ctrl-C in
        return True

    def _text(self, part: RenderableType, theme: Theme) -> str:
        self._console.width = min(columns(self._out), WIDEST)
        with self._console.capture() as captured, self._console.use_theme(theme):
            self._console.print(part)
        return _BLANKS_AT_END.sub(r"\1", captured.get()).lstrip("\n")

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        self._last = asyncio.get_running_loop().time()
        spinner = asyncio.create_task(self._spin())
        try:
            yield
        finally:
            spinner.cancel()
            self._clear()

    async def _spin(self) -> None:
        """After a second of silence, and until something is said, shows that work goes on."""
        loop = asyncio.get_running_loop()
        turn = 0
        with contextlib.suppress(OutputGone):
            while True:
                await asyncio.sleep(0.1)
                waited = loop.time() - self._last
                if waited < PATIENCE or self._live:
                    continue
                turn += 1
                line = f"{_SPINNER[turn % len(_SPINNER)]} One moment ({int(waited)} s)"
                self._out.write(f"\r{line}")
                self._spinning = len(line)

    def _clear(self) -> None:
        self._last = asyncio.get_running_loop().time()
        if self._live:
            rows = rows_of(self._live, columns(self._out)) if self._reflows else len(self._live)
            self._out.write(f"\r\x1b[{rows}A\x1b[J")  # Ctrl-C may have left a `^C` before the cursor
            self._live = ()
        if self._spinning:
            self._out.write("\r\x1b[K")
            self._spinning = 0


def reflows(environ: Mapping[str, str]) -> bool:
    """Whether a line that has become too long for the window goes on in the next row, as in nearly all terminals."""
    cuts = environ.get("XTERM_VERSION") or environ.get("STY") or environ.get("TERM", "").startswith(("rxvt", "linux"))
    return not cuts


def rows_of(widths: Sequence[int], window: int) -> int:
    """How many rows lines of these widths take in a window that has become so wide."""
    return sum(max(1, -(-width // max(1, window))) for width in widths)


def lines_of(out: Output) -> int:
    """How high the window is at this moment."""
    try:
        return os.get_terminal_size(out.stream.fileno()).lines or 24
    except (OSError, ValueError):
        return shutil.get_terminal_size().lines


def columns(out: Output) -> int:
    """How wide the window is at this moment."""
    try:
        return os.get_terminal_size(out.stream.fileno()).columns or 80
    except (OSError, ValueError):
        return shutil.get_terminal_size().columns
