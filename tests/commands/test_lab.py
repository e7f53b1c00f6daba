"""`viva lab run` and `viva lab status`: what programs go by, through the real command and sandbox."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.commands.lab import follow_ups
from bot.commands.lab_words import JsonLines, Terminal, outcome_in_words, result_in_words
from bot.core.training import Curve, Fault, Finding, Outcome, Progress
from bot.knowledge.corpus import corpus_folder, read_corpus
from bot.lab.sandbox import Sandbox
from bot.ports import Bank
from bot.surfaces.terminal.style import Style
from tests.lab.labs import TRAINED, learnable, no_torch

RESULT = set("type status accuracy device seconds parameters error stdout facts findings follow_ups v".split())
FACTS = ["optimizer", "learning_rate", "loss", "activations", "layers", "epochs", "batch_size"]


class Viva:
    """The command in a process of its own, with a data folder and digits of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("VIVA_")},
            "VIVA_HOME": str(folder / "home"),
            "VIVA_MNIST_DIR": str(learnable(folder / "mnist")),
            "VIVA_LAB_DEVICE": "cpu",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bot", "lab", *arguments]

    def run(self, *arguments: str, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            env={**self.environ, **environ},
            timeout=120,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def file(self, source: str, name: str = "mine.py") -> str:
        path = self.folder / name
        path.write_text(source)
        return str(path)


@pytest.fixture
def viva(tmp_path: Path) -> Viva:
    return Viva(tmp_path)


@pytest.fixture
def confined() -> None:
    """For tests that run programs."""
    if no_torch():
        pytest.skip("PyTorch is not installed")
    if why := Sandbox().unavailable():
        (pytest.fail if os.environ.get("VIVA_CI") else pytest.skip)(why)


def objects(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


@pytest.mark.usefixtures("confined")
def test_a_run_as_json_ends_with_one_result(viva: Viva) -> None:
    done = viva.run("run", viva.file(TRAINED), "--json")
    assert done.returncode == 0, done.stderr
    *told, result = objects(done.stdout)
    assert {one["type"] for one in told} == {"progress"}
    assert result.keys() >= RESULT
    assert (result["v"], result["type"], result["status"], result["device"]) == (1, "result", "measured", "cpu")
    assert result["accuracy"] > 0.9
    assert list(result["seconds"]) == ["queued", "start", "train", "total"]
    assert result["error"] is None
    assert result["stdout"].startswith("done ")
    assert list(result["facts"]) == [*FACTS, "parameters"]
    assert (result["facts"]["optimizer"], result["facts"]["learning_rate"]) == ("Adam", 0.01)
    assert result["parameters"] == 25_450
    steps = [step for one in told for step in one["curve"]["steps"]]
    assert steps == result["curve"]["steps"]
    assert 0 < len(result["follow_ups"]) <= 3
    assert not [question for question in result["follow_ups"] if "{" in question]
    assert result["contradicted"] is False
    assert not done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("confined")
def test_a_crash_is_a_verdict_and_names_its_line(viva: Viva) -> None:
    done = viva.run("run", "-", "--json", stdin=b"print('here')\n1 / 0\n")
    result = objects(done.stdout)[-1]
    assert done.returncode == 0
    assert (result["status"], result["error"]["type"], result["error"]["line"]) == ("crashed", "ZeroDivisionError", 2)
    assert result["stdout"].startswith("here\n")


@pytest.mark.slow
@pytest.mark.usefixtures("confined")
def test_seconds_and_memory_are_taken_from_the_flags(viva: Viva) -> None:
    late = viva.run("run", viva.file("while True: pass\n"), "--seconds", "1", "--json")
    assert objects(late.stdout)[-1]["status"] == "time_limit"
    large = viva.file("import torch\nkept = [torch.ones(2**24) for _ in range(99)]\n")
    assert objects(viva.run("run", large, "--memory", "600", "--json").stdout)[-1]["status"] == "memory_limit"


@pytest.mark.slow
@pytest.mark.usefixtures("confined")
def test_people_get_words(viva: Viva) -> None:
    done = viva.run("run", viva.file(TRAINED))
    assert done.returncode == 0
    assert "held-out images" in done.stdout
    assert "The loss began at" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("confined")
def test_an_error_in_a_notebook_is_named_by_its_cell_and_notices_come_once(viva: Viva) -> None:
    cells = ["!pip install keras\nx = 1", "%%time\n\nimport keras"]
    book = {"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    file = viva.file(json.dumps(book), "mine.ipynb")
    said = viva.run("run", file).stdout
    assert "ModuleNotFoundError in cell 2, line 3: No module named 'keras'. Besides" in said
    assert "PyTorch, NumPy" in said and "no network" in said
    assert said.count("for the shell") == 1 and said.count("the cell stays") == 1
    *told, result = objects(viva.run("run", file, "--json").stdout)
    assert [one["type"] for one in told][:2] == ["notice", "notice"]
    assert (result["status"], result["error"]["line"]) == ("crashed", 8)
    assert "no network" in result["why"] and not [note for note in result["notes"] if "shell" in note]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"x = 1\n\xff\xfe\n", "line 2"),
        pytest.param(b"", "empty", marks=pytest.mark.slow),
        pytest.param(b"x\0", "NUL", marks=pytest.mark.slow),
        pytest.param(b"# " + b"x" * 70_000, "70,002 bytes", marks=pytest.mark.slow),
    ],
)
def test_what_is_refused_is_a_verdict_too(viva: Viva, content: bytes, says: str) -> None:
    done = viva.run("run", "-", "--json", stdin=content)
    result = objects(done.stdout)[-1]
    assert (done.returncode, result["status"]) == (0, "refused")
    assert says in result["why"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("missing.py",), "missing.py cannot be read"),
        pytest.param((".",), ". cannot be read", marks=pytest.mark.slow),
        pytest.param(("-", "--task", "mnist-mpl"), "mnist-mlp", marks=pytest.mark.slow),
        pytest.param(("-", "--seconds", "0"), "--seconds", marks=pytest.mark.slow),
        (("-", "--seconds", "601"), "--seconds is a number from 1 to 600, not 601."),
        pytest.param(("-", "--seconds", "nan"), "--seconds", marks=pytest.mark.slow),
        pytest.param(("-", "--seconds", "inf"), "to 600, not inf.", marks=pytest.mark.slow),
        pytest.param(("-", "--memory", "100"), "--memory is a number of MiB from 384", marks=pytest.mark.slow),
        pytest.param(("-", "--memory", "70000"), "to 65536, not 70000", marks=pytest.mark.slow),
        pytest.param((), "FILE", marks=pytest.mark.slow),
    ],
)
def test_wrong_usage_is_two_and_a_sentence(viva: Viva, arguments: tuple[str, ...], says: str) -> None:
    done = viva.run("run", *arguments, stdin=b"x = 1\n")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lab_that_is_off_could_not_run_it(viva: Viva) -> None:
    done = viva.run("run", viva.file(TRAINED), "--json", VIVA_LAB="off")
    result = objects(done.stdout)[-1]
    assert (done.returncode, result["status"]) == (1, "unavailable")
    assert "VIVA_LAB" in result["why"]
    assert result["facts"]["optimizer"] == "Adam"


@pytest.mark.slow
def test_digits_that_are_not_there_are_the_labs_failure(viva: Viva) -> None:
    done = viva.run("run", viva.file(TRAINED), "--json", VIVA_MNIST_DIR="/nowhere")
    assert (done.returncode, objects(done.stdout)[-1]["status"]) == (1, "unavailable")


@pytest.mark.slow
def test_status_says_how_the_lab_stands(viva: Viva) -> None:
    done = viva.run("status", "--json")
    (stands,) = objects(done.stdout)
    assert stands["v"] == 1
    assert done.returncode == int(not stands["runs"])
    assert (stands["limits"]["seconds"], stands["limits"]["memory_mib"]) == (30, 2048)
    assert viva.run("status").stdout.count("\n") > 4
    off = viva.run("status", "--json", VIVA_LAB="off")
    assert (off.returncode, objects(off.stdout)[0]["runs"]) == (1, False)


@pytest.mark.slow
@pytest.mark.usefixtures("confined")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_signal_ends_the_program_along_with_the_command(viva: Viva, name: str) -> None:
    mark = f"mark-{os.getpid()}-{name}"
    source = viva.file(f"import os\nopen('/tmp/{mark}', 'w')\nprint('x')\nwhile True: pass\n")
    running = subprocess.Popen(
        viva.command("run", source, "--json"), env=viva.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    while b'"running"' not in running.stdout.readline():
        pass
    children = descendants(running.pid)
    assert children
    running.send_signal(getattr(signal, name))
    _, said = running.communicate(timeout=20)
    assert running.returncode == (-signal.SIGKILL if name == "SIGKILL" else 1)
    assert b"Traceback" not in said
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def descendants(pid: int) -> set[int]:
    from bot.lab.gpu_watch import process_tree

    return process_tree(pid) - {pid}


# What is shown, by itself.

CURVE = Curve((1, 2, 3), (2.3, float("nan"), float("inf")))
CONTRADICTED = Outcome(
    "measured", 0.1, 9, "MNIST", curve=Curve((1, 2), (0.01, 0.01)), seen={"losses": [{"name": "CrossEntropyLoss"}]}
)


def test_json_has_no_nan_and_no_line_separators() -> None:
    out = io.StringIO()
    shown = JsonLines(out)
    shown.progress(Progress("running", seconds=1.0, curve=CURVE))
    shown.progress(Progress("running", seconds=2.0, curve=Curve((1, 2, 3, 4), (*CURVE.losses, 0.5))))
    shown.result({"stdout": "a\u2028b\x85c"}, Outcome("measured"))
    lines = out.getvalue().splitlines()
    assert len(lines) == 3
    first, second, result = [json.loads(line, parse_constant=lambda name: pytest.fail(name)) for line in lines]
    assert first["curve"] == {"steps": [1, 2, 3], "losses": [2.3, "nan", "inf"]}
    assert first["loss"] is None
    assert second["curve"] == {"steps": [4], "losses": [0.5]}
    assert result["stdout"] == "a\u2028b\x85c"


def test_plain_lines_come_at_each_stage_and_now_and_then() -> None:
    out = io.StringIO()
    with Terminal(out, Style("pipe")) as shown:
        shown.progress(Progress("queued", 2, 9.0))
        shown.progress(Progress("starting"))
        for tenth in range(50):
            shown.progress(Progress("running", seconds=tenth / 10, curve=CURVE))
    assert len(out.getvalue().splitlines()) == 2 + 3
    assert out.getvalue().startswith("Waiting for a place: 2 before you, about 9 s.")


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Outcome("measured", 0.9415, 10_000, "MNIST"), "94.2 % of 10,000 held-out images right (MNIST)"),
        (Outcome("measured", cases=(True, False)), "right in 1 of 2 cases"),
        (Outcome("crashed", error=Fault("KeyError", "'x'", 7)), "KeyError in line 7: 'x'"),
        (Outcome("crashed", error=Fault("SIGSEGV", "gone")), "error of its own. SIGSEGV: gone"),
        (Outcome("memory_limit", error=Fault("MemoryError", "9 GiB", 4)), "MemoryError in line 4: 9 GiB"),
        (CONTRADICTED, "what I measured counts"),
        (Outcome("measured", 0.9, 9, "MNIST", device="cuda:0", device_name="an H200"), "0.0 s on an H200"),
        (Outcome("unavailable", why="No bubblewrap."), "no fault of yours: No bubblewrap."),
        (Outcome("refused", why="It is empty."), "It is empty."),
    ],
)
def test_the_outcome_in_words_blames_the_right_side(outcome: Outcome, says: str) -> None:
    assert says in outcome_in_words(outcome)


def test_findings_and_questions_of_a_notebook_are_named_by_their_cell() -> None:
    finding = {"severity": "bug", "line": 6, "message": "`f()` on line 6 is off."}
    result = {"findings": [finding], "follow_ups": ["What does it do on line 6?"]}
    said = "\n".join(result_in_words(result, Outcome("measured", 0.5), place=lambda line: f"cell 2, line {line - 4}"))
    assert "- bug: cell 2, line 2: `f()` on cell 2, line 2 is off." in said
    assert "- What does it do on cell 2, line 2?" in said


# What would be asked.

ADAM = {"optimizer": "Adam", "learning_rate": 0.001, "loss": "CrossEntropyLoss", "batch_size": 64, "epochs": 2}
FOUND = tuple(Finding(f"rule-{n}", "bug", n, "Off.", question=f"Why is line {n} off?") for n in range(1, 3))
OUTCOMES = [
    Outcome("measured", 0.95, 10_000, "MNIST", curve=Curve((1, 90), (2.3, 0.2)), parameters=50_890),
    Outcome("measured", 0.11, 10_000, "MNIST", curve=Curve((1, 90), (2.3, 2.3))),
    Outcome("measured", 0.1, 10_000, "MNIST", curve=Curve((1, 7, 90), (2.3, float("nan"), float("inf")))),
    Outcome("measured", cases=(True, False)),
    Outcome("no_predictions"),
    Outcome("crashed", error=Fault("KeyError", "'x'", 7)),
    Outcome("time_limit"),
    Outcome("cancelled"),
    Outcome("unavailable"),
]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return read_corpus(corpus_folder())


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("facts", [{}, ADAM, {"optimizer": "SGD", "momentum": 0.9}])
def test_no_question_is_a_template(bank: Bank, outcome: Outcome, facts: dict[str, Any]) -> None:
    for task in ("mnist-mlp", "small-cnn", "stable-cross-entropy", "backprop-by-hand", "training-loop-bugs"):
        asked = follow_ups(bank, bank.task(task), facts, outcome, FOUND[:1])
        assert asked[0] == FOUND[0].question
        assert len(asked) <= 3
        assert not [question for question in asked if "{" in question or "\\_" in question]


def test_what_is_asked_fits_the_run(bank: Bank) -> None:
    task = bank.task("mnist-mlp")
    broken = OUTCOMES[2]
    assert follow_ups(bank, task, ADAM, broken, FOUND)[:2] == [finding.question for finding in FOUND]
    assert follow_ups(bank, task, ADAM, broken, ())[0].startswith("From step 7 on, the loss of your run")
    assert not [asked for asked in follow_ups(bank, task, ADAM, OUTCOMES[0], ()) if "not a finite number" in asked]
    assert follow_ups(bank, task, ADAM, Outcome("refused", why="It is empty."), FOUND) == []
