"""The sitting is ended from outside: by signals, by a closed window, by a reader that leaves. Nothing kept is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.candidates import start
from tests.faults.rooms import ANSWER, ROOT, chat, heard, surroundings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

STOPPED = "Stopped. Everything that was said is kept"


@pytest.mark.parametrize(
    "name", ["SIGTERM", *(pytest.param(name, marks=pytest.mark.slow) for name in ("SIGHUP", "SIGINT"))]
)
def test_a_signal_in_the_middle_of_a_turn(tmp_path: Path, name: str) -> None:
    sitting = start(tmp_path, "--seed", "1")
    assert sitting.until_turn() is not None and sitting.process.stdout is not None
    sitting.send(text=ANSWER, id="a")
    assert '"kept"' in sitting.process.stdout.readline()
    sitting.process.send_signal(getattr(signal, name))
    assert sitting.process.wait(timeout=30) == 1
    sitting.finish()
    resumed = chat(tmp_path, flags=("--resume", "last"))
    assert (resumed.code, resumed.err) == (0, "") and heard(tmp_path) == [ANSWER]
    assert [o["type"] for o in resumed.said][-1] == "turn"


def test_a_terminal_is_left_as_it_was(tmp_path: Path) -> None:
    """What was typed and not sent is there again, and the shell's own line editing works."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "bot", "chat", "--seed", "1"],
        cwd=str(ROOT),
        env=surroundings(tmp_path) | {"TERM": "xterm-256color"},
        dimensions=(40, 100),
        encoding="utf-8",
        timeout=30,
    )
    child.expect("question 1 of 15")
    child.send("half an answer")
    child.expect("half an answer")
    child.kill(signal.SIGTERM)
    child.expect(STOPPED.replace(".", r"\."))
    child.expect(pexpect.EOF)
    assert "Traceback" not in child.before
    child.close()
    assert child.exitstatus == 1
    drafts = [path.read_text() for path in (tmp_path / "terminal").glob("*.draft.json")]
    assert len(drafts) == 1 and "half an answer" in drafts[0]


@pytest.mark.parametrize("command", ["report", "chat --flow list"])
def test_a_reader_that_leaves_is_no_error(tmp_path: Path, command: str) -> None:
    if command == "report":
        assert chat(tmp_path, "how many are left?").code == 0
    piped = f"{sys.executable} -m bot {command} | head -n 1"
    done = subprocess.run(["sh", "-c", piped], cwd=ROOT, env=surroundings(tmp_path), capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"") and done.stdout.count(b"\n") <= 1


def test_a_closed_standard_output(tmp_path: Path) -> None:
    assert chat(tmp_path, "how many are left?").code == 0
    assert shell(tmp_path, "report >&-") == (0, "")
    assert shell(tmp_path, "chat --resume last <&- >&-") == (0, "")
    assert shell(tmp_path, "report 2>&-")[0] == 0
    code, err = shell(tmp_path, "report > /dev/full")
    assert code == 1 and err.startswith("viva: The system reported") and err.count("\n") == 1, err


def shell(home: Path, command: str) -> tuple[int, str]:
    """A command with redirections; its exit code, and what it wrote on standard error."""
    words = ["sh", "-c", f"{sys.executable} -m bot {command}"]
    done = subprocess.run(words, cwd=ROOT, env=surroundings(home), capture_output=True, timeout=60)
    return done.returncode, done.stderr.decode()
