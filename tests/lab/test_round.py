"""Code rounds sat for real: a program in the sandbox within an interview, killed in the middle, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from bot.lab.sandbox import Sandbox
from tests import candidates as c
from tests.lab.labs import no_torch
from tests.transcripts.test_transcripts import timeless

pytestmark = [pytest.mark.slow, pytest.mark.skipif(no_torch(), reason="PyTorch is not installed")]

BUGGY = c.PROGRAM.replace("nn.Linear(128, 10),\n", "nn.Linear(128, 10),\n    nn.Softmax(dim=1),\n")
SOFTMAX = (
    "CrossEntropyLoss applies log-softmax itself, so this is softmax twice. The gradient has to pass through the "
    "second softmax and becomes weak, so it learns slowly, and even a perfect answer keeps a loss of about 1.46. "
    "I take the softmax out and hand the raw logits to the loss."
)
SAYS = {
    "finding-softmax-before-cross-entropy": SOFTMAX,
    "build-mlp": "done",
}


@pytest.fixture(autouse=True)
def confined() -> None:
    """A machine on which programs can be run."""
    why = Sandbox().unavailable()
    if why is not None:
        (pytest.fail if os.environ.get("VIVA_CI") else pytest.skip)(why)


def said(chat: c.Chat, *kinds: str) -> list[dict]:
    return [one for one in chat.said if one["type"] == "message" and one["kind"] in kinds]


def sent(chat: c.Chat, **message: str) -> dict:
    chat.send(**message)
    turn = chat.until_turn()
    assert turn is not None
    return turn


def test_a_buggy_program_is_asked_about_mended_and_an_experiment_predicted(shared: Path, tmp_path: Path) -> None:
    chat = c.start(tmp_path, "--flow", "live-code", "--seed", "3", digits=shared / "mnist")
    assert chat.until_turn() is not None
    turn = sent(chat, text="", code=BUGGY)
    assert turn == {**turn, "question": "finding-softmax-before-cross-entropy", "owes": "answer"}
    ran = said(chat, "code")[-1]["data"]
    assert ran["status"] == "measured" and [f["rule"] for f in ran["findings"]] == ["softmax-before-cross-entropy"]
    assert BUGGY.splitlines()[ran["findings"][0]["line"] - 1].strip().startswith("nn.Softmax")
    assert 0 < ran["accuracy"] < 0.94 and ran["curve"]["losses"][-1] > 1.4
    while turn["question"] != "build-mlp":
        turn = sent(chat, text=SOFTMAX)
    assert turn["owes"] == "code"
    turn = sent(chat, text="", code=c.PROGRAM)
    ran = said(chat, "code")[-1]["data"]
    assert ran["accuracy"] >= 0.92 and ran["findings"] == [] and ran["curve"]["losses"][-1] < 0.5
    asked = []
    while str(turn["question"]).startswith(("own-run", "predict")):
        asked.append(turn["question"])
        turn = sent(
            chat, text="The loss stays near 2.3, as with guessing one of ten, because no gradient gets through."
        )
    assert any(str(name).startswith("own-run") for name in asked)
    experiment = said(chat, "code")[-1]
    assert experiment["data"]["ran"] and "With the change" in experiment["text"] and "accuracy" in experiment["data"]
    sent(chat, text="/end")
    [one] = said(chat, "report")[-1]["data"]["code_rounds"]
    shares = one["shares"]
    assert shares["runs"] == shares["learns"] == 1.0 and shares["accuracy"] > 0.95 and shares["correct"] < 1.0
    assert chat.finish() == 0


def test_killed_in_the_middle_of_a_run_the_round_goes_on(shared: Path, tmp_path: Path) -> None:
    endless = c.PROGRAM.replace("range(5)", "range(400)")
    chat = c.start(tmp_path, "--flow", "live-code", "--seed", "3", digits=shared / "mnist")
    assert chat.until_turn() is not None
    chat.send(text="", code=endless)
    assert chat.process.stdout is not None
    while not (said(chat, "progress") and said(chat, "progress")[-1]["data"].get("step")):
        chat.said.append(json.loads(chat.process.stdout.readline()))
    below = descendants(chat.process.pid)
    assert below
    chat.process.send_signal(signal.SIGKILL)
    chat.process.wait()
    chat.finish()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in below) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in below if alive(pid)] == []
    again = c.start(tmp_path, "--resume", "last", digits=shared / "mnist")
    turn = again.until_turn()
    assert turn is not None and turn["question"] == "build-mlp" and turn["owes"] == "code"
    assert any("I run it once more" in one["text"] for one in said(again, "notice"))
    assert said(again, "code")[-1]["data"]["status"] == "time_limit"
    turn = sent(again, text="", code=c.PROGRAM)
    assert said(again, "code")[-1]["data"]["accuracy"] >= 0.92
    assert timeless(c.transcript(again.said)).count("Your program ran for") == 1
    again.finish()


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
