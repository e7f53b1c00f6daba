"""Which follow-up is asked: what was wrong, what is missing, what was interesting, and when none is kinder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.marking import Grade, Mark, Part, PointGrade, Standing, Verdict
from bot.core.question import FollowUp, Point, Question
from bot.offline.follow_ups import choose
from tests.fakes import question as make_question

POINTS = (
    Point("light", "It is light.", 1),
    Point("heavy", "It is heavy.", 3),
    Point("middle", "It is.", 2),
    Point("extra", "Too.", 1, bonus=True),
)
QUESTION: Question = replace(
    make_question("thing"),
    points=POINTS,
    follow_ups=(
        *(FollowUp(p.id, "missed", f"missed {p.id}?") for p in POINTS),
        FollowUp("heavy", "wrong", "wrong heavy?"),
        *(FollowUp(p.id, "interesting", f"interesting {p.id}?") for p in POINTS[:3]),
    ),
)
CREDIT: dict[Standing, float] = {"met": 1.0, "partial": 0.5, "missing": 0.0, "wrong": 0.0}


def graded(**standings: Standing) -> Grade:
    """The grade of an answer in which these points stand so; those not named are missing."""
    points = tuple(
        PointGrade(
            p.id, p.weight, p.bonus, CREDIT[standings.get(p.id, "missing")], verdict=standings.get(p.id, "missing")
        )
        for p in POINTS
    )
    score = min(1.0, sum(p.weight * p.credit for p in points) / 6)
    return Grade(round(score, 3), round(score, 3), points)


def asking(*asked: str, last: Verdict | None = None) -> Asking:
    """Question 1 after one answer and these follow-ups; `last` is what the reply to the last of them got."""
    follow_ups = tuple(e.FollowedUp("thing", point, "missed", "?") for point in asked)
    said = [Contribution(3, "answer", Part("x", verdict=Verdict("t")))]
    if asked:
        said.append(Contribution(5, "reply", Part("y", about=asked[-1], verdict=last or earning(asked[-1]))))
    return Asking("thing", "r", 1, "What?", 2, contributions=tuple(said), follow_ups=follow_ups)


def earning(point: str, verdict: Standing = "met") -> Verdict:
    return Verdict("t", (Mark(point, CREDIT[verdict], 0.9, verdict, "y"),))


def chosen(asked: Asking, grade: Grade) -> str | None:
    follow_up = choose(asked, QUESTION, grade)
    return follow_up.ask if follow_up else None


def test_what_was_wrong_goes_first():
    assert chosen(asking(), graded(light="wrong", middle="met")) == "missed light?"
    assert chosen(asking(), graded(heavy="wrong", light="met", middle="met")) == "wrong heavy?"


def test_of_two_wrong_points_the_heavier_goes_first():
    assert chosen(asking(), graded(light="wrong", heavy="wrong", middle="met")) == "wrong heavy?"


def test_then_what_most_is_to_be_gained_from():
    assert chosen(asking(), graded(light="met")) == "missed heavy?"
    assert chosen(asking(), graded(heavy="partial", light="met")) == "missed middle?"
    assert chosen(asking(), graded(heavy="partial", middle="partial", light="met")) == "missed heavy?"


def test_never_the_same_point_twice():
    assert chosen(asking("heavy"), graded(light="met")) == "missed middle?"
    assert chosen(asking("heavy"), graded(light="met", middle="met", heavy="partial")) is None


def test_a_bonus_point_is_not_asked_for():
    assert chosen(asking("light"), graded(heavy="met", middle="met", light="missing")) is None


def test_what_was_interesting_only_when_all_is_met_and_nothing_was_asked():
    full = graded(light="met", heavy="met", middle="met")
    assert chosen(asking(), full) == "interesting heavy?"
    assert chosen(asking("light"), full) is None


def test_what_was_prompted_is_less_interesting():
    full = graded(light="met", heavy="met", middle="met")
    points = tuple(replace(p, prompted=p.point == "heavy") for p in full.points)
    assert chosen(asking(), replace(full, points=points)) == "interesting middle?"


def test_a_very_good_answer_is_not_held_to_its_last_point():
    almost = replace(graded(heavy="met", middle="met", light="partial"), score=0.92)
    assert chosen(asking(), almost) == "interesting heavy?"


def test_who_has_nothing_is_asked_once():
    assert chosen(asking(), graded()) == "missed heavy?"
    assert chosen(asking("heavy", last=earning("heavy", "missing")), graded()) is None


def test_after_a_reply_that_earned_nothing_nothing_as_light_is_asked():
    some = graded(light="met")
    assert chosen(asking("heavy", last=earning("heavy", "missing")), some) is None
    assert chosen(asking("middle", last=earning("middle", "missing")), some) == "missed heavy?"
    assert chosen(asking("heavy", last=earning("heavy", "partial")), some) == "missed middle?"


def test_a_request_to_say_it_again_is_no_follow_up_on_a_point():
    again = e.FollowedUp("thing", "", "again", "Once more?")
    assert chosen(replace(asking(), follow_ups=(again,)), graded()) == "missed heavy?"


@pytest.mark.parametrize(
    "changed",
    [
        {"leaving": 9},
        {"status": "given_up"},
        {"status": "skipped"},
        {"follow_ups": (e.FollowedUp("thing", "a", "missed", "?"),) * 2},
    ],
)
def test_none_when_the_question_is_left_or_two_were_asked(changed):
    assert chosen(replace(asking(), **changed), graded()) is None


def test_none_when_nothing_was_graded():
    assert chosen(asking(), Grade(None, None, why_not="the grader is down")) is None


def test_none_where_the_bank_has_none():
    assert choose(asking(), replace(QUESTION, follow_ups=()), graded()) is None


STANDINGS = st.sampled_from(sorted(CREDIT))


@given(
    st.tuples(STANDINGS, STANDINGS, STANDINGS, STANDINGS),
    st.lists(st.sampled_from([p.id for p in POINTS]), max_size=2, unique=True),
)
def test_a_follow_up_is_about_a_point_that_was_not_asked_about_and_fits_how_it_stands(standings, asked):
    grade = graded(**dict(zip([p.id for p in POINTS], standings, strict=True)))
    follow_up = choose(asking(*asked), QUESTION, grade)
    if follow_up is None:
        return
    stands = next(p.verdict for p in grade.points if p.point == follow_up.point)
    assert follow_up.point not in asked
    assert len(asked) < 2
    assert (follow_up.when == "interesting") == (stands == "met")
    assert follow_up.when != "wrong" or stands == "wrong"
