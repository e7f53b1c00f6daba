"""Checking files for their author: every problem has its file, its line, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import WrongUsage
from bot.knowledge.corpus import Corpus, read_corpus
from bot.knowledge.own_check import Around, check_groups, groups_of, place
from bot.knowledge.own_files import Group, Kind
from tests.knowledge.conftest import QUESTION
from tests.knowledge.doubles import WordEmbedder

TRUE = """
["mine"."first".true]
formal = "A cost function measures how wrong the model is."
short = "Costs say how wrong we are."
"""
FALSE = """
["mine"."first".false]
negated = "A cost function does not measure how wrong the model is, and it never did so before."
"""


def mine(id_: str = "mine") -> str:
    return QUESTION.format(id=id_, title="My cost", source="S0-8", reference="What I say.")


@pytest.fixture
def around(corpus: Path) -> Around:
    return Around(read_corpus(corpus), corpus, Corpus(), {})


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def said(groups: list[Group], around: Around, deep: bool = False) -> list[str]:
    embedder = WordEmbedder() if deep else None
    return [
        f"{Path(place(problem)[0]).name}:{place(problem)[1]}: {problem.severity}: {problem.says}"
        for one in check_groups(groups, around, embedder)
        for problem in one.problems
    ]


def test_a_question_alone_is_checked_against_the_whole_bank(tmp_path: Path, around: Around) -> None:
    text = mine().replace("hints", 'requires = ["descnt"]\nsee_also = ["cost"]\nhints')
    file = write(tmp_path, "mine.toml", text)
    requires, draft = said(groups_of([file], tmp_path), around)
    assert requires.startswith("mine.toml:15: warning: ") and requires.endswith("did you mean `descent`?")
    assert "mine.toml:24: warning: question 'mine': the key point 'first' has 0 true and 0 false statements" in draft


def test_an_id_that_is_taken_is_named(tmp_path: Path, around: Around) -> None:
    file = write(tmp_path, "mine.toml", mine("cost"))
    assert (
        "mine.toml:3: error: the id 'cost' belongs to a question that comes with Viva"
        in said(groups_of([file], tmp_path), around)[0]
    )
    other = Around(around.shipped, around.folder, around.own, {"mine": "/elsewhere/a.toml:7"})
    file.write_text(mine(), encoding="utf-8")
    assert "is used twice, also at /elsewhere/a.toml:7" in said(groups_of([file], tmp_path), other)[0]


def test_a_file_takes_no_id_from_itself(tmp_path: Path, around: Around, corpus: Path) -> None:
    file = write(tmp_path, "mine.toml", mine())
    known = Around(around.shipped, around.folder, around.own, {"mine": f"{file}:3"})
    assert not any("is used twice" in text for text in said(groups_of([file], tmp_path), known))
    shipped = corpus / "questions" / "training.toml"
    assert not any("comes with Viva" in text for text in said(groups_of([shipped], tmp_path), around))


def test_two_files_that_are_checked_together_take_no_id_from_each_other(tmp_path: Path, around: Around) -> None:
    for name in ("a.toml", "b.toml"):
        write(tmp_path / "mine", name, mine())
    assert any(
        "b.toml:3: error: the id 'mine' is used twice" in text
        for text in said(groups_of([tmp_path / "mine"], tmp_path), around)
    )


def test_statements_are_compared_and_problems_stand_at_their_line(tmp_path: Path, around: Around) -> None:
    file = write(tmp_path, "mine.toml", mine())
    beside = write(
        tmp_path, "mine.statements.toml", TRUE + 'long = "A cost function measures how wrong the model is!"' + FALSE
    )
    found = said(groups_of([beside], tmp_path), around, deep=True)
    assert groups_of([beside], tmp_path) == groups_of([file], tmp_path)
    assert any(text.startswith("mine.statements.toml:5: warning: ") and "say nearly the same" in text for text in found)
    assert any("mine.statements.toml:2: error: " in text and "lengthen or shorten some" in text for text in found)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("interviews/x.toml", "interviews"),
        ("questions/x.toml", "questions"),
        ("x.md", "notes"),
        ("y.toml", "interviews"),
    ],
)
def test_what_a_file_is_shows_by_its_folder_or_its_keys(tmp_path: Path, name: str, kind: Kind) -> None:
    file = write(tmp_path, name, 'id = "x"\n[[step]]\nquestion = "cost"\n')
    assert groups_of([file], tmp_path) == [Group(kind, file)]


def test_a_flow_is_checked_against_the_whole_bank(tmp_path: Path, around: Around) -> None:
    flow = 'id = "x"\ntitle = "X"\nminutes = 5\ndescribes = "X."\n[[step]]\nquestion = "descnt"\n'
    found = said(groups_of([write(tmp_path, "x.toml", flow)], tmp_path), around)
    assert found == ["x.toml:5: error: there is no question 'descnt'; did you mean `descent`?"]


def test_a_file_may_be_named_by_its_question(tmp_path: Path) -> None:
    file = write(tmp_path / "own", "questions/mine.toml", mine())
    assert groups_of([Path("mine")], tmp_path / "own") == [Group("questions", file)]
    with pytest.raises(WrongUsage, match=rf"There is no file mien\.toml\. Did you mean {file}\?"):
        groups_of([Path("mien.toml")], tmp_path / "own")


def test_what_is_no_corpus_file_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"is no corpus file: questions and interviews stand in \.toml files"):
        groups_of([write(tmp_path, "picture.png", "")], tmp_path)
    with pytest.raises(WrongUsage, match="holds no corpus file"):
        groups_of([tmp_path], tmp_path)


def test_a_data_folder_is_checked_by_the_corpus_in_it(tmp_path: Path) -> None:
    file = write(tmp_path, "corpus/questions/mine.toml", mine())
    for folder in (tmp_path, tmp_path / "corpus", file.parent):
        assert groups_of([folder], tmp_path) == [Group("questions", file)]


@pytest.mark.parametrize("text", ['[[question]]\nid = "open\n', "just words\n", "", "\x00\x01"])
def test_what_is_no_toml_is_an_error_with_its_line(tmp_path: Path, around: Around, text: str) -> None:
    found = said(groups_of([write(tmp_path, "mine.toml", text)], tmp_path), around)
    assert found and found[0].split(": ")[1] == "error"
