"""What is written outside the prompt: answers in the candidate's editor, and programs from a file, editor or paste."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.core.session import Session
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.surfaces.terminal import private
from bot.surfaces.terminal.commands import program
from bot.surfaces.terminal.editor import edited, left_behind
from bot.surfaces.terminal.speaking import Interrupts, Speaker
from bot.surfaces.terminal.style import Look

PASTE = "Paste or type the program, then a line with only a dot, or Ctrl-D. (With EDITOR set, `/code` opens an editor.)"


class Writing:
    """The candidate's desk: an editor where one is set, and files that keep what is written until it is heard."""

    def __init__(
        self,
        interview: Interview,
        speaker: Speaker,
        interrupts: Interrupts,
        look: Look,
        home: Path,
        editor: list[str] | None,
    ) -> None:
        self._interview = interview
        self._speaker = speaker
        self._interrupts = interrupts
        self._pipe = look == "pipe"
        self.editor = None if self._pipe else editor
        self._answer = private.file_of(home, interview.session_id, ".edit.md")
        self._program = private.file_of(home, interview.session_id, ".program.py")

    async def answer(self, text: str) -> str:
        """The text as it came back from the editor. Its file stays until `answer_is_safe`."""
        if self._pipe:
            raise WrongUsage("/edit opens an editor, which needs a terminal. Write the answer on one line instead.")
        if self.editor is None:
            raise WrongUsage("No editor is set. Set EDITOR (for example: export EDITOR=nano), or go on typing here.")
        before = left_behind(self._answer)
        text = text if not before.strip() or before.strip() in text else f"{before.rstrip()}\n{text}".rstrip()
        with self._interrupts.caught(_nothing):
            return (await edited(self.editor, self._answer, text)).rstrip()

    def answer_is_safe(self) -> None:
        """The text is a draft now: the editor's file is of no more use."""
        self._answer.unlink(missing_ok=True)

    async def program(self, pasted: Callable[[], Awaitable[str | None]]) -> str:
        """A program from the editor, or pasted. Its file stays until `program_is_safe`."""
        if self.editor is None:
            if not self._pipe:
                self._speaker.note(PASTE)
            return _checked(await pasted())
        starter, submitted = self._interview.stands().starter, _submitted(self._interview.session)
        with self._interrupts.caught(_nothing):
            source = await edited(self.editor, self._program, left_behind(self._program) or submitted or starter)
        if source.strip() in ("", starter.strip(), submitted.strip()):
            self.program_is_safe()
            raise WrongUsage("Nothing was handed in: the program is as it was. `/code` opens it again.")
        return _checked(source)

    def program_is_safe(self) -> None:
        """The program is in the log: the editor's file is of no more use."""
        self._program.unlink(missing_ok=True)

    def keep(self, source: str) -> None:
        """Keeps a program that was not heard where the next `/code` opens it."""
        try:
            private.write_private(self._program, source)
        except OSError:
            return
        self._speaker.note(f"A program that you had sent was not heard in time. It is kept: `/code {self._program}`")


def _checked(source: str | None) -> str:
    if source is None or not source.strip():
        raise WrongUsage("Nothing was handed in.")
    return program(unfenced(source).encode(), "The program")


def _submitted(session: Session) -> str:
    """The program that was handed in last for the question on the table."""
    programs = [c.part.text for c in session.current.contributions if c.code] if session.current else []
    return programs[-1] if programs else ""


def unfenced(source: str) -> str:
    """The program without the Markdown fence around it, if there is one."""
    lines = source.strip("\n").split("\n")
    fenced = len(lines) > 1 and lines[0].strip().startswith("```") and lines[-1].strip() == "```"
    return "\n".join(lines[1:-1]) if fenced else source


def _nothing() -> None:
    """What Ctrl-C does while an editor has the terminal: it is the editor's."""
