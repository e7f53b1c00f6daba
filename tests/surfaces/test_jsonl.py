"""The chat as JSON lines, as programs go by it."""

from __future__ import annotations

import io
import itertools
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.commands.programs import python_of
from bot.core.events import Heard
from bot.surfaces.terminal.jsonl import LONGEST_ID, chat_jsonl
from tests.surfaces.sitting import interview, written
from tests.surfaces.window import ROOT


async def exchange(
    home: Path, lines: Sequence[str | bytes | dict[str, Any]], resumed: bool = False
) -> list[dict[str, Any]]:
    """A whole sitting: what was said to these lines."""
    given = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
    raw = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in given)
    out = io.StringIO()
    numbers = itertools.count(1)
    sitting = interview(home, resumed=resumed)
    stdin = io.TextIOWrapper(io.BytesIO(raw))
    try:
        code = await chat_jsonl(
            sitting,
            resumed=resumed,
            stdin=stdin,
            stdout=out,
            new_id=lambda: f"{home.name}-{resumed}-{next(numbers)}",
            python_of=python_of,
        )
    finally:
        await sitting.close()
    assert code == 0
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {one["v"] for one in said} == {1}
    return said


def kinds(said: Sequence[dict[str, Any]]) -> list[str]:
    return [one.get("kind", one["type"]) for one in said]


async def test_a_sitting_from_opening_to_closing(tmp_path: Path) -> None:
    said = await exchange(tmp_path, [{"text": "alpha beta", "id": "a1"}, {"text": "/skip"}, {"text": "/end", "id": 7}])
    assert kinds(said) == [
        *["opening", "question", "turn"],
        *["kept", "feedback", "question", "turn"],
        *["kept", "notice", "question", "turn"],
        *["kept", "report", "closing", "turn"],
    ]
    assert [one["id"] for one in said if one["type"] == "kept"] == ["a1", None, "7"]
    turns = [(one["session"], one["owes"], one["question"]) for one in said if one["type"] == "turn"]
    assert turns == [
        ("s1", "answer", "cost"),
        ("s1", "code", "build"),
        ("s1", "answer", "norm"),
        ("s1", "nothing", None),
    ]
    feedback = next(one for one in said if one.get("kind") == "feedback")
    assert set(feedback) == {"v", "type", "kind", "text", "question", "data"}
    assert feedback["question"] == "cost" and feedback["data"]["score"] == 1.0 and feedback["data"]["graded"] is True
    assert feedback["data"]["marks"][0]["evidence"] in "alpha beta"


async def test_the_same_id_is_the_same_message(tmp_path: Path) -> None:
    said = await exchange(tmp_path, [{"text": "alpha", "id": "x"}] * 3)
    assert kinds(said)[3:] == ["kept", "feedback", "follow_up", "turn", "kept", "turn", "kept", "turn"]


async def test_the_same_id_is_the_same_message_after_a_resume(tmp_path: Path) -> None:
    await exchange(tmp_path, [{"text": "alpha", "id": "x"}])
    said = await exchange(tmp_path, [{"text": "alpha", "id": "x"}, {"text": "beta", "id": "y"}], resumed=True)
    assert kinds(said) == ["notice", "repeat", "turn", "kept", "turn", "kept", "feedback", "question", "turn"]


async def test_end_of_input_leaves_the_session_resumable(tmp_path: Path) -> None:
    await exchange(tmp_path, [])
    said = await exchange(tmp_path, [{"text": "/end"}], resumed=True)
    assert kinds(said) == ["notice", "repeat", "turn", "kept", "report", "closing", "turn"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("hello", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("9" * 10_000, "no JSON"),
        ('["text"]', "no object"),
        ('{"id": "x"}', '"text"'),
        ('{"text": 3}', '"text"'),
        ('{"text": "x", "code": 1}', '"code"'),
        ('{"text": "x", "id": [1]}', '"id"'),
        ('{"text": "x", "id": true}', '"id"'),
        ('{"text": "x", "id": ""}', '"id"'),
        (json.dumps({"text": "x", "id": "i" * (LONGEST_ID + 1)}), '"id"'),
        ('{"text": "/edit"}', "needs a terminal"),
        ('{"text": "/code /there/is/none.py"}', "There is no file"),
    ],
)
async def test_a_bad_line_is_answered_and_the_turn_goes_on(tmp_path: Path, line: str, sentence: str) -> None:
    said = await exchange(tmp_path, [line, {"text": "alpha beta"}])
    assert kinds(said)[3:] == ["notice", "turn", "kept", "feedback", "question", "turn"]
    assert sentence in said[3]["text"]
    assert said[3]["question"] == "cost"


async def test_bytes_that_are_no_utf8_are_replaced_and_told_of(tmp_path: Path) -> None:
    said = await exchange(tmp_path, [b'{"text": "alpha \xff beta"}'])
    assert kinds(said)[3:] == ["notice", "kept", "feedback", "question", "turn"]
    assert "UTF-8" in said[3]["text"]


async def test_odd_characters_survive_and_break_no_line(tmp_path: Path) -> None:
    odd = 'alpha \x00 \x1b[31m \u2028 \x85 שלום 👩‍🔬 \\ " beta'
    said = await exchange(
        tmp_path, [{"text": odd, "id": "\u2028\x9b"}, '{"text": "\\ud800 lone"}', {"text": "//slash"}]
    )
    assert said[3]["id"] == "\u2028\x9b"
    assert kinds(said).count("kept") == 3
    heard = [event.text for event in written(tmp_path) if isinstance(event, Heard)]
    assert heard == [odd, "\ufffd lone", "//slash"]


async def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    assert kinds(await exchange(tmp_path, ["", "   ", {"text": "/hint"}]))[3:] == ["kept", "hint", "turn"]


async def test_programs_come_as_code_or_by_file(tmp_path: Path) -> None:
    (tmp_path / "mlp.py").write_text("import torch  # SGD")
    lines: list[dict[str, Any]] = [{"text": "alpha beta"}, {"text": "", "code": "unreadable"}, {"code": "Adam"}]
    said = await exchange(tmp_path, [*lines, {"text": f"/code {tmp_path / 'mlp.py'}"}])
    programs = [one["data"] for one in said if one.get("kind") == "code"]
    assert [one["readable"] for one in programs] == [False, True, True]
    assert [one["facts"]["optimizer"] for one in programs[1:]] == ["Adam", "SGD"]


async def test_a_hundred_thousand_characters_are_an_answer(tmp_path: Path) -> None:
    said = await exchange(tmp_path, [{"text": "alpha beta " + "x" * 100_000}])
    assert kinds(said)[3:] == ["kept", "feedback", "question", "turn"]


def test_as_a_program_it_imports_nothing_that_draws_and_flushes_each_line(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.surfaces.sitting", str(tmp_path), "--jsonl", "--modules"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"PATH": "", "LC_ALL": "C"},
    ) as program:
        assert program.stdin and program.stdout and program.stderr
        opening = [json.loads(program.stdout.readline()) for _ in range(3)]
        program.stdin.write('{"text": "alphä", "id": "1"}\n')
        program.stdin.flush()
        assert json.loads(program.stdout.readline()) == {"v": 1, "type": "kept", "id": "1"}
        rest = program.communicate()
    assert kinds(opening) == ["opening", "question", "turn"]
    assert "alphä" in rest[0] or "alph" in rest[0]
    assert program.returncode == 0
    assert not {"rich", "prompt_toolkit", "markdown_it", "pygments"} & set(rest[1].split())


def test_it_ends_quietly_when_nobody_reads(tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m tests.surfaces.sitting {tmp_path} --jsonl | head -n 1"
    lines = '{"text": "alpha"}\n' * 50
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, input=lines, capture_output=True, text=True, timeout=30)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


async def test_a_notebook_is_its_code_cells_from_a_file_and_as_code(tmp_path: Path) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": "%matplotlib inline\nSGD"}]})
    (tmp_path / "mine.ipynb").write_text(text)
    for given in ({"text": f"/code {tmp_path}/mine.ipynb"}, {"text": "", "code": text}):
        home = tmp_path / str(len(given))
        home.mkdir()
        said = await exchange(home, [{"text": "alpha beta"}, given])
        told = [one["text"] for one in said if one.get("kind") == "notice"]
        assert any("`%matplotlib inline` was left out" in one for one in told)
        assert any("SGD" in one.get("text", "") for one in said)
