"""`viva import` as a person runs it: listed, as JSON, written as drafts; good files go on beside bad ones."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.faults.rooms import several, viva

GOOD = """\
# Notes

## What is dropout?

It zeroes activations at random during training, so that units cannot rely on each other.

## What is a stride?

## Explain padding

Zeros around the input keep the size of the output.
"""


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.md").write_text(GOOD, encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 no more")
    (folder / "none.txt").write_text("The sky is blue today, and nobody asks why.\n", encoding="utf-8")
    return folder


def test_questions_are_listed_with_place_and_confidence(tmp_path: Path, papers: Path) -> None:
    done = viva(tmp_path, "import", str(papers / "good.md"))
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "good.md: 2 questions with their answers, and 1 without an answer."
    assert lines[2:5] == [
        "  1. [0.95] What is dropout?",
        "     good.md:3 (Notes)",
        "     It zeroes activations at random during training, so that units cannot rely on each other.",
    ]
    assert "(no answer in the document)" in done.out


def test_json_has_everything(tmp_path: Path, papers: Path) -> None:
    done = viva(tmp_path, "import", str(papers / "good.md"), str(papers / "bad.pdf"), "--json")
    first, second = map(json.loads, done.out.splitlines())
    assert done.code == 1 and first["v"] == second["v"] == 1
    question = first["questions"][0]
    assert question["place"] == {"file": "good.md", "line": 3, "page": None, "under": ["Notes"]}
    assert question["confidence"] == 0.95 and question["inferred"] is False and "heading" in question["why"]
    assert second["type"] == "unreadable" and second["name"] == "bad.pdf" and "is broken" in second["why"]


def test_good_files_go_on_and_bad_ones_are_named(tmp_path: Path, papers: Path) -> None:
    out = tmp_path / "mine.toml"
    names = [str(papers / name) for name in ("good.md", "bad.pdf", "nowhere.md", "none.txt")]
    done = viva(tmp_path, "import", *names, str(papers), "--out", str(out), "--level", "beginner")
    assert (done.code, done.out) == (1, "")
    for sentence in ("bad.pdf cannot be read", "There is no file", "is a folder", "No question was found", "2 draft"):
        assert sentence in done.err
    questions = tomllib.loads(out.read_text(encoding="utf-8"))["question"]
    assert [(one["id"], one["level"]) for one in questions] == [
        ("good-dropout", "beginner"),
        ("good-padding", "beginner"),
    ]
    checked = viva(tmp_path, "questions", "check", str(out), "--quick")
    assert checked.code == 0 and "error" not in checked.out


def test_wrong_usage_writes_nothing(tmp_path: Path, papers: Path) -> None:
    there = tmp_path / "there.toml"
    there.write_text("mine")
    good = str(papers / "good.md")
    wrong = [
        (["import", good, "--out", str(there)], "is there already and was left as it is"),
        (["import", good, "--out", str(tmp_path / "notes.md")], "it ends with .toml"),
        (["import", good, "--out", str(tmp_path / "a.statements.toml")], "no name for a file of questions"),
        (["import", good, "--out", str(tmp_path / "no" / "a.toml")], "There is no folder"),
        (["import", good, "--force"], "--force is for --out"),
        (["import", good, "--level", "expert"], "The levels are: beginner"),
        (["import"], "FILE"),
    ]
    for done, (_, sentence) in zip(several(tmp_path / "home", [words for words, _ in wrong]), wrong, strict=True):
        done.assert_failed(2, sentence)
    assert there.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["papers", "there.toml"]


def test_a_file_is_replaced_when_told_so_and_never_by_nothing(tmp_path: Path, papers: Path) -> None:
    there = tmp_path / "there.toml"
    there.write_text("mine")
    nothing, replaced = several(
        tmp_path / "home",
        [
            ["import", str(papers / "none.txt"), "--out", str(there), "--force"],
            ["import", str(papers / "good.md"), "--out", str(there), "--force"],
        ],
    )
    assert nothing.code == 1 and "was not written" in nothing.err
    assert replaced.code == 0 and there.read_text(encoding="utf-8").startswith("# Draft questions")


def test_help_has_an_example(tmp_path: Path) -> None:
    assert "Example: viva import article.html" in viva(tmp_path, "import", "--help").out
