"""The arithmetic of scores, as the table in the docs has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.marking import Belief, Mark, Part, Verdict, band, checked, grade, share, standing, total
from bot.core.question import Point, Question
from tests.fakes import question as make

QUESTION = make("thing", ("alpha", "beta"))


def part(text: str = "x", **marks: float | str) -> Part:
    """A part in which each named point has a credit, or the word `wrong`."""
    found = tuple(
        Mark(name, 0.0, 1.0, "wrong", text)
        if given == "wrong"
        else Mark(name, float(given), 1.0, standing(float(given)), text)
        for name, given in marks.items()
    )
    return Part(text, verdict=Verdict("test", found))


def after(
    made: Part, rungs: int = 0, pointed_at: tuple[str, ...] = (), about: str | None = None, amends: bool = False
) -> Part:
    return Part(made.text, rungs, frozenset(pointed_at), about, amends, made.verdict)


@pytest.mark.parametrize(
    ("credit", "word"),
    [(1.0, "met"), (0.75, "met"), (0.74, "partial"), (0.35, "partial"), (0.34, "missing"), (0.0, "missing")],
)
def test_credit_borders(credit, word):
    assert standing(credit) == word


@pytest.mark.parametrize(
    ("score", "name"),
    [(0.8, "strong"), (0.79, "partial"), (0.5, "partial"), (0.49, "weak"), (0.2, "weak"), (0.19, "none")],
)
def test_bands(score, name):
    assert band(score) == name


def test_score_is_the_weighted_mean_rounded_to_three_places():
    weighted = Question(**{**QUESTION.__dict__, "points": (Point("alpha", "a", 2), Point("beta", "b", 1))})
    result = grade(weighted, [part(alpha=1.0, beta=0.5)])
    assert result.score == 0.833
    assert result.alone == 0.833


def test_missing_and_wrong_count_nothing():
    assert grade(QUESTION, [part(alpha=0.3, beta="wrong")]).score == 0.0


@pytest.mark.parametrize(("rungs", "worth"), [(0, 1.0), (1, 0.75), (2, 0.5), (3, 0.25)])
def test_price_of_hints(rungs, worth):
    result = grade(QUESTION, [after(part(alpha=1.0, beta=1.0), rungs)], hints=rungs)
    assert result.score == worth
    assert result.alone == (1.0 if rungs == 0 else 0.0)
    assert all(p.prompted == (rungs > 0) for p in result.points)


def test_a_follow_up_costs_only_the_point_it_points_at_and_the_least_share_applies():
    reply = after(part(alpha=1.0, beta=1.0), pointed_at=("alpha",))
    assert (share(reply, "alpha"), share(reply, "beta")) == (0.75, 1.0)
    assert share(after(reply, rungs=2, pointed_at=("alpha",)), "alpha") == 0.5
    assert share(after(reply, rungs=1, pointed_at=("alpha",)), "alpha") == 0.75


def code(*points: Point) -> Question:
    return Question(**{**QUESTION.__dict__, "kind": "code", "points": points})


def heard(asked: Question, **marks: float) -> Part:
    """A part as it is kept: with a mark for all that must have one."""
    verdict = part("x", **marks).verdict
    assert verdict is not None
    return Part("x", verdict=checked(verdict, asked, "x"))


def test_what_was_not_measured_is_left_out_and_what_failed_is_not():
    asked = code(Point("alpha", "a", shown_by="flattens"), Point("beta", "b", 3, shown_by="runs", measured=True))
    parts = [heard(asked, alpha=1.0), heard(asked, alpha=1.0, beta=0.0), heard(asked, alpha=1.0, beta=1.0)]
    grades = [grade(asked, [one]) for one in parts]
    assert [g.score for g in grades] == [1.0, 0.25, 1.0]
    assert [len(g.points) for g in grades] == [1, 2, 2]


def test_what_no_program_can_say_is_left_out_until_words_are_heard():
    asked = code(Point("alpha", "a", shown_by="flattens"), Point("beta", "b"))
    program, words = heard(asked, alpha=1.0), heard(asked, alpha=0.0, beta=0.5)
    assert grade(asked, [program]).score == 1.0
    assert grade(asked, [program, words]).score == 0.75
    assert grade(asked, [words]).score == 0.25


def test_a_point_met_on_ones_own_keeps_its_worth_after_help():
    result = grade(QUESTION, [part(alpha=1.0), after(part(alpha=1.0, beta=1.0), rungs=1)], hints=1)
    assert (result.score, result.alone) == (0.875, 0.5)
    assert [p.prompted for p in result.points] == [False, True]


def test_half_a_point_alone_and_the_rest_with_help_gives_two_numbers():
    result = grade(QUESTION, [part(alpha=0.5), after(part(alpha=1.0), rungs=1)], hints=1)
    assert (result.score, result.alone) == (0.375, 0.25)


def test_bonus_points_fill_what_is_missing_and_never_exceed_one():
    points = (Point("alpha", "a", 2), Point("beta", "b", 2), Point("extra", "c", 1, bonus=True))
    with_bonus = Question(**{**QUESTION.__dict__, "points": points})
    assert grade(with_bonus, [part(alpha=1.0)]).score == 0.5
    assert grade(with_bonus, [part(alpha=1.0, extra=1.0)]).score == 0.75
    assert grade(with_bonus, [part(alpha=1.0, beta=1.0, extra=1.0)]).score == 1.0


def test_a_correction_takes_back_and_an_aside_does_not():
    said = part(alpha=1.0)
    wrong = part(alpha="wrong")
    assert grade(QUESTION, [said, after(wrong, about="alpha", pointed_at=("alpha",))]).score == 0.5
    assert grade(QUESTION, [said, after(wrong, amends=True)]).score == 0.0
    assert grade(QUESTION, [said, after(wrong, about="beta", pointed_at=("beta",))]).score == 0.5


def test_wrong_first_and_right_later():
    result = grade(QUESTION, [part(alpha="wrong"), after(part(alpha=1.0), pointed_at=("alpha",), about="alpha")])
    assert (result.score, result.alone) == (0.375, 0.0)
    assert result.points[0].verdict == "met"


def test_while_a_part_waits_there_is_no_number():
    waiting = Part("y", verdict=Verdict("test", why_not="it is down", retry=True))
    result = grade(QUESTION, [part(alpha=1.0), waiting])
    assert (result.score, result.graded, result.why_not) == (None, False, "it is down")
    assert grade(QUESTION, [part(alpha=1.0), Part("z")]).score is None


def test_a_part_that_cannot_be_judged_adds_nothing_and_alone_is_not_graded():
    other = Part("y", verdict=Verdict("test", why_not="another language"))
    assert grade(QUESTION, [part(alpha=1.0), other]).score == 0.5
    assert grade(QUESTION, [other]).why_not == "another language"
    assert grade(QUESTION, []).score is None


def test_what_was_never_said_is_no_evidence():
    verdict = Verdict(
        "test",
        (Mark("alpha", 1.0, 1.0, "met", "never said"), Mark("beta", 1.0, 1.0, "met", "was said")),
        (Belief("b", "never said"),),
    )
    result = checked(verdict, QUESTION, "this was said")
    assert [(m.point, m.credit, m.evidence) for m in result.marks] == [("alpha", 0.0, None), ("beta", 1.0, "was said")]
    assert result.misconceptions == ()


def test_every_point_is_marked_once():
    result = checked(Verdict("test", (Mark("alpha", 1.0, 1.0, "met"), Mark("alpha", 0.0, 1.0, "wrong"))), QUESTION, "x")
    assert [(m.point, m.verdict) for m in result.marks] == [("alpha", "met"), ("beta", "missing")]


def test_total_is_the_mean_and_none_of_nothing():
    assert total([1.0, 0.5, 0.0]) == 0.5
    assert total([]) is None


credits = st.floats(0, 1, allow_nan=False)


@given(st.lists(st.tuples(credits, credits, st.integers(0, 3)), min_size=1, max_size=6))
def test_scores_stay_in_range_and_help_never_raises_what_is_ones_own(parts):
    rungs = sorted(rung for _, _, rung in parts)
    made = [after(part(alpha=a, beta=b), n) for (a, b, _), n in zip(parts, rungs, strict=True)]
    result = grade(QUESTION, made, hints=rungs[-1])
    assert result.score is not None and result.alone is not None
    assert 0.0 <= result.alone <= result.score + 0.001 <= 1.001


@given(credits, credits)
def test_more_credit_never_lowers_a_score(low, high):
    low, high = sorted((low, high))
    assert (grade(QUESTION, [part(alpha=low)]).score or 0) <= (grade(QUESTION, [part(alpha=high)]).score or 0)
