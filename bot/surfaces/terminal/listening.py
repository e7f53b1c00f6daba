"""Reading what the candidate says, by the line: from a pipe, or from a terminal that must not be redrawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.surfaces.terminal.lines import Line, Lines
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.speaking import Interrupts, Speaker
from bot.surfaces.text.harmless import harmless

#: Lines that follow each other faster than this (seconds) were pasted, not typed.
PASTED = 0.05
UNSENT = "This is what you had not sent yet:"
AHEAD = "This you typed before I was done:"
ON_CTRL_C = "Ctrl-C stops what I say. Ctrl-D ends the sitting and keeps it."


class Ear(Protocol):
    """Where the candidate's words come from. `typed` is told what stands unsent, as it changes."""

    async def read(self, draft: str, typed: Callable[[str], None]) -> str | None:
        """The next message, begun from the draft; None at the end of input."""
        ...

    async def program(self) -> str | None:
        """A program that is pasted or typed, up to a line that is only a dot; None at the end of input."""
        ...

    async def choice(self, asks: str) -> str | None:
        """What is said to a question of this terminal's own; None when nothing is."""
        ...


class PipeEar:
    """One line is one message; blank lines are none."""

    def __init__(self, lines: Lines, speaker: Speaker) -> None:
        self._lines = lines
        self._speaker = speaker

    async def read(self, draft: str, typed: Callable[[str], None]) -> str | None:
        while (line := await self._lines.line()) is not None:
            if line.trouble:
                self._speaker.note(line.trouble)
            if line.text.strip():
                return line.text
        return None

    async def program(self) -> str | None:
        return await _until_dot(self._lines.line)

    async def choice(self, asks: str) -> str | None:
        return None  # a pipe's lines are for the interview


class NamedEar:
    """A terminal as it is: a line is a message, a backslash at its end goes on, pasted lines are one message."""

    def __init__(self, lines: Lines, speaker: Speaker, out: Output, interrupts: Interrupts) -> None:
        self._lines = lines
        self._speaker = speaker
        self._out = out
        self._interrupts = interrupts

    async def read(self, draft: str, typed: Callable[[str], None]) -> str | None:
        ahead = await self._ahead()
        if ahead:
            draft = "\n".join(filter(None, [draft, ahead]))
            typed(draft)
        sends = bool(draft.strip()) and await self._sends(draft, AHEAD if ahead else UNSENT)
        if sends is not False:
            return draft if sends else None
        said: list[str] = []
        pasted = False
        while True:
            line = await self._line("" if pasted else "... " if said else "You: ")
            if line is None:
                return "\n".join(said) if said else None
            if pasted and not line.text.strip() and not await self._lines.soon(PASTED):
                return "\n".join(said)
            goes_on = line.text.endswith("\\") and not pasted
            said.append(line.text[:-1] if goes_on else line.text)
            typed("\n".join(said))
            burst = not line.text.startswith("/") and await self._lines.soon(PASTED)
            if not pasted and burst:
                pasted = True
            elif pasted and not burst:
                self._out.write("\n")  # the paste's last line may stand there unfinished
                self._speaker.note(f"{len(said)} lines so far. An empty line sends them as one answer.")
            if not (goes_on or pasted):
                return "\n".join(said)

    async def program(self) -> str | None:
        return await _until_dot(lambda: self._line(""))

    async def choice(self, asks: str) -> str | None:
        line = await self._line(f"{asks} ")
        return None if line is None else line.text

    async def _ahead(self) -> str:
        """The lines that were typed before anything was asked: they wait for a word, too. Blank lines alone are none.

        A Ctrl-D among them is dropped; after two in a row nobody may be there any more, and the prompt finds that out.
        """
        lines: list[str] = []
        ends = 0
        while ends < 2 and await self._lines.soon(0):
            line = await self._lines.line()
            ends = ends + 1 if line is None else 0
            if line is not None:
                self._tell(line)
                lines.append(line.text)
        text = "\n".join(lines)
        return text if text.strip() else ""

    async def _sends(self, draft: str, what: str) -> bool | None:
        """Whether the candidate wants this sent now; None on Ctrl-D, which keeps it and ends the sitting."""
        self._speaker.note(what)
        self._out.write(f"You: {harmless(draft)}\n\n")
        line = await self._line("Send it now? [Y/n] ")
        return None if line is None else line.text.strip().lower() in ("", "y", "yes")

    async def _line(self, prompt: str) -> Line | None:
        self._out.write(prompt)

        def pressed() -> None:
            self._out.write("\n")
            self._speaker.note(ON_CTRL_C)
            self._out.write(prompt)

        with self._interrupts.caught(pressed):
            line = await self._lines.line()
        if line is None:
            self._out.write("\n")
        else:
            self._tell(line)
        return line

    def _tell(self, line: Line) -> None:
        """Says what went wrong with a line, if anything did."""
        if line.trouble:
            self._speaker.note(line.trouble)


async def _until_dot(next_line: Callable[[], Awaitable[Line | None]]) -> str | None:
    lines: list[str] = []
    while (line := await next_line()) is not None:
        if line.text.strip() == ".":
            return "\n".join(lines)
        lines.append(line.text)
    return "\n".join(lines) if lines else None
