"""One's own corpus beside the shipped one: what is read, what is left out and how that is said, what is read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.knowledge.corpus import Corpus, read_corpus
from bot.knowledge.own_corpus import CACHE, Own, read_own
from tests.knowledge.conftest import QUESTION

FLOW = """
id = "ours"
title = "Ours"
minutes = 5
describes = "What we ask."

[[step]]
question = "my-cost"

[[step]]
question = "descent"
"""

STATEMENTS = """
["my-cost"."first".true]
formal = "A cost measures error."

["my-cost"."first".false]
negated = "A cost measures no error."
"""


def question(id_: str, title: str = "Our cost") -> str:
    return QUESTION.format(id=id_, title=title, source="S0-8", reference=f"What we say about {title}.")


@pytest.fixture
def shipped(corpus: Path) -> Corpus:
    return read_corpus(corpus)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with one question, its statements, a flow and a note of one's own."""
    home = tmp_path / "home"
    write(home, "questions/ours.toml", question("my-cost"))
    write(home, "questions/ours.statements.toml", STATEMENTS)
    write(home, "interviews/ours.toml", FLOW)
    write(home, "notes/ours.md", "# Ours\nSources: us\n\n## Snowballing (drift)\nOne error leads to the next.\n")
    return home


def write(home: Path, name: str, text: str) -> Path:
    path = home / "corpus" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(home: Path, shipped: Corpus) -> Own:
    own = read_own(home, shipped)
    assert own is not None
    return own


def left_out(home: Path, shipped: Corpus) -> str:
    """What is said of the one file that is left out."""
    ((_, problem),) = read(home, shipped).problems
    return str(problem)


def test_without_a_folder_there_is_nothing_of_ones_own(tmp_path: Path, shipped: Corpus) -> None:
    assert read_own(tmp_path / "nowhere", shipped) is None


def test_what_is_ones_own_stands_beside_the_shipped(home: Path, shipped: Corpus) -> None:
    own = read(home, shipped)
    assert own.problems == () and own.notices == ()
    both = own.beside(shipped)
    assert list(both.bank) == ["cost", "descent", "my-cost"]
    assert both.question("my-cost").point("first").true == ("A cost measures error.",)
    assert [step.question for step in both.flow("ours").steps] == ["my-cost", "descent"]
    assert both.notes[-1].term == "Snowballing" and both.notes[-1].id.startswith("own-note:")
    assert own.at["my-cost"] == f"{home / 'corpus/questions/ours.toml'}:3"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("questions/bad.toml", '[[question]]\nid = "open\n', "bad.toml:2: this is not TOML"),
        ("questions/bad.toml", question("bad").replace("beginner", "easy"), "`level` = 'easy' does not fit; write"),
        (
            "questions/bad.toml",
            question("cost"),
            "bad.toml:3: the id 'cost' belongs to a question that comes with Viva",
        ),
        ("questions/zzz.toml", question("my-cost"), "zzz.toml:3: the id 'my-cost' is used twice, also at "),
        (
            "questions/bad.toml",
            question("bad").replace("beginner", "<write a level>"),
            "“<write a level>” is still there",
        ),
        ("questions/alone.statements.toml", STATEMENTS, "no question file beside them; write the question into alone"),
        ("interviews/bad.toml", FLOW.replace('"ours"', '"b"').replace("descent", "decent"), "did you mean `descent`?"),
        ("interviews/zzz.toml", FLOW, "the id 'ours' is used twice, also at "),
        ("notes/bad.md", "# Bad\n\n## Term\nIs explained.\n", "bad.md: the sources are missing"),
        ("stray.toml", question("stray"), "it lies outside the folders that are read; move it to "),
    ],
)
def test_a_broken_file_is_left_out_alone_and_named(
    home: Path, shipped: Corpus, name: str, text: str, said: str
) -> None:
    path = write(home, name, text)
    own = read(home, shipped)
    assert (list(own.corpus.bank), list(own.corpus.interviews)) == (["my-cost"], ["ours"])
    assert said in left_out(home, shipped) and str(path) in left_out(home, shipped)
    assert own.notices[0].startswith(f"Your file {path}") and "viva questions check" in own.notices[1]


def test_a_question_whose_statements_are_broken_is_not_judged_by_half_of_them(home: Path, shipped: Corpus) -> None:
    write(home, "questions/ours.statements.toml", STATEMENTS.replace('"first".true', '"frist".true'))
    own = read(home, shipped)
    assert own.corpus.bank == {} and own.corpus.interviews == {}, "the flow names what is left out"
    assert ["did you mean `first`?" in str(problem) for _, problem in own.problems] == [True, False]


def test_statements_of_a_shipped_question_change_nothing(home: Path, shipped: Corpus) -> None:
    write(home, "questions/ours.statements.toml", STATEMENTS.replace("my-cost", "cost"))
    assert "no question 'cost' for these statements" in str(read(home, shipped).problems[0][1])
    assert read(home, shipped).beside(shipped).question("cost").point("first").true == ()


def test_what_is_no_text_or_no_file_stops_nothing(home: Path, shipped: Corpus) -> None:
    write(home, "questions/bad.toml", "").write_bytes(b'id = "\xff"')
    (home / "corpus/questions/folder.toml").mkdir()
    said = [str(problem) for _, problem in read(home, shipped).problems]
    assert "byte 6 is not UTF-8 text; save the file as UTF-8" in said[0]
    assert "folder.toml: the file cannot be read (Is a directory)" in said[1]
    assert list(read(home, shipped).corpus.bank) == ["my-cost"]


def test_many_broken_files_make_a_short_notice(home: Path, shipped: Corpus) -> None:
    for n in range(6):
        write(home, f"questions/bad{n}.toml", "id = ")
    notices = read(home, shipped).notices
    assert len(notices) == 5 and notices[3] == "3 more of your files are left out as well."


def test_only_what_changed_is_read_again(home: Path, shipped: Corpus) -> None:
    write(home, "questions/more.toml", question("more", "More"))
    read(home, shipped)
    doctor(home, "Our cost", "From the cache")
    assert read(home, shipped).corpus.question("my-cost").title == "From the cache"
    write(home, "questions/more.toml", question("more", "Changed"))
    again = read(home, shipped).corpus
    assert (again.question("my-cost").title, again.question("more").title) == ("From the cache", "Changed")
    write(home, "questions/ours.statements.toml", STATEMENTS.replace("no error", "nothing at all"))
    assert read(home, shipped).corpus.question("my-cost").title == "Our cost", "its statements changed"


def doctor(home: Path, old: str, new: str) -> None:
    """Changes what is kept of the last reading."""
    file = home / "index" / CACHE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_damaged_cache_and_one_of_other_code_are_not_used(home: Path, shipped: Corpus) -> None:
    whole = read(home, shipped)
    file = home / "index" / CACHE
    for text in ("{", '{"made_by": 1}', json.dumps({**json.loads(file.read_text()), "made_by": "other"})):
        file.write_text(text, encoding="utf-8")
        assert read(home, shipped) == whole
    doctor(home, '"questions": [', '"questions": [{}, ')
    assert read(home, shipped) == whole
    assert '"questions": [{}' not in file.read_text(), "it was written anew"


def test_without_a_place_for_the_cache_all_is_read_each_time(home: Path, shipped: Corpus) -> None:
    (home / "index").write_text("a file where the folder should be")
    assert list(read(home, shipped).corpus.bank) == ["my-cost"]


def test_a_flow_may_have_shipped_rounds(home: Path, shipped: Corpus) -> None:
    rounds = 'id = "days"\ntitle = "Days"\nminutes = 60\ndescribes = "Rounds."\nrounds = ["ours", "theirs"]\n'
    write(home, "interviews/days.toml", rounds)
    assert "there is no other flow 'theirs'" in left_out(home, shipped)
    theirs = Corpus(shipped.bank, {"theirs": read(home, shipped).corpus.flow("ours")}, shipped.notes)
    assert read(home, theirs).corpus.flow("days").rounds == ("ours", "theirs")
