"""Standard input that is no terminal: a line an answer, plain text out, and nothing asked."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from tests.surfaces.window import ROOT

ENVIRON = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}


def piped(home: Path, given: bytes, *flags: str, **environ: str) -> tuple[str, str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.surfaces.sitting", str(home), *flags],
        cwd=ROOT,
        input=given,
        capture_output=True,
        env={**ENVIRON, **environ},
        timeout=30,
    )
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def test_a_line_is_an_answer_and_the_transcript_names_each_turn(tmp_path: Path) -> None:
    out, err, code = piped(tmp_path, b"alpha\n\nalpha beta\n/hnit\n/skip\n/end\n")
    assert (err, code) == ("", 0)
    assert "\x1b" not in out and "\n> " not in out and "Enter sends" not in out
    turns = [line for line in out.splitlines() if line.startswith("You: ")]
    assert turns == ["You: alpha", "You: alpha beta", "You: /hnit", "You: /skip", "You: /end"]
    assert "Interviewer: There is no command /hnit. Did you mean /hint? Nothing was marked." in out
    assert "Best of luck!" in out and "viva report s1" in out


def test_the_end_of_input_ends_the_sitting_and_names_the_command_that_resumes_it(tmp_path: Path) -> None:
    out, err, code = piped(tmp_path, b"alpha")
    assert "You: alpha" in out, "the last line needs no end"
    assert (err, code) == ("", 0) and "viva chat --resume s1" in out


def test_invalid_utf8_is_kept_with_a_sign_and_told_of(tmp_path: Path) -> None:
    out, _, code = piped(tmp_path, b"alpha \xff\xfe beta \x00 \x1b[2J\n")
    assert code == 0 and "no valid UTF-8" in out
    assert "You: alpha \ufffd\ufffd beta ␀ ␛[2J" in out


def test_an_endless_line_is_cut_and_told_of(tmp_path: Path) -> None:
    out, err, code = piped(tmp_path, b"alpha " + b"x" * (5 * 1024 * 1024) + b"\n/end\n")
    assert (err, code) == ("", 0)
    assert "only its beginning was taken" in out and "Best of luck!" in out


def test_programs_by_file_and_by_paste(tmp_path: Path) -> None:
    (tmp_path / "mlp.py").write_text("import torch\nSGD\n")
    given = f"alpha beta\n/code {tmp_path}/none.py\n/code {tmp_path}/mlp.py\n/code\nunreadable\n.\n/edit\n"
    out, err, code = piped(tmp_path, given.encode())
    assert (err, code) == ("", 0)
    assert "There is no file" in out and "(a program of 2 lines)" in out and "I see SGD" in out
    assert "(a program of 1 line)" in out and "Line 1 is no Python" in out
    assert "needs a terminal" in out


def test_an_old_encoding_is_no_reason_to_fail(tmp_path: Path) -> None:
    out, err, code = piped(tmp_path, b"alpha beta\n", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert (err, code) == ("", 0) and "Question 1 of 3" in out


def test_nothing_that_draws_is_imported(tmp_path: Path) -> None:
    _, err, _ = piped(tmp_path, b"alpha beta\n", "--modules")
    assert not {"rich", "prompt_toolkit", "pygments"} & set(err.split())


def test_it_ends_quietly_when_nobody_reads(tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m tests.surfaces.sitting {tmp_path} | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, input=b"alpha\n" * 50, capture_output=True, env=ENVIRON, timeout=30
    )
    assert (done.stdout.count(b"\n"), done.stderr) == (1, b"")


def test_a_full_disk_is_told_of_by_others(tmp_path: Path) -> None:
    """Drafts are for terminals: a pipe's words are in the pipe, and no file of ours is made."""
    piped(tmp_path, b"alpha\n")
    assert not (tmp_path / "terminal").exists()
