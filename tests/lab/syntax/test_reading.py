"""The reader of programs under attack: the child is limited, runs nothing, and is believed nothing but small JSON."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.errors import CodeUnreadable
from bot.lab.syntax.facts import MOST_MEMORY
from bot.lab.syntax.reading import LARGEST_SOURCE, ROOT, LimitedReader
from bot.ports import CodeReader

PROGRAM = "import torch\nmodel = torch.nn.Linear(784, 10)\noptimizer = torch.optim.Adam(model.parameters(), lr=0.01)\n"

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of processes and shell scripts are POSIX's")


async def refusal(source: str) -> str:
    with pytest.raises(CodeUnreadable) as caught:
        await LimitedReader().facts(source)
    return str(caught.value)


async def test_it_is_a_code_reader() -> None:
    reader: CodeReader = LimitedReader()
    found = await reader.facts(PROGRAM)
    assert (found["optimizer"], found["learning_rate"], found["optimizer_line"]) == ("Adam", 0.01, 3)


async def test_many_are_read_at_once() -> None:
    found = await asyncio.gather(*(LimitedReader().facts(PROGRAM.replace("0.01", f"0.{n}")) for n in range(1, 6)))
    assert [one["learning_rate"] for one in found] == [0.1, 0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize("encoded", ["\ufeff" + PROGRAM, PROGRAM.replace("\n", "\r\n"), PROGRAM.replace("\n", "\r")])
async def test_marks_and_line_ends_of_other_systems_do_no_harm(encoded: str) -> None:
    assert (await LimitedReader().facts(encoded))["optimizer_line"] == 3


async def test_a_syntax_error_is_told_with_its_line() -> None:
    said = await refusal("import torch\nmodel = nn.Sequential(\n    nn.Linear(784, 10)\n")
    assert said == "Line 2 of your program cannot be read as Python: '(' was never closed."
    assert (await refusal("x = 1\nprint 'hello'\n")).startswith("Line 2 of your program cannot be read as Python: ")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "There is no program in that."),
        (" \n\t\n", "There is no program in that."),
        ("x = 1\ny = '\0'\n", "Line 2 of your program holds a NUL character, which Python does not allow."),
        ("x = '\udcff'", "Your program is not UTF-8 text. Save it as UTF-8."),
        ("x = " + "9" * 60_000, "Line 1 of your program cannot be read as Python: Exceeds the limit"),
        ("#" * (LARGEST_SOURCE + 1), "Your program is 65 KiB long, and at most 64 KiB are read."),
        ("é" * (LARGEST_SOURCE // 2 + 1), "Your program is 65 KiB long"),
        ("[" * 60_000, "Line 1 of your program cannot be read as Python: too many nested parentheses."),
        ("-" * 60_000 + "1", "Your program is too large or too deeply nested to be read."),
        ("1" + "+1" * 30_000, "Your program is too large or too deeply nested to be read."),
        ("a" + ".a" * 30_000, "Your program is too large or too deeply nested to be read."),
        ("f" + "()" * 30_000, "Your program is too large or too deeply nested to be read."),
        ("if a:\n x = 1\n" + "elif b:\n x = 2\n" * 4_000, "Your program is too large or too deeply nested"),
        (
            "".join(f"{' ' * i}if x:\n" for i in range(300)),
            "Line 101 of your program cannot be read as Python: too many",
        ),
    ],
)
async def test_what_cannot_be_parsed_is_told_in_a_sentence(source: str, said: str) -> None:
    assert (await refusal(source)).startswith(said)


async def test_a_literal_of_a_megabyte_is_refused_unparsed() -> None:
    start = time.process_time()
    assert "at most 64 KiB are read" in await refusal("x = [" + "1," * 500_000 + "]")
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "source",
    [
        "#" * LARGEST_SOURCE,
        "x = [" + "1," * 32_000 + "]",
        "while True:\n    pass\n",
        "x = [0] * 10 ** 12\ny = 'a' * 10 ** 12\nz = 10 ** 10 ** 10\n",
        "f'" + '{f"{1}"}' * 3_000 + "'",
    ],
)
async def test_what_would_take_for_ever_is_read_and_not_run(source: str) -> None:
    assert (await LimitedReader().facts(source))["optimizer"] is None


async def test_nothing_of_a_program_is_run(tmp_path: Path) -> None:
    target = tmp_path / "touched"
    source = f"import pathlib\npathlib.Path({str(target)!r}).write_text('x')\nraise SystemExit(3)\n"
    assert (await LimitedReader().facts(source))["framework"] is None
    assert not target.exists()


def in_child(code: str) -> subprocess.CompletedProcess[str]:
    start = "import sys; sys.path.append(sys.argv[1]); from bot.lab.syntax.facts import limit; limit(); "
    command = [sys.executable, "-I", "-S", "-c", start + code, ROOT]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@posix
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (f"bytearray({2 * MOST_MEMORY})", "MemoryError"),
        ("import os; fd = os.open('/tmp/viva-limit-test', os.O_CREAT | os.O_WRONLY); os.unlink('/tmp/viva-limit-test');"
         " os.write(fd, b'x')", "File too large"),
        ("[open('/dev/null') for _ in range(40)]", "Too many open files"),
    ],
)  # fmt: skip
def test_the_child_has_no_more_than_it_needs(code: str, error: str) -> None:
    ended = in_child(code)
    assert ended.returncode != 0
    assert error in ended.stderr


@posix
@pytest.mark.slow
def test_the_child_that_computes_too_long_is_ended() -> None:
    start = time.perf_counter()
    assert in_child("\nwhile True: pass").returncode < 0
    assert time.perf_counter() - start < 30


def interpreter(folder: Path, *lines: str) -> str:
    """Something that stands in for Python and does what a child must not."""
    script = folder / "python"
    script.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    script.chmod(0o755)
    return str(script)


@posix
@pytest.mark.parametrize(
    "line",
    [
        "exit 3",
        "kill -SEGV $$",
        "cat > /dev/null; echo not JSON",
        "cat > /dev/null; echo '[1, 2]'",
        "cat > /dev/null; echo '{\"facts\": 3}'",
        "cat > /dev/null; head -c 200000 /dev/zero | tr '\\0' '['",
        "yes 'more and more'",
    ],
)
async def test_a_child_that_misbehaves_is_not_believed(tmp_path: Path, line: str) -> None:
    with pytest.raises(CodeUnreadable, match="too deeply nested to be read"):
        await LimitedReader(interpreter(tmp_path, line), patience=20).facts(PROGRAM)


@posix
async def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    reader = LimitedReader(interpreter(tmp_path, f"echo $$ > {noted}", "exec sleep 60"), patience=1)
    with pytest.raises(CodeUnreadable, match="takes too long to be read"):
        await reader.facts(PROGRAM)
    pid = int(noted.read_text())
    assert not Path(f"/proc/{pid}").exists()


@posix
async def test_the_child_is_told_nothing_of_our_environment(tmp_path: Path) -> None:
    noted = tmp_path / "environment"
    script = interpreter(tmp_path, f"env > {noted}", "cat > /dev/null", "echo '{\"facts\": {}}'")
    await LimitedReader(script).facts(PROGRAM)
    names = {line.split("=")[0] for line in noted.read_text().splitlines()}
    assert names <= {"PWD", "SHLVL", "_", "OLDPWD"}


async def test_a_reader_that_does_not_start_is_not_the_candidates_fault(tmp_path: Path) -> None:
    with pytest.raises(CodeUnreadable, match="it is not your fault"):
        await LimitedReader(str(tmp_path / "nothing")).facts(PROGRAM)


async def test_facts_are_plain_json_data() -> None:
    found = await LimitedReader().facts(PROGRAM)
    assert json.loads(json.dumps(dict(found))) == found
