"""What is typed before the prompt stands: the text that its keys leave, and nothing that acts of itself."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
from pathlib import Path

import pytest

from bot.core.events import Answered
from bot.surfaces.terminal.ahead import Ahead, typed
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
        ("\x04", None),
        ("\r\x04", None),
        ("words\x04", "words"),
    ],
)
def test_keys_leave_a_text(keys: str, text: str | None) -> None:
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


def test_ctrl_d_typed_ahead_leaves_and_both_ways_on_are_named(tmp_path: Path) -> None:
    with Window(tmp_path, "--slow", "1.6") as window:
        window.expect("question 1 of 3")
        window.send("alpha\r").expect("One moment")
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


def answers(home: Path) -> list[str]:
    return [event.text for event in written(home) if isinstance(event, Answered)]
