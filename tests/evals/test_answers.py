"""What labels amount to, and how a settled label takes the place of the one that was first given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.core.marking import Standing
from bot.core.question import Point, Question
from evals.answers import Labelled, Settlement, as_settled, hand, hands, labelled, second_labels, true_score


def question(*points: Point, needs: int | None = None, hinge: str | None = None) -> Question:
    words = ("title", "ask", "reworded", "plain", "aim")
    return Question("q", *words, "beginner", (), points, "reference", (), needs=needs, hinge=hinge)


LIST = question(*(Point(name, name) for name in "abcdef"), needs=3)


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ({"a": "met", "b": "met", "c": "met"}, 1.0),
        ({"a": "met", "b": "met", "c": "met", "d": "met", "e": "wrong"}, 1.0),
        ({"a": "met", "b": "met"}, 0.667),
        ({"a": "met", "b": "partial", "c": "partial", "d": "partial"}, 0.667),
        ({}, 0.0),
    ],
)
def test_of_a_list_only_as_many_points_are_needed_as_the_question_says(
    points: Mapping[str, Standing], score: float
) -> None:
    assert true_score(LIST, points) == score


def test_weights_count_and_a_bonus_fills_what_is_missing() -> None:
    asked = question(Point("a", "a", 3.0), Point("b", "b", 1.0), Point("more", "more", 1.0, bonus=True))
    assert true_score(asked, {"a": "met"}) == 0.75
    assert true_score(asked, {"a": "met", "more": "met"}) == 1.0
    assert true_score(asked, {"a": "met", "b": "met", "more": "met"}) == 1.0
    assert true_score(asked, {"a": "wrong", "b": "partial"}) == 0.125


def test_a_point_without_its_reason_counts_half_as_in_an_interview() -> None:
    asked = question(Point("cause", "cause"), Point("effect", "effect", because="cause"))
    assert true_score(asked, {"effect": "met"}) == 0.25
    assert true_score(asked, {"cause": "partial", "effect": "met"}) == 0.75


def test_what_only_a_run_shows_is_left_out() -> None:
    asked = question(Point("said", "said"), Point("accuracy", "accuracy", measured=True))
    assert true_score(asked, {"said": "met"}) == 1.0


def test_an_answer_that_turns_the_wrong_way_counts_half() -> None:
    asked = question(Point("verdict", "verdict"), Point("other", "other"), hinge="verdict")
    assert true_score(asked, {"verdict": "wrong", "other": "met"}) == 0.25


def test_what_is_settled_takes_the_place_of_the_first_label_and_of_no_other() -> None:
    answers = [Labelled(id_, "q", "good", "text", {"a": "met", "b": "partial"}) for id_ in ("one", "two")]
    settled = as_settled(answers, [Settlement("two", "b", "partial", "missing", "missing", "says nothing of it")])
    assert [answer.points for answer in settled] == [{"a": "met", "b": "partial"}, {"a": "met", "b": "missing"}]


def test_a_hand_is_read_as_settled_and_its_file_keeps_the_first_label(tmp_path: Path) -> None:
    line = {"id": "A-q-1", "question": "q", "kind": "good", "answer": "text", "points": {"a": "partial"}, "writer": "A"}
    one = {"id": "A-q-1", "point": "a", "first": "partial", "second": "met", "settled": "met", "why": "all is said"}
    (tmp_path / "A.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (tmp_path / "second_reading.jsonl").write_text(
        json.dumps({"id": "A-q-1", "points": {"a": "met"}}), encoding="utf-8"
    )
    (tmp_path / "settled.jsonl").write_text(json.dumps(one) + "\n", encoding="utf-8")
    assert hands(tmp_path) == ["A"]
    assert second_labels(tmp_path) == {"A-q-1": {"a": "met"}}
    assert hand("A", tmp_path)[0].points == {"a": "met"}
    assert labelled(tmp_path / "A.jsonl")[0].points == {"a": "partial"}
