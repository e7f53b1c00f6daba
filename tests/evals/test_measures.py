"""The arithmetic of figures, on numbers small enough to be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evals.measures import (
    Value,
    calibration,
    calibration_error,
    error,
    false_blame,
    false_praise,
    measured,
    pearson,
    spearman,
)


def test_ranks_count_and_ties_share_theirs() -> None:
    assert spearman([0.1, 0.2, 0.9], [1, 5, 100]) == pytest.approx(1.0)
    assert spearman([0.1, 0.2, 0.9], [3, 2, 1]) == pytest.approx(-1.0)
    assert spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(0.9486833)  # ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4


def test_what_is_the_same_throughout_says_nothing() -> None:
    assert spearman([0.0, 0.5, 1.0], [0.3, 0.3, 0.3]) == 0.0
    assert pearson([0.1] * 3, [0.0, 0.5, 1.0]) == 0.0


def test_praise_and_blame_count_only_beyond_their_borders() -> None:
    true = np.array([0.0, 0.25, 0.25, 0.26, 0.79, 0.8, 1.0, 1.0, 1.0])
    given = np.array([0.51, 0.5, 0.9, 0.9, 0.0, 0.59, 0.6, 0.61, 0.0])
    assert false_praise(true, given) == pytest.approx(2 / 3)
    assert false_blame(true, given) == pytest.approx(2 / 4)
    assert error(np.array([0.0, 1.0]), np.array([0.5, 0.75])) == pytest.approx(0.375)


def test_without_bad_answers_nobody_can_be_praised_falsely() -> None:
    found = measured([0.5, 0.9], [0.5, 0.9], ["a", "b"], draws=20)
    assert found["false_praise"] == Value(None)
    assert found["false_blame"].value == 0.0


TRUE = [0.0, 0.0, 0.5, 0.9, 1.0, 0.2, 0.6, 1.0]
GIVEN = [0.1, 0.6, 0.4, 0.8, 0.3, 0.0, 0.9, 1.0]
ASKED = ["a", "a", "b", "b", "c", "c", "d", "d"]


def test_the_same_answers_have_the_same_intervals_and_they_hold_the_figure() -> None:
    once, again = (measured(TRUE, GIVEN, ASKED) for _ in range(2))
    assert once == again
    assert measured(TRUE, GIVEN, ASKED, seed=2) != once
    for value in once.values():
        assert value.value is not None and value.low is not None and value.high is not None
        assert value.low <= value.value <= value.high
    assert once["error"].low != once["error"].high


def test_questions_are_drawn_and_not_answers() -> None:
    alone = measured(TRUE, GIVEN, ["a"] * 8)
    assert all(value.low == value.value == value.high for value in alone.values())


def test_calibration_holds_what_is_right_against_how_sure_it_was() -> None:
    steps = calibration([(0.9, True), (0.9, True), (0.8, False), (1.0, True), (0.1, False), (0.19, True)])
    assert [(step.begins, step.n, step.right) for step in steps] == [(0.0, 2, 0.5), (0.8, 4, 0.75)]
    assert [step.sure for step in steps] == [0.145, 0.9]
    assert calibration_error(steps) == pytest.approx((2 * 0.355 + 4 * 0.15) / 6, abs=1e-4)
    assert calibration_error([]) is None
