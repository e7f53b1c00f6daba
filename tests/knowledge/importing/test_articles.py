"""Importing the four source articles: how many of their questions are found with their answers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.knowledge.importing.found import Findings
from bot.knowledge.importing.reading import find_questions
from bot.knowledge.importing.taking import read_document
from tests.knowledge.importing.expected import ARTICLES, BARS, MOST_FALSE, Score, score


@pytest.fixture(scope="module")
def seeds(shared: Path) -> dict[str, Findings]:
    folder = shared / "seeds"
    if not folder.is_dir():
        pytest.skip("there are no articles in `shared/seeds`")
    return {path.name[:3]: find_questions(read_document(path)) for path in sorted(folder.glob("*.txt"))}


@pytest.mark.parametrize("name", list(ARTICLES))
def test_enough_questions_of_each_article_are_found(seeds: dict[str, Findings], name: str) -> None:
    got = score(seeds[name], ARTICLES[name])
    assert len(got.found) >= BARS[name], got
    assert len(got.wrong) <= MOST_FALSE, got


def test_the_table(seeds: dict[str, Findings]) -> None:
    """`pytest -s` prints it; the README has it."""
    scores = {name: score(seeds[name], expected) for name, expected in ARTICLES.items()}
    sys.stdout.write("\n" + "\n".join(table(scores)) + "\n")
    assert sum(len(one.found) for one in scores.values()) >= sum(BARS.values())


def table(scores: dict[str, Score]) -> list[str]:
    rows = ["| article | questions | found with their answers | of them worded anew | none, and taken for one |"]
    rows.append("| --- | --- | --- | --- | --- |")
    for name, one in scores.items():
        total = len(one.found) + len(one.missed)
        missed = f" (not {', '.join(one.missed)})" if one.missed else ""
        rows.append(f"| S{int(name)} | {total} | {len(one.found)}{missed} | {ANEW.get(name, 0)} | {len(one.wrong)} |")
    return rows


#: How many have no wording of their own in what is stored of the article; counted in `test_what_is_inferred_says_so`.
ANEW = {"001": 28, "002": 4}


def test_what_is_inferred_says_so_and_is_less_sure(seeds: dict[str, Findings]) -> None:
    for name, findings in seeds.items():
        anew = [one for one in findings.questions if one.inferred]
        assert len(anew) == ANEW.get(name, 0)
        assert all(one.confidence <= 0.6 for one in anew)
        assert all(one.confidence > 0.3 for one in findings.questions if not one.inferred)


def test_an_answer_that_was_pasted_twice_is_named(seeds: dict[str, Findings]) -> None:
    (pasted,) = [one for one in seeds["002"].questions if "once more" in one.why]
    assert "padding" in pasted.question and pasted.confidence < 0.4


def test_what_could_not_be_read_is_listed_with_its_place(seeds: dict[str, Findings]) -> None:
    assert {(one.place.line, "could not be told" in one.why) for one in seeds["001"].unread} == {(77, True)}
    assert [one.place.line for one in seeds["002"].unread] == [242]
    lost = [one.place.line for one in seeds["001"].questions if "seems to be lost" in one.why]
    assert {38, 41} <= set(lost), "the lists of layers and of steps"


def test_answers_end_where_they_end(seeds: dict[str, Findings]) -> None:
    """Closings, advertisements and comments are no part of the last answer."""
    last = {name: findings.questions[-1].answer for name, findings in seeds.items()}
    assert "HR" not in last["000"] and "Share" not in last["000"]
    assert "Simplilearn" not in last["001"] and "Artificial Intelligence Engineer" not in last["001"]
    assert "Thank you" not in last["002"]
    assert not any("course preview" in one.answer for one in seeds["001"].questions)


def test_programs_stay_programs(seeds: dict[str, Findings]) -> None:
    build = next(one for one in seeds["000"].questions if "build" in one.question)
    assert build.answer.startswith("```\nimport tensorflow") and "\n    Flatten(" in build.answer
    assert "cut off" in build.why
