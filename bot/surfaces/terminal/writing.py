"""What is written outside the prompt: answers in the candidate's editor, and programs from a file, editor or paste."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from bot.core.session import Session
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.surfaces.terminal import private
from bot.surfaces.terminal.commands import PythonOf, as_it_stands, program
from bot.surfaces.terminal.editor import SET_ONE, Editor, edited, left_behind
from bot.surfaces.terminal.listening import Ear
from bot.surfaces.terminal.speaking import Interrupts, Speaker
from bot.surfaces.terminal.style import Look

PASTE = "Paste or type the program, then a line with only a dot, or Ctrl-D. (With EDITOR set, `/code` opens an editor.)"
SUBMIT = "Submit it? [Y]es, [e]dit again, [k]eep it for later:"
SAY_ONE = "Say `yes`, `edit` or `keep`."
KEPT = "It is kept. `/code` opens it again where you left it."
AS_IT_WAS = (
    "Nothing was handed in: the program is as it was. `/code` opens it again. (An editor with a window of its own has "
    'to wait until you close it: `export EDITOR="code --wait"`, say.)'
)
Choice = Literal["submit", "edit", "keep"]
CHOICES: Mapping[str, Choice] = {
    **dict.fromkeys(("", "y", "yes", "s", "submit", "ok"), "submit"),
    **dict.fromkeys(("e", "edit", "again", "edit again"), "edit"),
    **dict.fromkeys(("k", "keep", "l", "later", "n", "no", "keep for later"), "keep"),
}


class Writing:
    """The candidate's desk: an editor where one is set, and files that keep what is written until it is heard."""

    def __init__(
        self,
        interview: Interview,
        speaker: Speaker,
        interrupts: Interrupts,
        look: Look,
        home: Path,
        editor: Editor | None,
        python_of: PythonOf = as_it_stands,
    ) -> None:
        self._interview = interview
        self._speaker = speaker
        self._interrupts = interrupts
        self._pipe = look == "pipe"
        self._python_of = python_of
        self._told = False
        self.editor = None if self._pipe else editor
        self._answer = private.file_of(home, interview.session_id, ".edit.md")
        self._program = private.file_of(home, interview.session_id, ".program.py")

    async def answer(self, text: str) -> str:
        """The text as it came back from the editor. Its file stays until `answer_is_safe`."""
        if self._pipe:
            raise WrongUsage("/edit opens an editor, which needs a terminal. Write the answer on one line instead.")
        if self.editor is None:
            raise WrongUsage(f"No editor is set. {SET_ONE}; or go on typing here.")
        self._introduce(self.editor)
        before = left_behind(self._answer)
        text = text if not before.strip() or before.strip() in text else f"{before.rstrip()}\n{text}".rstrip()
        with self._interrupts.caught(_nothing):
            return (await edited(self.editor, self._answer, text)).rstrip()

    def answer_is_safe(self) -> None:
        """The text is a draft now: the editor's file is of no more use."""
        self._answer.unlink(missing_ok=True)

    async def program(self, ear: Ear) -> str | None:
        """A program from the editor, or pasted; None when it is kept. Its file stays until `program_is_safe`."""
        if self.editor is None:
            if not self._pipe:
                self._speaker.note(PASTE)
            return self._pasted(await ear.program())
        self._introduce(self.editor)
        starter, submitted = self._interview.stands().starter, _submitted(self._interview.session)
        while True:
            with self._interrupts.caught(_nothing):
                source = await edited(self.editor, self._program, left_behind(self._program) or submitted or starter)
            if source.strip() in ("", starter.strip(), submitted.strip()):
                self.program_is_safe()
                raise WrongUsage(AS_IT_WAS)
            chosen = await self._chosen(ear)
            if chosen == "submit":
                return _checked(left_behind(self._program))
            if chosen == "keep":
                self._speaker.note(KEPT)
                return None

    async def _chosen(self, ear: Ear) -> Choice:
        """What is to become of a program that was saved; with no word at all it is kept."""
        while (said := await ear.choice(SUBMIT)) is not None:
            chosen = CHOICES.get(said.strip(" .!").lower())
            if chosen is not None:
                return chosen
            self._speaker.note(SAY_ONE)
        return "keep"

    def _introduce(self, editor: Editor) -> None:
        """Says once what is opened where the candidate did not choose it."""
        if editor.says and not self._told:
            self._told = True
            self._speaker.note(editor.says)

    def _pasted(self, source: str | None) -> str:
        found, left_out = self._python_of(_checked(source), "")
        for sentence in left_out:
            self._speaker.note(sentence)
        return found

    def begun(self) -> str:
        """Where a program is that was begun at an earlier sitting; empty where there is none."""
        if not left_behind(self._program).strip():
            return ""
        how = "`/code` opens it" if self.editor is not None else f"`/code {self._program}` hands it in"
        return f"The program that you had begun is kept: {how}."

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
