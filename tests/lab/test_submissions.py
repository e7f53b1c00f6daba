"""Labelled programs, written by a hand that had not read the rules: every bug is named at its line, none is invented.

By the text alone, quickly; and, slowly, by running them all. A header of each says what is to be expected.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.review import review
from bot.core.training import Finding, Limits, Outcome, Submission, Task
from bot.lab.lab import BubblewrapLab
from bot.lab.syntax.facts import facts
from tests.lab.labs import laboratory, learnable, no_torch

FOLDER = Path(__file__).parent / "submissions"
LINE = re.compile(r"# (bugs|advice|by-run|ends|learns): (.*)")
TASK = Task("mnist-mlp", "A multilayer perceptron")
LIMITS = Limits(seconds=240.0)
ENDLESS = Limits(seconds=5.0)
#: A network that learned tells most images apart. One that did not is right about one in ten.
LEARNED = 0.6
#: Where MNIST lies in a checkout that has it.
BESIDE = Path(__file__).parents[3] / "shared" / "mnist"

Places = frozenset[tuple[str, int | None]]


@dataclass(frozen=True)
class Labelled:
    """A program, and what is known of it. `by_run` are bugs that only a run can show."""

    name: str
    source: str
    bugs: Places
    advice: Places
    by_run: Places
    ends: str
    learns: bool | None


def labelled(path: Path) -> Labelled:
    """The header gives way to empty lines: what is reviewed and run does not know its labels, and lines keep theirs."""
    lines, said = path.read_text(encoding="utf-8").split("\n"), {}
    for i, line in enumerate(lines):
        header = LINE.fullmatch(line)
        if header is None:
            break
        said[header[1]], lines[i] = header[2], ""
    learns = {"yes": True, "no": False}.get(said.get("learns", ""))
    bugs, advice, by_run = (_places(said, name) for name in ("bugs", "advice", "by-run"))
    name = path.name.removesuffix(".py.txt")
    return Labelled(name, "\n".join(lines), bugs, advice, by_run, said["ends"], learns)


def _places(said: Mapping[str, str], name: str) -> Places:
    words = said.get(name, "none").split()
    pairs = [word.split("@") for word in words if word != "none"]
    return frozenset((rule, None if line == "none" else int(line)) for rule, line in pairs)


ALL = [labelled(path) for path in sorted(FOLDER.glob("*.py.txt"))]


def found(findings: tuple[Finding, ...], severity: str) -> Places:
    return frozenset((one.rule, one.line) for one in findings if one.severity == severity)


def reviewed(one: Labelled, outcome: Outcome | None = None) -> tuple[Finding, ...]:
    try:
        return review(facts(one.source), one.source, outcome)
    except (SyntaxError, ValueError):
        return ()


def kinds(word: str) -> int:
    return sum(one.name.startswith(word) for one in ALL)


def test_there_are_enough_of_each_kind() -> None:
    assert len(ALL) >= 48
    assert kinds("correct_") >= 16
    assert kinds("bug_") >= 18
    assert kinds("pair_") >= 6
    assert kinds("odd_") >= 8


def test_labels_are_whole() -> None:
    for one in ALL:
        lines = one.source.split("\n")
        assert all(line is None or lines[line - 1].strip() for _, line in one.bugs | one.advice | one.by_run), one.name
        assert (one.learns is not None) == (one.ends == "measured"), one.name
        wanted = {"correct": 0, "bug": 1, "pair": 2, "odd": 0}[one.name.partition("_")[0]]
        assert len(one.bugs | one.by_run) == wanted, one.name


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_the_text_alone_shows_each_bug_and_no_other(one: Labelled) -> None:
    findings = reviewed(one)
    assert found(findings, "bug") == one.bugs
    assert one.advice <= found(findings, "advice")


def mnist(tmp_path: Path) -> Path:
    """MNIST where there is a copy, else digits that are learned in a second."""
    given = os.environ.get("VIVA_MNIST_DIR")
    folder = Path(given) if given else BESIDE
    return folder if folder.is_dir() else learnable(tmp_path / "mnist", train=6000, held=500)


async def came_of(lab: BubblewrapLab, one: Labelled) -> Outcome:
    limits = ENDLESS if one.ends == "time_limit" else LIMITS
    return await lab.run(Submission(TASK, one.source, limits, person=one.name, place=one.name))


def differences(one: Labelled, outcome: Outcome, digits: bool) -> list[str]:
    """What a run shows otherwise than the labels say. Without digits a faulty program may learn where it should not."""
    wrong = []
    if outcome.status != one.ends:
        wrong.append(f"{one.name}: {outcome.status} ({outcome.why or outcome.error}), not {one.ends}")
    learns = outcome.accuracy is not None and outcome.accuracy > LEARNED
    sure = digits or one.name.startswith("correct_")
    if sure and one.learns is not None and learns is not one.learns:
        wrong.append(f"{one.name}: {outcome.accuracy} of the held-out images")
    bugs = found(reviewed(one, outcome), "bug")
    if bugs != one.bugs | one.by_run:
        wrong.append(f"{one.name}: {sorted(bugs, key=str)}, not {sorted(one.bugs | one.by_run, key=str)}")
    return wrong


@pytest.mark.slow
@pytest.mark.skipif(no_torch(), reason="PyTorch is not installed")
async def test_each_ends_learns_and_is_found_out_as_labelled(tmp_path: Path) -> None:
    folder = mnist(tmp_path)
    async with laboratory(tmp_path, cores=3, mnist=folder) as lab:
        outcomes = await asyncio.gather(*(came_of(lab, one) for one in ALL))
    digits = not folder.is_relative_to(tmp_path)
    assert [what for pair in zip(ALL, outcomes, strict=True) for what in differences(*pair, digits)] == []
