"""A sitting in a terminal or a pipe: reads, hands over what is an answer, does what is a matter of the terminal.

It decides nothing about the interview. Programs are served by `jsonl`; `offering` asks whether to go on with one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.errors import VivaError, WrongUsage
from bot.interview import Interview
from bot.surfaces.terminal import private
from bot.surfaces.terminal.commands import Own, own, program, read_program
from bot.surfaces.terminal.drafts import Draft, Drafts
from bot.surfaces.terminal.editor import edited, editor, left_behind
from bot.surfaces.terminal.lines import Lines
from bot.surfaces.terminal.listening import Ear, NamedEar, PipeEar
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.speaking import Interrupts, PlainSpeaker, Speaker
from bot.surfaces.terminal.status import status_line
from bot.surfaces.terminal.style import Look, Style

FIRST_PROMPT: Mapping[Look, str] = {
    "rich": "Enter sends, Alt-Enter breaks the line. Ctrl-C stops what I say, Ctrl-D ends the sitting and keeps it. "
    "`/help` shows what you can say.",
    "named": "Enter sends; a backslash at the end of a line goes on in the next. Ctrl-C stops what I say, Ctrl-D ends "
    "the sitting and keeps it. `/help` shows what you can say.",
}
#: The commands that go on with a sitting, and that show what it came to.
RESUME = "viva chat --resume {session}"
REPORT = "viva report {session}"
HAND_IN: Mapping[bool, str] = {
    True: "`/code FILE` hands in a program, `/code` opens one in your editor; or describe it in words.",
    False: "`/code FILE` hands in a program, `/code` takes one that you paste; or describe it in words.",
}
NOT_KEPT = "Your last message could not be written to the log. It is kept as a draft, and sent when you resume."
PASTE = "Paste or type the program, then a line with only a dot, or Ctrl-D. (With EDITOR set, `/code` opens an editor.)"


async def chat(
    interview: Interview,
    *,
    resumed: bool,
    style: Style,
    stdin: TextIO,
    stdout: TextIO,
    home: Path,
    environ: Mapping[str, str],
    new_id: Callable[[], str],
    resume_with: str = RESUME,
    report_with: str = REPORT,
) -> int:
    """One sitting, until its end or the end of input; the exit code."""
    out = Output(stdout)
    with out.leaving_quietly():
        place = _place(interview, out, style, stdin, home, environ, new_id)
        over = await Chat(place).run(resumed)
        shown = (report_with if over else resume_with).format(session=interview.session_id)
        told = "The whole report" if over else "The sitting ends here, and all of it is kept. To go on"
        place.speaker.note(f"{told}: `{shown}`")
    return 0


@dataclass(frozen=True)
class Place:
    """Where a sitting takes place: its mouth, its ear, and what keeps words safe until they are heard."""

    interview: Interview
    speaker: Speaker
    #: Called once the first words are on screen: what a prompt needs takes a moment to load.
    listen: Callable[[], Ear]
    drafts: Drafts
    interrupts: Interrupts
    look: Look
    home: Path
    editor: list[str] | None
    new_id: Callable[[], str]


class Chat:
    """One sitting."""

    def __init__(self, place: Place) -> None:
        self.here = place
        self.draft = ""
        self.told: set[str | None] = set()

    async def run(self, resumed: bool) -> bool:
        """Reads and hands over until the interview ends (True) or the candidate leaves (False)."""
        here = self.here
        try:
            with here.interrupts.watched():
                await (here.interview.resume if resumed else here.interview.begin)(here.speaker)
            await self._take_up()
            if here.interview.session.ended is None and here.look in FIRST_PROMPT:
                here.speaker.note(FIRST_PROMPT[here.look])
            self.ear = here.listen()
            while here.interview.session.ended is None:
                self._tell()
                text = await self.ear.read(self.draft, here.drafts.typed)
                if text is None:
                    return False
                self.draft = ""
                await self._take(text)
            return True
        except asyncio.CancelledError:
            if not here.interrupts.leaving:
                raise
            return False
        finally:
            here.drafts.close()

    def _tell(self) -> None:
        """Says what only this terminal knows: that drafts cannot be kept, and how it takes a program."""
        trouble = self.here.drafts.trouble()
        if trouble:
            self.here.speaker.note(trouble)
        stands = self.here.interview.stands()
        if stands.owes == "code" and self.here.look != "pipe" and stands.question not in self.told:
            self.told.add(stands.question)
            self.here.speaker.note(HAND_IN[self.here.editor is not None])

    async def _take_up(self) -> None:
        """Takes up what was left unsent, or was being sent when the sitting broke off."""
        left = self.here.drafts.load()
        if left is None:
            return
        interview = self.here.interview
        if left.id is None:
            self.draft = left.text
        elif interview.stands().question == left.question and interview.session.ended is None:
            self.here.speaker.note("What you had just sent when the sitting broke off is sent again; it counts once.")
            await self._send(left)
        elif not left.text.startswith("/") and not self._heard(left.code or left.text):
            self.draft = left.text

    def _heard(self, text: str) -> bool:
        askings = self.here.interview.session.askings.values()
        return any(c.part.text.strip() == text.strip() for asking in askings for c in asking.contributions)

    async def _take(self, text: str) -> None:
        """Does what is a matter of this terminal; hands over the rest."""
        above, _, last = text.rpartition("\n")
        ours = own(f"/edit {above}") if last.strip() == "/edit" else own(text)
        try:
            if ours is None or (ours.word == "code" and ours.rest and ours.file is None):
                await self._deliver(text)
            elif ours.word == "edit":
                await self._edit(ours.rest)
            else:
                await self._code(ours)
        except WrongUsage as wrong:
            self.here.drafts.clear()
            self.here.speaker.heard(text)
            self.here.speaker.note(str(wrong))

    async def _deliver(self, text: str, code: str | None = None) -> None:
        question = self.here.interview.stands().question
        await self._send(Draft(text, code, f"terminal:{self.here.new_id()}", question))

    async def _send(self, message: Draft) -> None:
        """Hands a message over; until its words are in the log they are kept beside it."""
        here = self.here
        here.drafts.sending(message)
        here.speaker.heard(message.text if message.code is None else _handed_in(message.code))

        safe = False

        async def kept() -> None:
            nonlocal safe
            here.drafts.clear()
            safe = True

        assert message.id is not None
        try:
            with here.interrupts.watched():
                async with here.speaker.working():
                    await here.interview.hear(here.speaker, message.id, message.text, message.code, kept)
        except VivaError:
            if not safe and here.look != "pipe":
                here.speaker.note(NOT_KEPT)
            raise

    async def _edit(self, text: str) -> None:
        """Opens the editor with the text; what comes back stands at the prompt, not yet sent."""
        if self.here.look == "pipe":
            raise WrongUsage("/edit opens an editor, which needs a terminal. Write the answer on one line instead.")
        if self.here.editor is None:
            raise WrongUsage("No editor is set. Set EDITOR (for example: export EDITOR=nano), or go on typing here.")
        path = self._file(".edit.md")
        before = left_behind(path)
        text = text if not before.strip() or before.strip() in text else f"{before.rstrip()}\n{text}".rstrip()
        with self.here.interrupts.caught(_nothing):
            self.draft = (await edited(self.here.editor, path, text)).rstrip()
        self.here.drafts.typed(self.draft)
        path.unlink(missing_ok=True)

    async def _code(self, ours: Own) -> None:
        """A program from a file, from the editor, or pasted now."""
        asking = self.here.interview.session.current
        if ours.file is not None:
            await self._deliver("", read_program(ours.file))
        elif asking is None or not asking.code:
            await self._deliver("/code")
        elif self.here.editor is not None and self.here.look != "pipe":
            await self._code_in_editor(self.here.editor)
        else:
            if self.here.look != "pipe":
                self.here.speaker.note(PASTE)
            await self._hand_in(await self.ear.program())

    async def _code_in_editor(self, command: list[str]) -> None:
        path = self._file(".program.py")
        stands = self.here.interview.stands()
        with self.here.interrupts.caught(_nothing):
            source = await edited(command, path, left_behind(path) or self._submitted() or stands.starter)
        if source.strip() in ("", stands.starter.strip(), self._submitted().strip()):
            path.unlink(missing_ok=True)
            raise WrongUsage("Nothing was handed in: the program is as it was. `/code` opens it again.")
        await self._hand_in(source)
        path.unlink(missing_ok=True)

    async def _hand_in(self, source: str | None) -> None:
        if source is None or not source.strip():
            raise WrongUsage("Nothing was handed in.")
        await self._deliver("", program(unfenced(source).encode(), "The program"))

    def _submitted(self) -> str:
        """The program that was handed in last for the question on the table."""
        asking = self.here.interview.session.current
        programs = [c.part.text for c in asking.contributions if c.code] if asking else []
        return programs[-1] if programs else ""

    def _file(self, ending: str) -> Path:
        return private.file_of(self.here.home, self.here.interview.session_id, ending)


def unfenced(source: str) -> str:
    """The program without the Markdown fence around it, if there is one."""
    lines = source.strip("\n").split("\n")
    fenced = len(lines) > 1 and lines[0].strip().startswith("```") and lines[-1].strip() == "```"
    return "\n".join(lines[1:-1]) if fenced else source


def _handed_in(source: str) -> str:
    lines = len(source.strip().splitlines())
    return f"(a program of {lines} line{'' if lines == 1 else 's'})"


def _nothing() -> None:
    """What Ctrl-C does while an editor has the terminal: it is the editor's."""


def _place(
    interview: Interview,
    out: Output,
    style: Style,
    stdin: TextIO,
    home: Path,
    environ: Mapping[str, str],
    new_id: Callable[[], str],
) -> Place:
    interrupts = Interrupts(active=style.terminal_in)
    speaker, listen = _ends(interview, out, interrupts, style, stdin, home, environ)
    path = None if style.look == "pipe" else private.file_of(home, interview.session_id, ".draft.json")
    return Place(interview, speaker, listen, Drafts(path), interrupts, style.look, home, editor(environ), new_id)


def _ends(
    interview: Interview,
    out: Output,
    interrupts: Interrupts,
    style: Style,
    stdin: TextIO,
    home: Path,
    environ: Mapping[str, str],
) -> tuple[Speaker, Callable[[], Ear]]:
    """The mouth and the ear. Only where a terminal can redraw are rich and prompt_toolkit needed."""
    if style.look != "rich":
        plain, lines = PlainSpeaker(out, interrupts, echo=style.look == "pipe"), Lines(stdin)
        if style.look == "pipe":
            return plain, lambda: PipeEar(lines, plain)
        return plain, lambda: NamedEar(lines, plain, out, interrupts)
    from bot.surfaces.terminal.styled import StyledSpeaker, columns

    def status(waited: float) -> str:
        return status_line(interview.stands(), columns(out), waited)

    def listen() -> Ear:
        from bot.surfaces.terminal.prompt import PromptEar

        history = private.folder(home) / private.HISTORY
        return PromptEar(stdin, out.stream, environ, style.colour, history, status)

    return StyledSpeaker(out, interrupts, environ, style.colour), listen
