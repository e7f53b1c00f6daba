"""What is typed before the prompt stands: the text that its keys leave, and nothing that acts of itself."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import pty
import select
import signal
import sys
import termios
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TextIO, cast

import pytest

from bot.core.events import Answered
from bot.surfaces.terminal.ahead import Ahead, typed
from bot.surfaces.terminal.lines import Line, Lines
from bot.surfaces.terminal.listening import NamedEar
from bot.surfaces.terminal.output import Output
from bot.surfaces.terminal.speaking import Interrupts, PlainSpeaker
from tests.surfaces.sitting import written
from tests.surfaces.window import Window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("", ""),
        ("an answer\r", "an answer"),
        ("one\rtwo\x1b\rthree", "one\ntwo\nthree"),
        ("tpyo\x7f\x7f\x7fypo", "typo"),
        ("dropped\x15kept\r", "kept"),
        ("two words\x17more", "two more"),
        ("\x1b[A\x1b[200~pasted\x1b[201~\x1bOP", "pasted"),
        ("größer 機械\x01\x00", "größer 機械"),
        ("\x04", ""),
        ("\r\x04", ""),
        ("wor\x04ds\x04", "words"),
    ],
)
def test_keys_leave_a_text(keys: str, text: str) -> None:
    assert typed(keys) == text


def test_nothing_is_echoed_and_the_terminal_is_as_it_was() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        before = termios.tcgetattr(terminal)
        ahead = Ahead(terminal)
        with ahead.held():
            os.write(ours, b"half a line, \xc3")
            assert select.select([theirs], [], [], 10)[0], "what was typed has not arrived"
        assert termios.tcgetattr(terminal) == before
        os.write(ours, b"\xa9")
        assert select.select([ours], [], [], 10)[0] and os.read(ours, 999) == b"\xa9", "this alone is echoed"
        assert ahead.take() == "half a line, é"
        assert ahead.take() == ""
    os.close(ours)


def test_a_terminal_that_was_once_left_silent_is_not_taken_for_one_that_is_so() -> None:
    """However a setting back was lost: the next one sets back what was there first."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        before = termios.tcgetattr(terminal)
        with contextlib.closing(Ahead(terminal)) as ahead:
            with ahead.held():
                silent = termios.tcgetattr(terminal)
            termios.tcsetattr(terminal, termios.TCSANOW, silent)
            with ahead.held():
                pass
            assert termios.tcgetattr(terminal) == before
            termios.tcsetattr(terminal, termios.TCSANOW, silent)
        assert termios.tcgetattr(terminal) == before, "the end of a sitting sets back, too"
    os.close(ours)


def test_holding_needs_no_other_program(tmp_path: Path) -> None:
    """One more process in the foreground is one that Ctrl-C can kill before it has set the terminal back."""
    with Window(tmp_path, "--slow", "1.6", environ={"PATH": str(tmp_path)}) as window:
        window.expect("question 1 of 3")
        window.send("alpha\r").expect("One moment")
        window.send("beta")
        assert "\n> beta\n" in window.expect("it is not sent yet: Enter sends it.")
        assert window.text.count("beta") == 1


def test_ctrl_c_is_caught_until_the_terminal_is_set_back() -> None:
    """Else a press in between would end the sitting with the terminal silent."""

    async def handlers() -> list[object]:
        seen = []

        @contextlib.contextmanager
        def held() -> Iterator[None]:
            yield
            seen.append(signal.getsignal(signal.SIGINT))

        own = signal.getsignal(signal.SIGINT)
        with Interrupts(True, held=held).watched():
            pass
        return [own, *seen]

    own, then = asyncio.run(handlers())
    assert then is not own


def test_leaving_by_ctrl_c_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    """By the key itself, which all that runs in the foreground gets."""
    with Window(tmp_path, "--slow", "30") as window:
        before = termios.tcgetattr(window.child.child_fd)
        window.expect("question 1 of 3")
        window.send("alpha\r").expect("One moment")
        assert not termios.tcgetattr(window.child.child_fd)[3] & termios.ECHO
        window.send("\x03")
        time.sleep(0.3)  # two at once would be one
        window.send("\x03").expect("viva chat --resume s1")
        assert termios.tcgetattr(window.child.child_fd) == before
        assert window.ends() == 0


def test_where_there_is_no_terminal_nothing_is_taken() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"an answer\n")
    with os.fdopen(reading) as piped:
        assert Ahead(piped).take() == ""
        os.close(writing)
        assert piped.read() == "an answer\n"


def test_what_is_typed_ahead_is_not_lost_and_not_sent_of_itself(tmp_path: Path) -> None:
    """It is nowhere among what is drawn meanwhile, and stands at the prompt until Enter sends it."""
    with Window(tmp_path, "--slow", "1.6") as window:
        window.expect("question 1 of 3")
        window.send("alpha\r").expect("One moment")
        window.send("be\r").send("tx\x7fa")
        shown = window.expect("it is not sent yet: Enter sends it.")
        assert "\n> be\n  ta\n" in shown and shown.count("be\n") == 1
        window.send("\x15\x7fta\r").expect("question 2 of 3", seconds=25)
    assert answers(tmp_path) == ["alpha", "beta"]


def test_ctrl_d_typed_ahead_is_dropped_and_at_the_prompt_leaves(tmp_path: Path) -> None:
    """It was meant for what stood there before, as the end of a program that was pressed twice."""
    with Window(tmp_path, "--slow", "1.6") as window:
        window.expect("question 1 of 3")
        window.send("alpha\r").expect("One moment")
        window.send("\x04").expect("follow-up")
        window.settle()
        assert window.child.isalive() and "viva chat --resume" not in window.text
        window.send("\x04")
        assert window.ends() == 0
        shown = " ".join(window.text.split())
    assert shown.endswith("To go on: viva chat --resume s1. The report so far: viva report s1")
    assert answers(tmp_path) == ["alpha"]


@pytest.mark.parametrize("wanted", ["y", "n"])
def test_lines_typed_ahead_are_asked_about_where_nothing_is_redrawn(tmp_path: Path, wanted: str) -> None:
    with Window(tmp_path, "--slow", "0.5", "--plain") as window:
        window.expect("\nYou:")
        window.send("alpha\r")
        window.settle(0.2)
        shown = window.send("beta\r").expect("Send it now? [Y/n]")
        assert "This you typed before I was done:\n\nYou: beta" in shown
        window.send(f"{wanted}\r")
        if wanted == "n":
            window.settle()
            window.send("two betas\r")
        window.expect_raw("Question 2 of 3")
    assert answers(tmp_path) == ["alpha", "beta" if wanted == "y" else "two betas"]


def test_ctrl_d_that_is_typed_ahead_ends_nothing_where_nothing_is_redrawn(tmp_path: Path) -> None:
    with at_work(tmp_path) as window:
        window.send("\x04").expect_raw("of 2 key points")
        window.settle()
        assert window.child.isalive() and "viva chat --resume" not in window.raw
        window.send("\x04").expect_raw("viva chat --resume s1")
        assert window.ends() == 0


def test_a_program_typed_ahead_keeps_its_blank_lines_and_is_a_draft_at_once() -> None:
    drafts: list[str] = []
    lines = "def f():\n\n    return 1\n\nf()"

    async def scene(ear: NamedEar, send: Callable[[bytes], int], said: Callable[[], str]) -> None:
        send(f"{lines}\n".encode())
        reading = asyncio.create_task(ear.read("an old draft", drafts.append))
        await asked(said)
        assert drafts == [f"an old draft\n{lines}"]
        send(b"\n")
        assert await reading == drafts[0]

    at_a_plain_ear(scene)


@pytest.mark.parametrize("end", [pytest.param("kill", marks=pytest.mark.slow), "\x04"])
def test_lines_typed_ahead_are_a_draft_before_they_are_asked_about(tmp_path: Path, end: str) -> None:
    with at_work(tmp_path) as window:
        window.send("beta\r").expect_raw("Send it now? [Y/n]")
        if end == "kill":
            os.kill(window.child.pid, signal.SIGKILL)
        else:
            window.send(end)
            assert window.ends() == 0
    with Window(tmp_path, "--resume", "--plain") as window:
        assert "This is what you had not sent yet:\r\n\r\nYou: beta" in window.expect_raw("Send it now? [Y/n]")


def test_blank_lines_typed_ahead_are_not_taken_for_words() -> None:
    async def scene(ear: NamedEar, send: Callable[[bytes], int], said: Callable[[], str]) -> None:
        send(b"\n  \n")
        reading = asyncio.create_task(ear.read("an old draft", lambda _: None))
        await asked(said)
        assert "This is what you had not sent yet:" in said() and "You: an old draft\n\n" in said()
        send(b"\n")
        assert await reading == "an old draft"

    at_a_plain_ear(scene)


def test_what_is_wrong_with_a_line_typed_ahead_is_told() -> None:
    async def scene(ear: NamedEar, send: Callable[[bytes], int], said: Callable[[], str]) -> None:
        send(b"gr\xfc\xdfe\n")
        reading = asyncio.create_task(ear.read("", lambda _: None))
        await asked(said)
        assert "Some bytes of that were no valid UTF-8" in said()
        send(b"\n")
        assert await reading == "gr\ufffd\ufffde"

    at_a_plain_ear(scene)


def test_what_is_there_is_seen_however_slow_the_machine_is() -> None:
    """The thread that fetches a line may wait long for its turn: that makes nobody's line an answer unseen."""
    ours, theirs = pty.openpty()

    class Slow(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            time.sleep(0.3)
            return super().read(size) or b""

    async def seen() -> list[object]:
        with Slow(theirs) as raw:
            lines = Lines(cast(TextIO, raw))
            nothing = await lines.soon(0)
            os.write(ours, b"one\ntwo\n")
            return [nothing, *[one for _ in range(2) for one in (await lines.soon(0), await lines.line())]]

    assert asyncio.run(seen()) == [False, True, Line("one"), True, Line("two")]
    os.close(ours)


def at_a_plain_ear(scene: Callable[[NamedEar, Callable[[bytes], int], Callable[[], str]], Awaitable[None]]) -> None:
    """Plays a scene with an ear that listens at a terminal, whoever types there, and what is written meanwhile."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        written_out = io.StringIO()
        out, interrupts = Output(written_out), Interrupts(False)
        ear = NamedEar(Lines(terminal), PlainSpeaker(out, interrupts, echo=False), out, interrupts)
        asyncio.run(asyncio.wait_for(scene(ear, lambda keys: os.write(ours, keys), written_out.getvalue), 15))
    os.close(ours)


async def asked(said: Callable[[], str]) -> None:
    for _ in range(1000):
        if "Send it now?" in said():
            break
        await asyncio.sleep(0.01)
    assert "Send it now?" in said()


@contextlib.contextmanager
def at_work(home: Path) -> Iterator[Window]:
    """A window in which nothing is redrawn, while the interviewer marks an answer."""
    with Window(home, "--slow", "1.6", "--plain") as window:
        window.expect_raw("\nYou: ")
        window.send("alpha\r").expect_raw("One moment")
        yield window


def answers(home: Path) -> list[str]:
    return [event.text for event in written(home) if isinstance(event, Answered)]
