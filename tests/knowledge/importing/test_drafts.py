"""Drafts of questions: points, hints and follow-ups by rule, and a TOML file that the corpus takes as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.question import Question
from bot.errors import WrongUsage
from bot.knowledge.corpus_files import read_folder
from bot.knowledge.importing.blocks import Place
from bot.knowledge.importing.drafts import PROGRAM, drafts
from bot.knowledge.importing.found import Found
from bot.knowledge.importing.points import key_sentences
from bot.knowledge.importing.toml import long_text, text, toml_of, write_whole

ANSWER = """\
Batch normalisation normalises the activations of a layer over the examples of a mini-batch. Then it scales and shifts \
them by two learned numbers. At test time it uses running averages of mean and variance. See this article on it: Norms.

The steps are:

1. Compute the mean.
2. Compute the variance.

| what | when |
| --- | --- |
| batch statistics | training |
"""


def found(question: str, answer: str, why: str = "it is a heading") -> Found:
    return Found(question, answer, Place("notes.md", 12, under=("Norms",)), 0.95, why)


def in_corpus(folder: Path, content: str) -> tuple[list[Question], list[str]]:
    (folder / "questions").mkdir(exist_ok=True)
    (folder / "questions" / "mine.toml").write_text(content, encoding="utf-8")
    corpus, problems = read_folder(folder)
    return list(corpus.questions()), [str(problem) for problem in problems if problem.severity == "error"]


def test_key_sentences_are_those_of_the_answer() -> None:
    chosen = [one.text for one in key_sentences("What is batch normalisation?", ANSWER)]
    assert 2 <= len(chosen) <= 5
    assert any(text.startswith("Batch normalisation normalises the activations") for text in chosen)
    assert not any("article" in text for text in chosen)
    assert chosen == sorted(chosen, key=lambda one: ANSWER.replace("\n", " ").find(one[:12]) % 10_000)


def test_lists_and_tables_make_sentences() -> None:
    (steps,) = key_sentences("Steps?", "First this. The steps are:\n\n- Compute the mean.\n- Scale")
    assert steps.text == "The steps are: Compute the mean; Scale."
    (row,) = key_sentences("When?", "| what | when |\n| --- | --- |\n| batch statistics | in training |")
    assert row.text == "what: batch statistics; when: in training."


def test_a_draft_is_a_whole_question_of_the_corpus(tmp_path: Path) -> None:
    one = found("What is batch normalisation?", ANSWER.strip())
    (made,) = drafts([one], "My notes.md")
    questions, errors = in_corpus(tmp_path, toml_of([made], [one]))
    assert errors == []
    (read,) = questions
    assert read == made and read.draft
    assert (read.id, read.kind, read.level) == ("my-notes-md-batch-normalisation", "free", "intermediate")
    assert (read.ask, read.title) == ("What is batch normalisation?", "Batch normalisation")
    assert read.reworded == "How would you explain batch normalisation to a colleague?"
    assert read.reference == ANSWER.strip() and read.sources == ()
    assert len(read.hints) == 3 and {f.point for f in read.follow_ups} == {p.id for p in read.points}
    assert max(point.weight for point in read.points) == 2


def test_hints_and_follow_ups_do_not_say_the_point() -> None:
    (made,) = drafts([found("What is batch normalisation?", ANSWER)], "n")
    for point, follow_up in zip(made.points, made.follow_ups, strict=True):
        assert point.says not in follow_up.ask and follow_up.ask.endswith("?")
        assert point.says not in made.hints[0] and point.says not in made.hints[1]
    assert sum(point.says in made.hints[2] for point in made.points) == len(made.points) // 2


def test_ids_are_free_and_short(tmp_path: Path) -> None:
    long = "What is the " + "very " * 30 + "same question?"
    many = [found(long, "It is this and that.")] * 12 + [found("¿Qué?", "Es esto y lo otro."), found("?", "It is so.")]
    made = drafts(many, "a very long name of a file that nobody wants", taken=["what"])
    assert len({one.id for one in made}) == 14
    assert in_corpus(tmp_path, toml_of(made, many))[1] == []


def test_what_has_no_answer_is_left_out_and_a_program_is_a_point() -> None:
    made = drafts([found("What?", ""), found("Build an MLP.", "```\nmodel = MLP()\n```")], "n", "advanced")
    assert [(one.level, one.points[0].says) for one in made] == [("advanced", PROGRAM)]


def test_a_file_says_where_each_question_comes_from() -> None:
    one = found("What?", "It is this.", "it is a heading\nwith = [trouble]")
    content = toml_of(drafts([one], "n"), [one])
    assert "# From notes.md:12 (Norms). Confidence 0.95: it is a heading with = [trouble]." in content
    assert "judged less surely" in content
    assert tomllib.loads(content)["question"][0]["id"] == "n-what"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_written(value: str) -> None:
    assert tomllib.loads(f"a = {text(value)}")["a"] == value
    assert tomllib.loads(f"a = {long_text(value)}")["a"] == f"{value}\n"


def test_half_a_character_does_no_harm() -> None:
    assert tomllib.loads(f"a = {text(chr(0xD800))}\nb = {long_text('x' + chr(0xDFFF))}") == {
        "a": "\ufffd",
        "b": "x\ufffd\n",
    }


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_any_question_makes_a_file(question: str, answer: str) -> None:
    one = found(question, answer.strip() or "x")
    made = drafts([one], question)
    (read,) = tomllib.loads(toml_of(made, [one]))["question"]
    assert read["ask"] == made[0].ask and read["points"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "mine.toml"
    write_whole(target, "a = 1\n", replace=False)
    with pytest.raises(WrongUsage, match="there already and was left as it is"):
        write_whole(target, "b = 2\n", replace=False)
    assert target.read_text() == "a = 1\n"
    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "\ud800", replace=True)
    assert target.read_text() == "a = 1\n"
    write_whole(target, "b = 2\n", replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"] and target.read_text() == "b = 2\n"
    with pytest.raises(WrongUsage, match="There is no folder"):
        write_whole(tmp_path / "no" / "mine.toml", "", replace=False)
