"""Handing in a program at a real pseudo-terminal: from the editor, from files, from a paste."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.core.events import Submitted
from tests.surfaces.sitting import written
from tests.surfaces.window import PASTE_OFF, PASTE_ON, Window

ASKS = "Submit it? [Y]es, [e]dit again, [k]eep it for later:"


def editor(tmp_path: Path, *scripts: str) -> dict[str, str]:
    """An editor that does one script after the other, each time it is opened."""
    for number, script in enumerate(scripts):
        (tmp_path / f"script{number}").write_text(script)
    path = tmp_path / "editor.sh"
    path.write_text(
        f"#!/bin/sh\ncd {tmp_path}\nn=$(ls opened* 2>/dev/null | wc -l)\ntouch opened$n\n"
        "if [ -e script$n ]; then . ./script$n; fi\n"
    )
    path.chmod(0o755)
    return {"EDITOR": str(path)}


def at_the_program(window: Window) -> Window:
    window.expect("question 1 of 3")
    window.send("alpha beta\r").expect("question 2 of 3")
    return window


def opened(window: Window) -> None:
    """The editor was opened, and has been closed again."""
    at_the_program(window).send("/code\r").expect(ASKS)


def submitted(home: Path) -> list[str]:
    return [event.code for event in written(home) if isinstance(event, Submitted)]


def test_code_opens_the_starter_and_asks_at_each_save_and_close(tmp_path: Path) -> None:
    first = 'grep -q "model = ..." "$1" && echo "lr = 1" >> "$1"'
    second = 'grep -q "lr = 1" "$1" && sed -i "s/model = .../SGD/" "$1"'
    with Window(tmp_path, environ=editor(tmp_path, first, second)) as window:
        at_the_program(window).expect("/code opens one in your editor")
        window.send("/code\r").expect(ASKS)
        assert submitted(tmp_path) == []
        window.send("perhaps\r").expect("Say yes, edit or keep.")
        window.send("e\r")
        window.settle()
        window.send("y\r").expect("I see SGD")
        window.expect("follow-up")
        window.settle()
    assert submitted(tmp_path) == ["SGD\nlr = 1\n"]
    assert not list((tmp_path / "terminal").glob("*.program.py"))


def test_a_program_as_it_was_is_not_handed_in(tmp_path: Path) -> None:
    with Window(tmp_path, environ=editor(tmp_path), columns=120) as window:
        at_the_program(window)
        window.send("/code\r").expect("Nothing was handed in: the program is as it was.")
        assert ASKS not in window.text
    assert submitted(tmp_path) == []


SLOW = pytest.mark.slow


@pytest.mark.parametrize("word", ["later\r", *(pytest.param(word, marks=SLOW) for word in ("no\r", "\x04", "\x03"))])
def test_what_is_kept_for_later_is_opened_again(tmp_path: Path, word: str) -> None:
    again = 'grep -q "SGD" "$1" && echo "# again" >> "$1"'
    with Window(tmp_path, environ=editor(tmp_path, 'echo "SGD" > "$1"', again)) as window:
        opened(window)
        window.send(word).expect("It is kept. /code opens it again")
        assert "I see SGD" not in window.text
        window.expect("question 2 of 3 ·")
        window.send("/code\r")
        window.settle()
        window.send("\r").expect("I see SGD")
        window.settle()
    assert submitted(tmp_path) == ["SGD\n# again\n"]


@pytest.mark.slow
def test_what_is_saved_while_the_question_stands_is_what_is_handed_in(tmp_path: Path) -> None:
    """An editor with a window of its own may have gone on."""
    with Window(tmp_path, environ=editor(tmp_path, 'echo "half" > "$1"')) as window:
        opened(window)
        (tmp_path / "terminal" / "s1.program.py").write_text("SGD\n")
        window.send("y\r").expect("I see SGD")


@pytest.mark.parametrize("where", [pytest.param("in the editor", marks=SLOW), "at the question"])
def test_a_program_survives_a_kill_and_is_named_when_the_sitting_goes_on(tmp_path: Path, where: str) -> None:
    waits = 'echo "SGD" > "$1"' + ("; touch saved; sleep 30" if where == "in the editor" else "")
    with Window(tmp_path, environ=editor(tmp_path, waits)) as window:
        at_the_program(window)
        window.send("/code\r")
        if where == "in the editor":
            until = time.monotonic() + 10
            while not (tmp_path / "saved").exists() and time.monotonic() < until:
                time.sleep(0.05)
        else:
            window.expect(ASKS)
        os.kill(window.child.pid, signal.SIGKILL)
    with Window(tmp_path, "--resume", environ={"EDITOR": "true"}) as window:
        window.expect("The program that you had begun is kept: /code opens it.")
        window.expect("> /code")
        window.send("\r").expect(ASKS)
        window.send("y\r").expect("I see SGD")
        window.settle()
    assert submitted(tmp_path) == ["SGD\n"]


@pytest.mark.slow
def test_a_program_that_grew_too_large_stays_in_its_file(tmp_path: Path) -> None:
    with Window(tmp_path, environ=editor(tmp_path, 'head -c 70000 /dev/zero | tr "\\0" "#" > "$1"')) as window:
        opened(window)
        window.send("y\r").expect("is larger than 64 KiB")
    assert (tmp_path / "terminal" / "s1.program.py").stat().st_size == 70000


def test_without_an_editor_that_is_set_a_common_one_is_introduced(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "nano").write_text('#!/bin/sh\necho "SGD" > "$1"\n')
    (folder / "nano").chmod(0o755)
    with Window(tmp_path, environ={"PATH": f"{folder}"}) as window:
        at_the_program(window)
        window.send("/code\r").expect("This opens nano. Set EDITOR to the one that you like")
        window.expect(ASKS)


def test_code_without_an_editor_takes_a_paste(tmp_path: Path) -> None:
    with Window(tmp_path, environ={"PATH": str(tmp_path)}) as window:
        window.expect("question 1 of 3")
        window.send("/code\r").expect("There is no program to hand in at this question")
        window.send("alpha beta\r").expect("question 2 of 3")
        window.send("/code\r").expect("a line with only a dot")
        window.send("x = 1\x03").expect("Nothing was handed in.")
        window.send("/code\r")
        window.settle()
        window.send(f"{PASTE_ON}import torch\r\n\r\n    SGD{PASTE_OFF}\r.\r").expect("I see SGD")


@pytest.mark.slow
def test_a_terminal_read_aloud_asks_too(tmp_path: Path) -> None:
    with Window(tmp_path, "--plain", environ=editor(tmp_path, 'echo "SGD" > "$1"')) as window:
        window.expect("Question 1 of 3")
        window.send("alpha beta\n").expect("Question 2 of 3")
        window.settle()
        window.send("/code\n").expect(ASKS)
        window.send("yes\n").expect("I see SGD")


def test_code_takes_files_and_says_what_is_wrong_with_one(tmp_path: Path) -> None:
    with TemporaryDirectory() as folder, Window(tmp_path, columns=120) as window:  # a path that fits on a line
        Path(folder, "weights.pt").write_bytes(b"PK\x03\x04\xff\xfe")
        Path(folder, "mine (1).py").write_text("SGD")
        at_the_program(window)
        window.send(f"/code {folder}\r").expect("is a folder")
        window.send(f"/code {folder}/none.py\r").expect("There is no file")
        window.send(f"/code {folder}/weights.pt\r").expect("is not text in UTF-8")
        window.send(f"/code {folder}/mine (1).py\r").expect("I see SGD")


def test_code_takes_a_notebook_and_names_what_was_left_out(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["!pip install torch\n", "SGD"]}]
    (tmp_path / "mine.ipynb").write_text(json.dumps({"cells": cells}))
    with Window(tmp_path, columns=120) as window:
        at_the_program(window)
        window.send(f"/code {tmp_path}/mine.ipynb\r").expect("!pip install torch was left out: it is for the shell.")
        window.expect("I see SGD")
        window.settle()
    assert submitted(tmp_path) == ["# cell 1\n# left out: !pip install torch\nSGD\n"]
