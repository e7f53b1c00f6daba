"""The parts of the grader's report hold what their names say, and a sample holds of everything its share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.question import Question
from bot.errors import WrongUsage
from evals.answers import hand, replies
from evals.grading.cases import PARTS, Case, asked, cases, made, sample
from evals.grading.public import public_cases
from evals.places import bank as shipped


@pytest.fixture(scope="module")
def bank() -> Mapping[str, Question]:
    return shipped()


@pytest.fixture(scope="module")
def every(bank: Mapping[str, Question]) -> Sequence[Case]:
    return [case for part in PARTS for case in cases(part, bank)]


def stratum(case: Case) -> tuple[str, str, str]:
    return case.part, case.voice, case.kind


def test_each_part_has_the_answers_of_its_hands_and_no_training_hand_is_among_them(every: Sequence[Case]) -> None:
    voices = {part: {case.voice for case in every if case.part == part} for part in ("known", "unseen", "reference")}
    assert voices == {"known": {"D"}, "unseen": {"E", "F", "G"}, "reference": {"E", "F", "G"}}
    short = [case for case in every if case.part.startswith("replies")]
    assert {case.id for case in short} == {one.id for one in replies("report")}
    assert all(case.about in case.labels for case in short)
    assert {case.id for case in every if case.part.startswith("voices")} == {one.id for n in "KL" for one in hand(n)}
    trained = asked("ABCHIJMN")
    assert {case.question for case in every if case.part in ("known", "voices, known", "replies, known")} <= trained
    unseen = {
        case.question
        for case in every
        if case.part in ("unseen", "reference", "voices, unseen", "replies, unseen", "attacks, unseen")
    }
    assert not unseen & trained


def test_nothing_but_the_reference_is_known_in_the_part_of_that_name(
    bank: Mapping[str, Question], every: Sequence[Case]
) -> None:
    case = next(case for case in every if case.part == "reference")
    assert [set(line) for line in case.lines] == [{"question", "answer", "reference"}]
    assert case.rubrics[0].reference == bank[case.question].reference
    assert not any(point.true or point.false for point in case.rubrics[0].points)
    twin = next(one for one in every if one.part == "unseen" and one.id == case.id)
    assert case.true == twin.true and case.answer == twin.answer and not twin.lines


def test_true_scores_are_those_of_the_settled_labels(every: Sequence[Case]) -> None:
    settled = {one.id: one.points for one in hand("D")}
    assert all(case.labels == settled[case.id] for case in every if case.part == "known")


def test_what_is_made_to_deceive_does_not_change_when_the_bank_grows(bank: Mapping[str, Question]) -> None:
    some = {name: bank[name] for name in [*asked("D"), *asked("E")]}
    assert [case.answer for case in made(bank)] == [case.answer for case in made(some)]
    assert {case.part for case in made(bank)} == {"attacks, known", "attacks, unseen"}


@pytest.mark.parametrize("size", [37, 300, 1000])
def test_a_sample_has_of_each_part_hand_and_kind_its_share(every: Sequence[Case], size: int) -> None:
    chosen = sample(every, size, 1)
    assert len(chosen) == size == len({id(case) for case in chosen})
    whole, some = Counter(map(stratum, every)), Counter(map(stratum, chosen))
    for name, n in whole.items():
        assert abs(some[name] - n * size / len(every)) < 1


def test_a_sample_is_the_same_each_time_and_another_by_another_seed(every: Sequence[Case]) -> None:
    once = [id(case) for case in sample(every, 300, 1)]
    assert once == [id(case) for case in sample(every, 300, 1)]
    assert sorted(once) == sorted(id(case) for case in sample([*reversed(every)], 300, 1))
    assert once != [id(case) for case in sample(every, 300, 2)]
    assert sample(every[:5], 10, 1) == every[:5]


QUESTIONS: dict[str, Any] = {
    "1": {"question": "Why?", "references": ["Because of it.", "For that reason."], "scale": 5},
    "2": {"question": "How?", "references": ["So."], "key_points": ["It turns.", "It stops."]},
}
ROW = {"id": "nn-1", "qid": "1", "answer": "Because.", "score": 0.5, "label": "partial"}


def folder_with(tmp_path: Path, questions: object, *rows: object) -> Path:
    (tmp_path / "nn.questions.json").write_text(json.dumps(questions), encoding="utf-8")
    (tmp_path / "nn.dev.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_public_answers_are_judged_by_each_reference_or_by_the_key_points(tmp_path: Path) -> None:
    first, second = public_cases(folder_with(tmp_path, QUESTIONS, ROW, ROW | {"qid": "2", "score": 1}))
    assert [line["reference"] for line in first.lines] == QUESTIONS["1"]["references"]
    assert [case.answer for case in (first, second)] == ["Because."] * 2
    assert (first.true, second.true, first.kind, first.part) == (0.5, 1.0, "partial", "neural networks exam")
    assert [point.says for point in second.rubrics[0].points] == ["It turns.", "It stops."]
    assert first.question != second.question


@pytest.mark.parametrize(
    ("questions", "row", "told"),
    [
        (QUESTIONS, ROW | {"qid": "3"}, r"nn.dev.jsonl, line 1 does not fit \(KeyError\)"),
        (QUESTIONS, ROW | {"score": 4}, r"nn.dev.jsonl, line 1 does not fit"),
        (QUESTIONS, ["nn-1"], r"nn.dev.jsonl, line 1 does not fit"),
        ({"1": {"question": "Why?", "references": []}}, ROW, "nn.questions.json does not fit"),
        ([1], ROW, "nn.questions.json does not fit"),
    ],
)
def test_a_public_set_that_does_not_fit_is_refused(tmp_path: Path, questions: object, row: object, told: str) -> None:
    with pytest.raises(WrongUsage, match=told):
        public_cases(folder_with(tmp_path, questions, row))


def test_a_folder_without_a_set_and_a_set_without_answers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"no public set of graded answers in .* one of nn\.questions\.json, mohler"):
        public_cases(tmp_path)
    folder_with(tmp_path, QUESTIONS)
    (tmp_path / "nn.dev.jsonl").unlink()
    with pytest.raises(WrongUsage, match=r"nn\.dev\.jsonl cannot be read: No such file"):
        public_cases(tmp_path)


def test_two_cases_that_look_alike_are_both_taken(every: Sequence[Case]) -> None:
    twins = [replace(every[0]), replace(every[0])]
    assert len(sample([*twins, every[1]], 2, 1)) == 2
