"""`viva questions` as a new author meets it: lists, templates, checks, tries, and a sentence for what goes wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.knowledge.own_files import PLACEHOLDER
from tests.faults.rooms import Ended, chat, lines, several, viva
from tests.knowledge.conftest import QUESTION
from tests.knowledge.test_question_template import filled

MINE = QUESTION.format(id="my-cost", title="Our cost", source="S0-8", reference="What we say about our cost function.")
FLOW = 'id = "ours"\ntitle = "Ours"\nminutes = 5\ndescribes = "What we ask."\n[[step]]\nquestion = "my-cost"\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a question and a flow of one's own."""
    home = tmp_path_factory.mktemp("home")
    write(home, "questions/my-cost.toml", MINE)
    write(home, "interviews/ours.toml", FLOW)
    return home


def write(home: Path, name: str, text: str) -> Path:
    path = home / "corpus" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def ran(home: Path, *commands: Sequence[str]) -> list[Ended]:
    return several(home, [["questions", *command] for command in commands])


def test_the_bank_is_listed_filtered_and_counted(home: Path) -> None:
    every, by_level, by_all, as_json, none = ran(
        home,
        [],
        ["--level", "advanced"],
        ["--topic", "training", "--source", "s1-7", "--text", "COST", "--kind", "free"],
        ["--source", "S0", "--json"],
        ["--text", "no question has these words"],
    )
    assert every.out.startswith("id ") and "my-cost* (draft)" in every.out
    assert "1 draft; 1 of your own (*)." in every.out.splitlines()[-1]
    assert "beginner" not in by_level.out and " of " in by_level.out.splitlines()[-1]
    assert "cost-function" in by_all.out and "adam" not in by_all.out
    told = [json.loads(line) for line in as_json.out.splitlines()]
    assert all(row["v"] == 1 and any(n.startswith("S0-") for n in row["sources"]) for row in told)
    assert {"adam", "my-cost"} <= {row["id"] for row in told}
    assert (none.code, none.out.startswith("None of ")) == (0, True)


#: What does not fit, and what is said to it.
WRONG: tuple[tuple[list[str], str], ...] = (
    (["--level", "easy"], "No question has the level 'easy': known are: advanced, beginner, intermediate."),
    (["--topic", "trainin"], "did you mean `training`?"),
    (["--kind", "compair"], "did you mean `compare`?"),
    (["--source", "S9-1"], "known are: S0, S1, S2, S3."),
    (["show", "adma"], "Did you mean 'adam'?"),
    (["chek"], "Did you mean 'check'?"),
    (["new", "My Question"], "such as 'my-question'"),
    (["new", "adam"], "belongs to a question that comes with Viva. Choose another, “my-adam” say."),
    (["new", "my-cost"], "belongs to a question of yours ("),
    (["new", "x", "--kind", "essay"], "There is no kind of question 'essay'"),
    (["new", "x", "--out", "x.txt"], "A question file ends in .toml: write --out x.toml"),
    (["check", "my-cots"], "Did you mean "),
    (["check", "README.txt"], "There is no file README.txt"),
    (["check", "LICENSE"], "is no corpus file"),
    (["check", "bot"], "holds no corpus file"),
    (["try", "my-cost"], "Give at least one answer: --good"),
    (["try", "my-cost", "--good", " "], "There is no answer to mark"),
    (["try", "my-cost", "--answers", "nowhere.toml"], "cannot be read: No such file"),
    (["try", "my-cost", "--answers", "pyproject.toml"], "holds something else than good"),
    (["try", "my-cost", "--answers", "LICENSE"], "LICENSE cannot be read ("),
    (["try", "corpus/questions/training.toml", "--good", "x"], "say which one, --question cost-function | "),
    (["try", "corpus/questions/training.toml", "--question", "x", "--good", "x"], "holds no question 'x'"),
)


def test_what_does_not_fit_is_answered_with_what_would(home: Path) -> None:
    ended = ran(home, *(arguments for arguments, _ in WRONG))
    for (_, said), one in zip(WRONG, ended, strict=True):
        one.assert_failed(2, said)


def test_a_question_is_shown_as_its_author_wants_to_see_it(home: Path) -> None:
    adam, mine, as_json, choice = ran(
        home, ["show", "adam"], ["show", "my-cost"], ["show", "adam", "--json"], ["show", "build-mlp"]
    )
    place = adam.out.splitlines()[1]
    file, _, line = place.rpartition(":")
    assert 'id = "adam"' in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    for part in ("Aim", "Key points", "Misconceptions", "Hints", "Follow-ups", "Erratum", "Reference", "weight 3, "):
        assert part in adam.out, part
    assert "your own" in mine.out.splitlines()[0] and "draft" in mine.out.splitlines()[0]
    assert str(home / "corpus/questions/my-cost.toml") in mine.out.splitlines()[1]
    told = json.loads(as_json.out)
    assert told["key_points"][0]["statements"]["true"] >= 6 and told["file"] == place and told["reference"]
    assert "shown by" in choice.out


def test_a_new_question_goes_from_template_to_sitting(tmp_path: Path) -> None:
    new, again, check, plain = ran(
        tmp_path, ["new", "our-loss"], ["new", "our-loss"], ["check", "our-loss"], ["check", "our-loss", "--json"]
    )
    file = tmp_path / "corpus" / "questions" / "our-loss.toml"
    assert new.out.startswith(f"Written:\n  {file}\n") and f"viva questions check {file}" in new.out
    again.assert_failed(2, "is there already, and nothing is written over it")
    assert check.code == 1 and f"{file}:11: error: the template's “<write a short title>” is still there" in check.out
    assert json.loads(plain.out.splitlines()[-1])["errors"] == 2
    for path in file.parent.iterdir():
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
        assert not PLACEHOLDER.search(path.read_text(encoding="utf-8"))
    quick, listed = ran(tmp_path, ["check", "--quick"], ["--text", "a sentence of several words"])
    assert quick.code == 0 and "our-loss.toml: 1 question, nothing wrong." in quick.out
    assert "our-loss*" in listed.out and "draft" not in listed.out


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(0o500)
    (ended,) = ran(tmp_path / "home", ["new", "x", "--out", str(shut / "x.toml")])
    ended.assert_failed(2, "cannot be written: Permission denied. Name another file: --out FILE")


def test_a_file_where_a_folder_should_be_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (ended,) = ran(tmp_path / "home", ["new", "x", "--out", str(tmp_path / "file" / "x.toml")])
    ended.assert_failed(2, "cannot be written")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "home"]


def test_a_broken_file_is_left_out_and_the_interview_goes_on(tmp_path: Path) -> None:
    write(tmp_path, "questions/my-cost.toml", MINE)
    write(tmp_path, "interviews/ours.toml", FLOW)
    bad = write(tmp_path, "questions/bad.toml", '[[question]]\nid = "open\n')
    done = chat(tmp_path, "A cost measures how wrong the model is.", flags=("--flow", "ours"))
    assert done.code == 0 and done.of("question")
    assert "What is Our cost?" in done.of("question")[0]
    assert [text for text in done.of("notice") if f"{bad}:2 is left out: this is not TOML" in text]
    (check,) = ran(tmp_path, ["check", "--quick"])
    assert check.code == 1 and f"{bad}:2: error: this is not TOML" in check.out
    assert "--flow list" not in viva(tmp_path, "chat", "--flow", "list", given=lines()).err


def test_answers_are_tried_side_by_side(home: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("A cost function measures how wrong the model's predictions are, so lower is better.")
    file = tmp_path / "answers.jsonl"
    file.write_text(
        '{"good": "It measures error: lower is better."}\n{"wrong": "It measures accuracy, so more is better."}\n'
    )
    table, as_json = ran(
        home,
        [
            "try",
            "cost-function",
            "--good",
            f"@{good}",
            "--wrong",
            "The cost function measures the accuracy of the network, so higher is better.",
        ],
        ["try", "cost-function", "--answers", str(file), "--json"],
    )
    assert (table.code, as_json.code) == (0, 0)
    assert "What is off:" in table.out and "measures-error (3)" in table.out and "lower is better.”" in table.out
    assert "believes: measures-accuracy" in table.out
    *answers, off = [json.loads(line) for line in as_json.out.splitlines()]
    assert [one["answer"] for one in answers] == ["good", "wrong"] and off["off"]
    assert answers[0]["score"] > answers[1]["score"] == 0.0
    assert all(
        mark["evidence"] is None or mark["evidence"] in file.read_text() for one in answers for mark in one["marks"]
    )


def test_every_help_has_an_example(home: Path) -> None:
    for ended in ran(home, *([*command, "--help"] for command in ([], ["show"], ["new"], ["check"], ["try"]))):
        assert ended.code == 0 and "Example: viva questions" in ended.out
