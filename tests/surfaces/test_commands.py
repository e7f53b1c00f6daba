"""Commands, and programs from files: what is wrong with a file is said in a sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.commands.programs import python_of
from bot.core.sentences import SENTENCES
from bot.errors import WrongUsage
from bot.offline.commands import NAMES
from bot.surfaces.terminal.commands import COMMANDS, LARGEST_NOTEBOOK, LARGEST_PROGRAM, own, read_program
from bot.surfaces.terminal.editor import Editor, editor
from bot.surfaces.terminal.writing import unfenced

#: What one says in plain words, so that the list in `/help` stays short.
UNNAMED = {"/clarify", "/later", "/add", "/rules"}


@pytest.mark.parametrize(
    ("text", "word", "rest", "file"),
    [
        ("/edit", "edit", "", None),
        (" /Edit an answer\nof two ", "edit", "an answer\nof two", None),
        ("/code", "code", "", None),
        ("/code ~/my program.py", "code", "~/my program.py", "~/my program.py"),
        ("/code print(1)", "code", "print(1)", None),
        ("/code\n```python\nx\n```", "code", "```python\nx\n```", None),
        ("/code MNIST (1).ipynb", "code", "MNIST (1).ipynb", "MNIST (1).ipynb"),
        ("/code open(x).read()", "code", "open(x).read()", None),
    ],
)
def test_what_the_terminal_does_itself(text: str, word: str, rest: str, file: str | None) -> None:
    found = own(text)
    assert found is not None and (found.word, found.rest, found.file) == (word, rest, file)


@pytest.mark.parametrize(
    "text", ["an answer", "//edit is a command", "/", "/hint", "/codex", "/code/x", "see /edit", ""]
)
def test_what_else_is_for_the_interview(text: str) -> None:
    assert own(text) is None


def test_completion_offers_what_the_interview_understands_and_help_names() -> None:
    assert set(COMMANDS) == {f"/{name}" for name in (*NAMES, "edit")}
    named = SENTENCES["help"][0]
    assert [word for word in COMMANDS if word not in named and word not in UNNAMED] == []


def test_a_program_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "my program.py"
    path.write_bytes(b"\xef\xbb\xbfimport torch\r\nx = 1\r\n")
    assert read_program(f'"{path}"') == ("import torch\nx = 1\n", ())


def test_a_notebook_may_be_large_and_is_read_as_one(tmp_path: Path) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * LARGEST_PROGRAM}}
    cells = [{"cell_type": "code", "source": "%matplotlib inline\nx = 1", "outputs": [picture]}]
    path = tmp_path / "mine.IPYNB"
    path.write_text(json.dumps({"cells": cells}))
    source, left_out = read_program(str(path), python_of)
    assert source == "# cell 1\n# left out: %matplotlib inline\nx = 1\n"
    assert left_out == ("Code cell 1: `%matplotlib inline` was left out: it is for IPython.",)
    with path.open("ab") as file:
        file.truncate(LARGEST_NOTEBOOK + 1)
    with pytest.raises(WrongUsage, match="larger than 16 MiB"):
        read_program(str(path), python_of)


def test_of_markdown_the_fence_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Mine\n\nIt trains:\n\n```python\nx = 1\ny = 2\n```\n")
    source, left_out = read_program(str(path), python_of)
    assert source == "x = 1\ny = 2" and "only the program was taken" in left_out[0]
    path.write_text("It has no program.\n")
    with pytest.raises(WrongUsage, match="no program between fences"):
        read_program(str(path), python_of)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x" * (LARGEST_PROGRAM + 1), "larger than 64 KiB"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"a\x00b", "NUL bytes"),
        (b" \n", "is empty"),
    ],
)
def test_a_file_that_is_no_program_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(content)
    with pytest.raises(WrongUsage, match=sentence):
        read_program(str(path))


def test_a_missing_file_gets_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "mlp.py").write_text("x")
    with pytest.raises(WrongUsage, match=r"There is no file .*mpl\.py .*Did you mean .*mlp\.py"):
        read_program(str(tmp_path / "mpl.py"))


def test_folders_devices_and_odd_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="is a folder"):
        read_program(str(tmp_path))
    with pytest.raises(WrongUsage, match="no ordinary file"):
        read_program(os.devnull)
    with pytest.raises(WrongUsage, match="cannot be read"):
        read_program("a\x00b")
    with pytest.raises(WrongUsage):
        read_program("x" * 5000)
    with pytest.raises(WrongUsage, match="no file ~nobody-of-that-name/x"):
        read_program("~nobody-of-that-name/x.py")


def test_a_fence_around_a_program_is_taken_off() -> None:
    assert unfenced("```python\nx = 1\n```") == "x = 1"
    assert unfenced("x = '```'\n```") == "x = '```'\n```"


def commands(folder: Path, *names: str) -> dict[str, str]:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def test_the_editor_that_is_set_comes_before_all_others(tmp_path: Path) -> None:
    path = commands(tmp_path, "nano")
    assert editor({**path, "EDITOR": "code --wait", "VISUAL": " "}) == Editor(("code", "--wait"))
    assert editor({**path, "EDITOR": "ed", "VISUAL": "emacs -nw"}) == Editor(("emacs", "-nw"))
    assert editor({**path, "EDITOR": "an 'odd one"}) == Editor(("an 'odd one",))


def test_without_one_a_common_editor_is_taken_and_introduced(tmp_path: Path) -> None:
    found = editor(commands(tmp_path, "vi"))
    assert found is not None and found.command == (str(tmp_path / "vi"),)
    assert "opens vi. Set EDITOR" in found.says and ":wq" in found.says
    found = editor(commands(tmp_path, "nano"))
    assert found is not None and found.command == (str(tmp_path / "nano"),) and ":wq" not in found.says
    assert editor({"PATH": str(tmp_path)}, fall_back=False) is None
    assert editor({"PATH": str(tmp_path / "empty")}) is None
