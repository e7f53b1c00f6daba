"""Computed questions: numbers from the seed, texts filled in, right and wrong results that can be told apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from bot.core.drills import DRILLS, FEWEST_SLIPS, fresh, near, numbers_in, tells_apart, with_numbers
from bot.core.drills.convolution import output_size
from bot.core.drills.drawing import Drawn, written
from bot.core.plan import filled, placeholders
from bot.core.question import FollowUp, Level, Misconception, Option, Point, Question
from bot.knowledge.corpus_files import read_folder
from tests.fakes import question as make

SEEDS = range(200)
CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@cache
def bank() -> Mapping[str, Question]:
    corpus, _ = read_folder(CORPUS)
    return {question.id: question for question in corpus.bank.values() if question.drill}


@cache
def posed(question_id: str) -> Sequence[Question]:
    """A question as 200 seeds pose it."""
    return [fresh(bank()[question_id], seed) for seed in SEEDS]


IDS = sorted(bank())


def texts(question: Question) -> list[str]:
    """Every text of a question that anyone reads."""
    return [
        *(question.ask, question.reworded, question.plain, question.reference, *question.hints),
        *(question.on_phone or "", question.at_board or "", question.erratum or ""),
        *(text for p in question.points for text in (p.says, *p.accepts, *p.formulas, *p.true, *p.false)),
        *(text for m in question.misconceptions for text in (m.believes, m.reply)),
        *(follow_up.ask for follow_up in question.follow_ups),
    ]


def keys(question: Question) -> list[tuple[float, float]]:
    return [(point.value, point.tolerance) for point in question.points if point.value is not None]


def test_there_are_computed_questions_of_every_level_and_every_drill_has_one() -> None:
    assert len(bank()) >= 16
    assert {question.drill for question in bank().values()} == set(DRILLS)
    assert {question.level for question in bank().values()} == set(get_args(Level))


@pytest.mark.parametrize("name", sorted(DRILLS))
def test_a_drill_draws_by_its_seed_alone_and_names_the_same_every_time(name: str) -> None:
    drawn = [DRILLS[name](Random(seed)) for seed in SEEDS]
    assert drawn == [DRILLS[name](Random(seed)) for seed in SEEDS]
    assert {tuple(d.results) for d in drawn} == {tuple(drawn[0].results)}
    assert {tuple(d.texts) for d in drawn} == {tuple(drawn[0].texts)}


@pytest.mark.parametrize("question_id", IDS)
def test_the_same_seed_poses_the_same_question_and_others_pose_others(question_id: str) -> None:
    question = bank()[question_id]
    assert [fresh(question, seed) for seed in range(20)] == list(posed(question_id)[:20])
    assert len({q.ask for q in posed(question_id)}) >= 30


@pytest.mark.parametrize("question_id", IDS)
def test_nothing_is_left_to_be_filled_in(question_id: str) -> None:
    left = {brace for q in posed(question_id) for text in texts(q) for brace in re.findall(r"[{}][^{}]{0,20}", text)}
    assert left == set()


@pytest.mark.parametrize("question_id", IDS)
def test_a_wrong_result_is_never_right_and_enough_of_them_are_left(question_id: str) -> None:
    for q in posed(question_id):
        slips = [m.value for m in q.misconceptions if m.value is not None]
        assert all(not near(slip, key) for slip in slips for key in keys(q)), q.ask
        assert len(set(slips)) == len(slips) >= FEWEST_SLIPS, q.ask
        assert tells_apart(q, FEWEST_SLIPS), q.ask


@pytest.mark.parametrize("question_id", IDS)
def test_a_question_states_none_of_its_results_and_neither_do_early_hints_and_follow_ups(question_id: str) -> None:
    for q in posed(question_id):
        said = [q.ask, q.reworded, q.plain, *q.hints[:2], *(follow_up.ask for follow_up in q.follow_ups)]
        given = [n for text in said for n in numbers_in(text)]
        assert [n for n in given for key in keys(q) if near(n, key)] == [], q.ask


@pytest.mark.parametrize("question_id", IDS)
def test_the_reference_states_every_result(question_id: str) -> None:
    for q in posed(question_id):
        stated = numbers_in(q.reference)
        for point in q.points:
            if point.value is not None:
                right = [n for n in stated if abs(n - point.value) <= point.tolerance + 1e-9]
                assert right, (point.id, point.value, q.reference)
            elif point.value_of is not None:
                assert any(phrase in q.reference for phrase in point.accepts), q.reference


@pytest.mark.parametrize("question_id", IDS)
def test_a_reply_names_the_wrong_result_that_it_answers(question_id: str) -> None:
    for q in posed(question_id):
        for slip in q.misconceptions:
            if slip.value is not None and slip.id != "negative-size":
                assert written(slip.value) in slip.reply, (slip.id, slip.value, slip.reply)


@pytest.mark.parametrize("question_id", ["conv-output-size", "conv-filter-fits", "padding-to-keep-size"])
def test_the_impossible_case_is_drawn_and_has_words_for_a_key_and_no_number(question_id: str) -> None:
    cases = {next(p.value is None for p in q.points if p.weight == 3) for q in posed(question_id)}
    assert cases == {True, False}
    for q in posed(question_id):
        final = next(point for point in q.points if point.weight == 3)
        assert (final.value is None) == bool(final.accepts), "phrases count where there is no number, and only there"


def test_a_question_without_a_drill_stays_as_it_is() -> None:
    question = make("thing", ask="What is {n}?")
    assert fresh(question, 3) is question


def test_everything_that_is_said_is_filled_in_once() -> None:
    question = replace(
        make("thing", ask="{a} and {b}", at_board="Draw {a}.", statement="Given {b}.", listing="x = {a}"),
        points=(Point("p", "It is {a}.", accepts=("{b} of them",), formulas=("x = {a}",)),),
        options=(Option("It is {a}.", reply="Not {b}."),),
        misconceptions=(Misconception("m", "It is {a}.", "No, {b}."),),
        follow_ups=(FollowUp("p", "missed", "Why {a}?"),),
    )
    done = filled(question, {"a": "{b}", "b": 2})
    assert (done.ask, done.at_board, done.statement, done.listing) == ("{b} and 2", "Draw {b}.", "Given 2.", "x = {b}")
    assert done.points == (Point("p", "It is {b}.", accepts=("2 of them",), formulas=("x = {b}",)),)
    assert done.options == (Option("It is {b}.", reply="Not 2."),)
    assert done.misconceptions == (Misconception("m", "It is {b}.", "No, 2."),)
    assert done.follow_ups == (FollowUp("p", "missed", "Why {b}?"),)


def test_the_braces_of_a_formula_are_no_placeholders() -> None:
    text = r"$\frac{n}{s} + x_{n} + \sqrt{{n}}$ of {n}"
    assert placeholders(text) == ["n", "n"]
    done = filled(make("thing", ask=text), {"n": 7, "s": 2})
    assert done.ask == r"$\frac{n}{s} + x_{n} + \sqrt{7}$ of 7"


def numeric(tolerance: float = 0.0) -> Question:
    slips = ("first", "second", "third")
    return replace(
        make("sum", ask="What do {a} and {b} make?"),
        points=(Point("total", "It is {total}.", value_of="total", tolerance=tolerance, accepts=("nothing",)),),
        misconceptions=tuple(Misconception(s, f"It is {{{s}}}.", "No.", ("total",), value_of=s) for s in slips),
    )


@pytest.mark.parametrize(
    ("wrong", "kept"),
    [
        ({"first": 4, "second": 6, "third": 7}, ["first", "second", "third"]),
        ({"first": 5, "second": 6, "third": None}, ["second"]),  # one is right after all, one does not exist
        ({"first": 4, "second": 4, "third": 6}, ["first", "third"]),  # which of two it was nobody can say
        ({"first": 6, "second": 6, "third": 5.0}, ["first"]),
    ],
)
def test_wrong_results_that_tell_nothing_are_left_out(wrong: Mapping[str, float | None], kept: list[str]) -> None:
    done = with_numbers(numeric(), Drawn({"a": 2, "b": 3}, {"total": 5, **wrong}))
    assert [slip.id for slip in done.misconceptions] == kept
    assert tells_apart(done, len(kept)) and not tells_apart(done, len(kept) + 1)


def test_a_wrong_result_that_stands_in_the_question_is_kept_and_is_not_one_of_those_that_are_needed() -> None:
    done = with_numbers(numeric(), Drawn({"a": 2, "b": 3}, {"total": 5, "first": 3, "second": 3, "third": 6}))
    assert [slip.id for slip in done.misconceptions] == ["first", "third"]
    assert tells_apart(done, 1) and not tells_apart(done, 2)


def test_what_lies_within_the_tolerance_of_the_right_result_is_no_slip() -> None:
    drawn = Drawn({"a": 2, "b": 3}, {"total": 5, "first": 5.1, "second": 5.5, "third": 9})
    assert [slip.id for slip in with_numbers(numeric(0.1), drawn).misconceptions] == ["second", "third"]


def test_a_result_that_stands_in_the_question_tells_nothing() -> None:
    drawn = Drawn({"a": 2, "b": 0}, {"total": 2, "first": 4, "second": 6, "third": 7})
    assert not tells_apart(with_numbers(numeric(), drawn), 0)


def test_where_there_is_no_number_the_phrases_are_the_answer() -> None:
    wrong = {"first": 4, "second": 6, "third": 7}
    [there] = with_numbers(numeric(), Drawn({"a": 2, "b": 3}, {"total": 5, **wrong})).points
    [missing] = with_numbers(numeric(), Drawn({"a": 2, "b": 3}, {"total": None, **wrong})).points
    assert (there.value, there.accepts) == (5, ())
    assert (missing.value, missing.accepts) == (None, ("nothing",))


def test_numbers_are_read_as_they_are_written() -> None:
    assert numbers_in("5 x 7, -3 and 1,048,576; 0.25, or 90 % of MaxPool2d(2)") == [
        5,
        7,
        -3,
        1048576,
        0.25,
        90,
        0.9,
        2,
        2,
    ]
    assert [written(n) for n in (5, -3.0, 0.25, 2 / 3, 235146, 0.00025)] == [
        "5",
        "-3",
        "0.25",
        "0.6667",
        "235,146",
        "0.00025",
    ]
    assert all(numbers_in(written(n)) == [n] for n in (5, -3, 0.25, 235146, 0.00025, 0.000016))


def test_the_output_of_a_convolution_at_its_edges() -> None:
    assert output_size(5, 7) < 1, "the filter does not fit"
    assert (output_size(5, 7, 1), output_size(5, 7, 3), output_size(7, 3, 0, 2), output_size(9, 3, 0, 1, 4)) == (
        1,
        5,
        3,
        1,
    )
