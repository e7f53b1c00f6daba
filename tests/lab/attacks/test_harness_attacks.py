"""Attacks by programs that are handed in: on the harness, its predictions, the labels, and the outcome's readers.

The whole lab runs, with PyTorch. What a process that owns the pipe can do stands in test_protocol_attacks.py.
"""

from __future__ import annotations

import hashlib
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

import bot.lab.rooms
from bot.core.training import Limits, Outcome, Submission, Task
from tests.lab.labs import laboratory, learnable, no_torch

pytestmark = [pytest.mark.slow, pytest.mark.skipif(no_torch(), reason="PyTorch is not installed")]
PROGRAMS = Path(__file__).parent / "programs"
HEADER = 8
LIMITS = Limits(seconds=30.0)


def source(name: str, **named: str) -> str:
    """A program with its names set: `NAME = …` is written anew."""
    lines = (PROGRAMS / f"{name}.py").read_text().splitlines()
    for key, value in named.items():
        at = next(number for number, line in enumerate(lines) if line.split(":")[0].split(" ")[0] == key)
        lines[at] = f"{key} = {value}"
    return "\n".join(lines)


async def came_of(tmp_path: Path, code: str, limits: Limits = LIMITS) -> Outcome:
    mnist = learnable(tmp_path / "mnist")
    async with laboratory(tmp_path, mnist=mnist) as lab:
        return await lab.run(Submission(Task("mnist-mlp", "A network"), code, limits, place="here"))


def labels(tmp_path: Path, name: str) -> bytes:
    return (learnable(tmp_path / "mnist") / f"{name}-labels-idx1-ubyte").read_bytes()[HEADER:]


def harness() -> str:
    """What the harness's files are."""
    files = sorted(bot.lab.rooms.HARNESS.rglob("*.py"))
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


async def test_a_forged_curve_and_a_replaced_harness_do_not_change_what_is_measured(tmp_path: Path) -> None:
    held, before = labels(tmp_path, "t10k"), harness()
    by_heart = await came_of(tmp_path, source("takes_over", MEMORISED=f"bytes.fromhex('{held.hex()}')"))
    assert by_heart.curve.losses[-1] == 0.0, "the nonce was not found: the attack has not been made"
    assert "nonce " in by_heart.stdout
    assert "written []" in by_heart.stdout
    assert harness() == before
    assert by_heart.status == "measured"
    assert by_heart.accuracy is not None
    # What it sends is counted against this job's order: either its zeros, or labels by heart, at the odds of chance.
    assert by_heart.accuracy < 0.25


async def test_the_labels_are_nowhere_in_the_sandbox(tmp_path: Path) -> None:
    wanted = {}
    for name in ("train", "t10k"):
        first = labels(tmp_path, name)[:64]
        wanted[name] = bytes(byte ^ 0x5A for byte in first).hex()
        wide = b"".join(byte.to_bytes(8, "little") for byte in first)
        wanted[f"{name} as numbers"] = bytes(byte ^ 0x5A for byte in wide).hex()
    hunts = source("hunts_labels", WANTED=repr(wanted))
    outcome = await came_of(tmp_path, hunts, replace(LIMITS, seconds=120.0))  # it reads all of its own memory
    # That it finds those of the training rows, which are there, shows that it can find.
    assert outcome.stdout.startswith("found ['train'"), outcome
    assert "t10k" not in outcome.stdout


async def test_a_program_that_refuses_to_end_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    outcome = await came_of(tmp_path, source("refuses_to_end"))
    assert outcome.status in ("measured", "crashed")
    assert outcome.stdout == "caught\n"
    endless = (
        source("refuses_to_end") + "\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException: pass\n"
    )
    outcome = await came_of(tmp_path, endless, replace(LIMITS, seconds=1.0))
    assert outcome.status == "time_limit"
    assert outcome.seconds.train < 3
    assert time.monotonic() - began < 60


async def test_a_hostile_exception_arrives_harmless(tmp_path: Path) -> None:
    outcome = await came_of(tmp_path, source("raises_hostility"))
    assert outcome.status == "crashed"
    assert outcome.error is not None
    for text in (outcome.stdout, outcome.error.type, outcome.error.message, outcome.why):
        assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter not in "\n\t" for letter in text)
        assert len(text) <= LIMITS.output
    assert len(outcome.error.message) <= 2000
    assert len(outcome.error.type) <= 100
    assert outcome.error.line == len(source("raises_hostility").splitlines())


@pytest.mark.parametrize("code", ["x = torch.ones(2**29)", "x = [torch.ones(2**26) for _ in range(8)]"])
async def test_tensors_of_two_gigabytes_end_for_their_memory(tmp_path: Path, code: str) -> None:
    outcome = await came_of(tmp_path, f"import torch\n{code}\n", replace(LIMITS, memory=768))
    assert (outcome.status, outcome.accuracy) == ("memory_limit", None)
