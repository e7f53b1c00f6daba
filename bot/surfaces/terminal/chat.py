"""The entry to a sitting in a terminal or a pipe: puts together what fits here, and ends it with a word on what next.

The sitting itself is `talking`'s. Programs are served by `jsonl`; `offering` asks whether to go on with a sitting.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from bot.interview import Interview
from bot.surfaces.terminal import private
from bot.surfaces.terminal.ahead import Ahead
from bot.surfaces.terminal.commands import PythonOf, as_it_stands
from bot.surfaces.terminal.drafts import Drafts
from bot.surfaces.terminal.editor import editor
from bot.surfaces.terminal.lines import Lines
from bot.surfaces.terminal.listening import Ear, NamedEar, PipeEar
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.speaking import Interrupts, PlainSpeaker, Speaker
from bot.surfaces.terminal.status import status_line
from bot.surfaces.terminal.style import Style
from bot.surfaces.terminal.talking import Chat, Place
from bot.surfaces.terminal.writing import Writing

#: The commands that go on with a sitting, and that show what it came to.
RESUME = "viva chat --resume {session}"
REPORT = "viva report {session}"
OVER = "The whole report: `{report}`"
LEFT = "The sitting ends here, and all of it is kept. To go on: `{resume}`. The report so far: `{report}`"


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
    python_of: PythonOf = as_it_stands,
    afterwards: bool = False,
) -> int:
    """One sitting, until its end or the end of input; the exit code. `afterwards` it is over, and is heard on."""
    out = Output(stdout)
    with contextlib.closing(Ahead(stdin)) as ahead, out.leaving_quietly():
        place = _place(interview, out, style, stdin, ahead, home, environ, new_id, python_of)
        over = await Chat(place).run(resumed, afterwards) or afterwards
        report, resume = (way.format(session=interview.session_id) for way in (report_with, resume_with))
        place.speaker.note(OVER.format(report=report) if over else LEFT.format(report=report, resume=resume))
    return 0


def _place(
    interview: Interview,
    out: Output,
    style: Style,
    stdin: TextIO,
    ahead: Ahead,
    home: Path,
    environ: Mapping[str, str],
    new_id: Callable[[], str],
    python_of: PythonOf,
) -> Place:
    held = ahead.held if style.look == "rich" else contextlib.nullcontext
    interrupts = Interrupts(style.terminal_in, interview.stop_run, held)
    speaker, listen = _ends(interview, out, interrupts, style, stdin, ahead, home, environ)
    path = None if style.look == "pipe" else private.file_of(home, interview.session_id, ".draft.json")
    own_editor = editor(environ, fall_back=style.look == "rich")  # a screen reader's user is not put before vi
    writing = Writing(interview, speaker, interrupts, style.look, home, own_editor, python_of)
    return Place(interview, speaker, listen, Drafts(path), interrupts, writing, style.look, new_id, python_of)


def _ends(
    interview: Interview,
    out: Output,
    interrupts: Interrupts,
    style: Style,
    stdin: TextIO,
    ahead: Ahead,
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
        return PromptEar(stdin, out.stream, environ, style.colour, history, status, ahead.take)

    return StyledSpeaker(out, interrupts, environ, style.colour), listen
