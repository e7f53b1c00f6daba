"""From verdicts to the published figures: what is counted, what is told, and what is found to be worse or not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.errors import GraderUnavailable, VivaError
from bot.knowledge.vectors import Recalling
from evals.grading import publishing
from evals.grading.cases import Case, of_lines
from evals.grading.contenders import Baseline, Contender, Offline, Outcome, Shared, contenders, overlap
from evals.grading.figures import Figures, Section, second_reader, sections
from evals.grading.judging import Judged, judged, processes
from evals.grading.table import brief, whole
from evals.measures import Value
from evals.places import bank as shipped
from tests.fakes import MemoryBank, WordGrader, question
from tests.knowledge.doubles import WordEmbedder

ANT, BEE = question("ant"), question("bee")


def case(id_: str, of: Question, answer: str, true: float, kind: str = "good", **more: Any) -> Case:
    return Case(id_, "known", "D", kind, of.id, answer, true, [of], **more)


def quiet(done: int, of: int) -> None:
    pass


class Fixed:
    """Gives the number that an answer ends with."""

    name = "fixed"
    version = "fixed 1"

    def judge(self, case: Case) -> Outcome:
        return Outcome(float(case.answer.split()[-1]))


def fixed() -> Sequence[Contender]:
    return [Fixed()]


def section(*outcomes: tuple[Case, Outcome]) -> Section:
    found = [Judged(case, {"one": outcome}) for case, outcome in outcomes]
    return sections([replace(one, case=replace(one.case, part="made")) for one in found], {"one": "one 1"}, {})[0]


def test_what_is_not_graded_counts_as_nothing_and_is_counted() -> None:
    told = section(
        (case("1", ANT, "a", 1.0), Outcome(None)),
        (case("2", BEE, "b", 1.0), Outcome(1.0)),
        (case("3", BEE, "c", 0.0, "soup"), Outcome(0.6)),
        (case("4", ANT, "d", 0.0, "wrong"), Outcome(0.5)),
    )
    figures = told.of("one")
    assert (figures.n, figures.not_graded, told.questions) == (4, 1, 2)
    assert figures.measures["false_blame"].value == 0.5
    assert figures.measures["false_praise"].value == 0.5
    assert figures.kinds == {"good": 0.5, "soup": 0.6, "wrong": 0.5}
    assert list(told.kinds) == ["good", "wrong", "soup"] and told.kinds["good"] == 1.0
    assert figures.blame == {"D": 0.5}


def test_a_mark_is_right_when_its_verdict_is_the_label_and_unlabelled_ones_say_nothing() -> None:
    marks = [("alpha", "met", 0.9), ("beta", "missing", 0.9), ("more", "met", 0.1)]
    labels = {"alpha": "met", "beta": "wrong"}
    one = case("1", ANT, "a", 0.5, labels=labels)
    (step,) = section((one, Outcome(0.5, marks))).of("one").calibration  # type: ignore[arg-type]
    assert (step.n, step.right) == (2, 0.5)


def test_cases_are_judged_in_order_and_the_same_in_several_processes() -> None:
    every = [case(str(n), ANT, f"worth {n / 1000}", 0.0) for n in range(320)]
    seen: list[tuple[int, int]] = []
    alone = judged(every[:20], lambda done, of: seen.append((done, of)), fixed)
    assert [one.outcomes["fixed"].score for one in alone] == [n / 1000 for n in range(20)]
    assert seen == [(16, 20), (20, 20)]
    assert processes(320, 2) == 2 and processes(299, 8) == 1 and processes(100_000, 64) == 4 and processes(5, 1) == 1


@pytest.mark.slow
def test_several_processes_come_to_the_same() -> None:
    every = [case(str(n), ANT, f"worth {n / 1000}", 0.0) for n in range(320)]
    together = judged(every, quiet, fixed)
    assert [one.case for one in together] == every
    assert [one.outcomes["fixed"].score for one in together] == [n / 1000 for n in range(320)]


def test_word_overlap_leaves_the_words_of_the_question_aside() -> None:
    asked = question("ant", points=("carrying leaves", "ant trails"))
    assert overlap(asked, "An ant is carrying them.") == [0.5, 0.0]
    assert overlap(asked, "") == [0.0, 0.0]


def test_a_baseline_is_held_between_nought_and_one_and_takes_the_best_rubric() -> None:
    def credits(of: Question, answer: str) -> Sequence[float]:
        return [-0.5, 2.0] if of.id == "ant" else [0.1, 0.1]

    one = replace(case("1", ANT, "a", 1.0), rubrics=[BEE, ANT])
    assert Baseline("odd", credits).judge(one) == Outcome(0.5)


def test_a_text_is_embedded_once_however_many_ask_for_it() -> None:
    words = WordEmbedder()
    shared = Shared(Recalling(words))
    first, again = shared.embed(["one", "two", "one"]), shared.embed(["two", "three"])
    assert words.asked.count("one") == words.asked.count("two") == words.asked.count("three") == 1
    assert (first[1] == again[0]).all() and (first[0] == first[2]).all()
    assert shared.embed([]).shape == (0, 64)


def test_every_contender_judges_by_a_question_and_by_a_reference_alone() -> None:
    everybody = contenders(MemoryBank.of(ANT, BEE), Recalling(WordEmbedder()))
    reference = "The ant carries leaves home. It follows the trail of the others."
    line = {"question": "What does the ant do?", "answer": reference, "reference": reference}
    by_reference = of_lines("1", "reference", "E", "excellent", "ant", 1.0, [line])
    for one in everybody:
        assert one.judge(by_reference).score == pytest.approx(1.0), one.name
        score = one.judge(case("2", ANT, "It is alpha. It is beta, as everybody says.", 1.0)).score
        assert score is not None and 0 <= score <= 1
    assert [one.name for one in everybody][:3] == ["word overlap", "cosine", "alignment"]
    assert [bool(one.version) for one in everybody][:4] == [False, False, False, True]


class Fainting(WordGrader):
    """Out of order for whoever asks."""

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        return Verdict(self.name, why_not="It fainted.", retry=True)


def test_an_outage_is_no_score(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_text("1")
    offline = Offline("offline", Fainting(), Fainting(), MemoryBank.of(ANT), Recalling(WordEmbedder()), [weights])
    line = {"question": "Why?", "answer": "Because it is so.", "reference": "It is so."}
    for one in (case("1", ANT, "alpha", 1.0), of_lines("1", "reference", "E", "good", "ant", 1.0, [line])):
        with pytest.raises(GraderUnavailable, match=r"offline could not judge the answer 1: It fainted\."):
            offline.judge(one)


def test_other_weights_are_another_version(tmp_path: Path) -> None:
    versions = set()
    for text in ("1", "2"):
        (tmp_path / "weights").write_text(text)
        files = [tmp_path / "weights"]
        versions.add(
            Offline("o", WordGrader(), WordGrader(), MemoryBank.of(), Recalling(WordEmbedder()), files).version
        )
    assert len(versions) == 2


def test_the_second_reader_is_the_ceiling() -> None:
    reader = second_reader("D", shipped())
    assert reader.n > 250
    assert (reader.measures["spearman"].value or 0) > 0.95 and (reader.measures["error"].value or 1) < 0.05


TOLD = section(
    (case("1", ANT, "a", 1.0), Outcome(0.9, [("alpha", "met", 0.9)])),
    (case("2", BEE, "b", 0.0, "soup"), Outcome(0.1)),
)


def test_the_tables_name_everybody_and_every_kind() -> None:
    lines = list(whole([replace(TOLD, part="known", reader=replace(TOLD.of("one"), grader="second reader"))]))
    assert lines[0] == "**Known questions, a writer nothing was learnt from** (2 answers to 2 questions)"
    assert any(line.startswith("| one | 1.00 (") and line.endswith("| – |") for line in lines)
    assert any(line.startswith("| *second reader, of 2* | 1.00") for line in lines)
    assert "| mean score | good | soup |" in lines and "| one | 0.90 | 0.10 |" in lines
    assert set(brief([TOLD])) <= set(whole([TOLD]))


FIGURES = {"known": {"offline": {"spearman": 0.8, "false_praise": 0.05, "false_blame": None}}}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ({"spearman": 0.7951, "false_praise": 0.0549, "false_blame": None}, []),
        ({"spearman": 0.9, "false_praise": 0.0, "false_blame": 0.4}, []),
        (
            {"spearman": 0.79, "false_praise": 0.05, "false_blame": None},
            ["known, offline: spearman was 0.8 and is 0.79"],
        ),
        (
            {"spearman": 0.8, "false_praise": 0.06, "false_blame": None},
            ["known, offline: false_praise was 0.05 and is 0.06"],
        ),
        ({"spearman": 0.8}, ["known, offline: false_praise was 0.05 and is None"]),
    ],
)
def test_worse_than_published_is_found_and_better_is_welcome(now: Mapping[str, float], found: list[str]) -> None:
    assert publishing.worse(FIGURES, {"known": {"offline": now}}) == found


def test_baselines_are_not_held_to_anything() -> None:
    plain = replace(TOLD, graders=[*TOLD.graders, replace(TOLD.of("one"), grader="cosine", version="")])
    assert list(publishing.figures([plain])["made"]) == ["one"]


def test_published_figures_belong_to_a_grader_and_to_questions() -> None:
    bank = shipped()
    record = publishing.record([TOLD], [TOLD], bank)
    assert publishing.strangers(record, {"one": "one 1", "cosine": ""}, bank) == []
    assert publishing.strangers(record, {"one": "one 2"}, bank) == ["other graders than published"]
    edited = bank | {"adam": replace(bank["adam"], reference="Something else.")}
    assert publishing.strangers(record, {"one": "one 1"}, edited) == ["other questions than published"]
    others = record | {"labels": {}}
    assert publishing.strangers(others, {"one": "one 1"}, bank) == ["other labels than published"]


def test_what_is_published_can_be_read_again_and_the_tables_stand_where_they_should(tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    pages = [tmp_path / "README.md", tmp_path / "evals" / "README.md"]
    for page in pages:
        page.write_text(f"Above.\n{publishing.BEGINS}\nstale\n{publishing.ENDS}\nBelow.\n", encoding="utf-8")
    record = publishing.record([TOLD], [TOLD], shipped())
    for _ in range(2):
        publishing.publish(record, [TOLD], tmp_path)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith("Above.\n") and text.endswith("\nBelow.\n") and "stale" not in text
        assert text.count("| judged by |") == 1
    kept = publishing.read(tmp_path / "evals" / "published_grader.json")
    assert kept == json.loads(json.dumps(record))
    assert publishing.worse(kept["sample"]["figures"], publishing.figures([TOLD])) == []


def test_without_a_place_for_the_table_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "README.md").write_text(f"{publishing.BEGINS}\n{publishing.ENDS}\n", encoding="utf-8")
    (tmp_path / "evals" / "README.md").write_text("No place.\n", encoding="utf-8")
    with pytest.raises(VivaError, match=r"evals.README\.md has no place for the table"):
        publishing.publish({}, [TOLD], tmp_path)
    assert not (tmp_path / "evals" / "published_grader.json").exists()
    assert "|" not in (tmp_path / "README.md").read_text(encoding="utf-8")
    with pytest.raises(VivaError, match="viva eval grader --publish"):
        publishing.read(tmp_path / "evals" / "published_grader.json")


def test_a_figure_that_cannot_be_taken_is_shown_as_such() -> None:
    nothing = Figures("one", "one 1", 1, 0, {**TOLD.of("one").measures, "false_praise": Value(None)}, {"good": 1.0}, {})
    lines = list(whole([replace(TOLD, graders=[nothing], kinds={"good": 1.0})]))
    assert any(line.startswith("| one |") and "| – |" in line for line in lines)
