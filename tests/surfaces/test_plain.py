"""The chat for screen readers, on a real pseudo-terminal: it only ever appends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.surfaces.window import Window

DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff]")


@pytest.mark.parametrize(
    ("flags", "environ"),
    [(("--plain",), {}), ((), {"ACCESSIBLE": "1"}), ((), {"TERM": "dumb"}), (("--plain",), {"NO_COLOR": "1"})],
)
def test_no_byte_moves_the_cursor(tmp_path: Path, flags: tuple[str, ...], environ: dict[str, str]) -> None:
    with Window(tmp_path, *flags, environ=environ) as window:
        window.expect_raw("Enter sends; a backslash")
        window.send("alpha \x1b[A and so on\r").expect_raw("of 2 key points")
        window.send("alpha beta\r").expect_raw("Question 2 of 3")
        window.send("/hint\r").expect_raw("Hint 1 of 3")
        window.settle()  # before the prompt stands again it would be dropped
        window.send("\x04")
        assert window.ends() == 0
    written = window.raw.replace("^[[A", "")
    assert "\x1b" not in written and "\x08" not in written and not DRAWN.search(written)
    assert not re.search("\r(?!\n)", written), "a lone carriage return would go back over a line"
    assert "viva chat --resume s1" in written


def test_every_turn_is_named(tmp_path: Path) -> None:
    with Window(tmp_path, "--plain") as window:
        window.expect_raw("You: ")
        window.send("alpha beta\r").expect_raw("Question 2 of 3")
        window.send("/hint\r").expect_raw("Hint 1 of 3")
        window.settle()
    assert re.findall("^(Interviewer|You): ", window.raw.replace("\r\n", "\n"), re.MULTILINE) == [
        *["Interviewer", "You"] * 3,
    ]


def test_a_backslash_goes_on_in_the_next_line(tmp_path: Path) -> None:
    with Window(tmp_path, "--plain") as window:
        window.expect_raw("You: ")
        window.send("alpha\\\r").expect_raw("... ")
        window.send("beta\r").expect_raw("Question 2 of 3")


def test_pasted_lines_are_one_answer(tmp_path: Path) -> None:
    with Window(tmp_path, "--plain") as window:
        window.expect_raw("You: ")
        window.send("first\n\nalpha\nbe").expect_raw("3 lines so far")
        window.send("ta\n").expect_raw("4 lines so far")
        assert "key points" not in window.raw
        window.send("\n").expect_raw("Question 2 of 3")
    assert window.raw.count("(strong)") == 1


def test_what_is_slow_says_so_once(tmp_path: Path) -> None:
    with Window(tmp_path, "--plain", "--slow", "2.5") as window:
        window.expect_raw("You: ")
        window.send("alpha beta\r").expect_raw("Question 2 of 3")
    assert window.raw.count("One moment, please.") == 1


def test_ctrl_c_ends_nothing_and_says_what_does(tmp_path: Path) -> None:
    with Window(tmp_path, "--plain") as window:
        window.expect_raw("You: ")
        window.send("\x03").expect_raw("Ctrl-D ends the sitting and keeps it.\r\n\r\nYou: ")
        window.send("alpha beta\r").expect_raw("Question 2 of 3")


def test_an_editor_offers_what_was_written(tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "alpha\\nbeta\\n" >> "$1"\n')
    editor.chmod(0o755)
    with Window(tmp_path, "--plain", environ={"EDITOR": str(editor)}) as window:
        window.expect_raw("You: ")
        window.send("/edit\r").expect_raw("Send it now? [Y/n] ")
        window.send("\r").expect_raw("Question 2 of 3")
    assert not list((tmp_path / "terminal").glob("*.edit.md"))
