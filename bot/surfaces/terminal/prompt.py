"""The prompt of a terminal that can redraw, by prompt_toolkit: editing, history, completion and the status line."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.data_structures import Size
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.history import History
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth, Output, create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Style

from bot.surfaces.terminal.commands import COMMANDS
from bot.surfaces.terminal.history import read_history, write_history
from bot.surfaces.terminal.listening import ON_CTRL_C
from bot.surfaces.text.harmless import storable

#: Keys that follow Enter faster than this (seconds) were pasted by a terminal that does not mark what is pasted.
_PASTED = 0.02
TYPED_AHEAD = "You typed this before I was done, so it is not sent yet: Enter sends it."
_COLOURED = Style.from_dict({"prompt": "ansicyan bold", "bottom-toolbar": "noreverse dim"})
_BARE = Style.from_dict({"prompt": "", "bottom-toolbar": "noreverse"})
_DROPPED = "\x00"


class PromptEar:
    """Reads messages at a prompt; `status` gives the line below it, told how long the prompt has been open.

    `ahead` gives what was typed before the prompt stood there: it begins the message, and is not sent of itself.
    """

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        environ: Mapping[str, str],
        colour: bool,
        history: Path,
        status: Callable[[float], str],
        ahead: Callable[[], str] = lambda: "",
    ) -> None:
        self._status = status
        self._ahead = ahead
        self._notice = ""
        self._opened = 0.0
        looks: dict[str, Any] = {
            "message": [("class:prompt", "> ")],
            "prompt_continuation": "  ",
            "multiline": True,
            "input": create_input(stdin),
            "output": _output(stdout, environ),
            "color_depth": None if colour else ColorDepth.MONOCHROME,
            "style": _COLOURED if colour else _BARE,
            "enable_suspend": True,
            "reserve_space_for_menu": 6,
        }
        self._spoken: PromptSession[str] = PromptSession(
            **looks,
            key_bindings=self._keys(),
            history=_Spoken(history),
            completer=Commands(),
            complete_while_typing=Condition(_begins_command),
            bottom_toolbar=lambda: self._notice or self._status(time.monotonic() - self._opened),
            refresh_interval=30,
        )
        self._programs: PromptSession[str] = PromptSession(
            **looks,
            key_bindings=_program_keys(),
            bottom_toolbar="A line with only a dot, or Ctrl-D, hands the program in; Ctrl-C drops it.",
        )
        self._choices: PromptSession[str] = PromptSession(**{**looks, "multiline": False})

    async def read(self, draft: str, typed: Callable[[str], None]) -> str | None:
        """The next message, begun from the draft and what was typed ahead; None on Ctrl-D at this very prompt."""
        ahead = self._ahead()
        self._notice, self._opened = TYPED_AHEAD if ahead else "", time.monotonic()
        draft = "\n".join(filter(None, [draft, storable(ahead)]))
        buffer = self._spoken.default_buffer

        def changed(_: Any) -> None:
            self._notice = ""
            typed(storable(buffer.text))

        if ahead:
            typed(draft)
        buffer.on_text_changed += changed
        try:
            return storable(await self._spoken.prompt_async(default=draft))
        except EOFError:
            return None
        finally:
            buffer.on_text_changed -= changed

    async def program(self) -> str | None:
        """A program, typed or pasted; None when it was dropped."""
        text = await self._programs.prompt_async()
        return None if text == _DROPPED else storable(text)

    async def choice(self, asks: str) -> str | None:
        """What is said to a question of this terminal's own; None on Ctrl-D and Ctrl-C."""
        try:
            return storable(await self._choices.prompt_async([("class:prompt", f"{asks} ")]))
        except (EOFError, KeyboardInterrupt):
            return None

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        typing = has_focus(DEFAULT_BUFFER)

        @keys.add("enter", filter=typing)
        def _(event: KeyPressEvent) -> None:
            """Sends; within a paste that the terminal did not mark, breaks the line."""
            if _more_comes(event) and not _begins_command():
                event.current_buffer.newline(copy_margin=False)
            else:
                event.current_buffer.validate_and_handle()

        @keys.add("escape", "enter", filter=typing)
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.newline(copy_margin=False)

        @keys.add("c-c", filter=typing)
        @keys.add("<sigint>")
        def _(event: KeyPressEvent) -> None:
            self._notice = ON_CTRL_C
            event.app.invalidate()

        @keys.add("c-d", filter=typing)
        def _(event: KeyPressEvent) -> None:
            event.app.exit(exception=EOFError)

        @keys.add("c-x", "c-e", filter=typing)
        def _(event: KeyPressEvent) -> None:
            """What /edit does, without typing it."""
            event.app.exit(result=f"{event.current_buffer.text}\n/edit")

        return keys


def _program_keys() -> KeyBindings:
    keys = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)

    @keys.add("enter", filter=typing)
    def _(event: KeyPressEvent) -> None:
        document = event.current_buffer.document
        if document.current_line.strip() == "." and document.is_cursor_at_the_end:
            event.app.exit(result=document.text.rpartition(".")[0])
        else:
            event.current_buffer.newline(copy_margin=False)

    @keys.add("c-d", filter=typing)
    def _(event: KeyPressEvent) -> None:
        event.app.exit(result=event.current_buffer.text)

    @keys.add("c-c", filter=typing)
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(result=_DROPPED)

    return keys


def _begins_command() -> bool:
    """Whether what stands at the prompt is one line that begins a command."""
    text = get_app().current_buffer.text
    return text.startswith("/") and not text.startswith("//") and "\n" not in text


def _more_comes(event: KeyPressEvent) -> bool:
    """Whether more keys are there already, as after a paste."""
    if event.app.key_processor.input_queue:
        return True
    try:
        return bool(select.select([event.app.input.fileno()], [], [], _PASTED)[0])
    except (OSError, ValueError, NotImplementedError):  # Windows selects sockets alone
        return False


class Commands(Completer):
    """Completes commands, and file names after `/code`."""

    def __init__(self) -> None:
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        if before.startswith("/code "):
            name = before.removeprefix("/code ")
            yield from self._paths.get_completions(Document(name), complete_event)
        elif before.startswith("/") and not any(blank in before for blank in " \n"):
            for word, does in COMMANDS.items():
                if word.startswith(before):
                    yield Completion(word, -len(before), display_meta=does)


class _Spoken(History):
    """What was said before, from a private file; a disk that will not have it costs the history alone."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def load_history_strings(self) -> Iterable[str]:
        return reversed(read_history(self._path))

    def store_string(self, string: str) -> None:
        write_history(self._path, string)


class _Steady(Vt100_Output):
    """Never asks the terminal where its cursor is: the answer would mix with what is typed, and some never answer.

    The status line then stands right below what is typed, not at the bottom of the window.
    """

    def get_rows_below_cursor_position(self) -> int:
        return 1


def _output(stdout: TextIO, environ: Mapping[str, str]) -> Output:
    if sys.platform == "win32":
        return create_output(stdout)

    def size() -> Size:
        try:
            found = os.get_terminal_size(stdout.fileno())
        except OSError:
            return Size(rows=24, columns=80)
        return Size(rows=found.lines or 24, columns=found.columns or 80)

    return _Steady(stdout, size, term=environ.get("TERM"), enable_bell=False, enable_cpr=False)
