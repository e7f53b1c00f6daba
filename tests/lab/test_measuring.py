"""Measuring: rows in an order of the job's own, predictions counted against labels that stay, cases as allclose."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.training import Case
from bot.lab.measuring import HeldOut, cases_right, is_constant, right

HELD = HeldOut(b"".join(bytes([row]) * 784 for row in range(50)), bytes(row % 10 for row in range(50)))


def test_shuffling_keeps_images_with_their_labels() -> None:
    mixed = HELD.shuffled(3)
    assert mixed.images != HELD.images
    assert [mixed.images[row * 784] % 10 for row in range(50)] == list(mixed.labels)
    assert sorted(mixed.images[::784]) == list(range(50))


def test_the_order_follows_from_the_secret_alone() -> None:
    assert HELD.shuffled(3) == HELD.shuffled(3)
    assert HELD.shuffled(3) != HELD.shuffled(4)


def test_labels_known_by_heart_are_worth_a_guess() -> None:
    shares = [HELD.shuffled(secret).accuracy(HELD.labels) for secret in range(40)]
    assert sum(shares) / 40 == pytest.approx(0.1, abs=0.05)


def test_predictions_are_counted() -> None:
    assert HELD.accuracy(HELD.labels) == 1
    assert HELD.accuracy(bytes(50)) == 0.1
    assert HELD.accuracy(bytes([255] * 50)) == 0


@pytest.mark.parametrize("count", [0, 49, 51])
def test_another_number_of_predictions_is_a_fault_of_the_caller(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} predictions for 50 images"):
        HELD.accuracy(bytes(count))


def test_images_and_labels_must_fit() -> None:
    with pytest.raises(ValueError, match="2 labels do not fit"):
        HeldOut(bytes(784), bytes(2))


def test_constant_predictions_are_told() -> None:
    assert is_constant(bytes([7] * 9))
    assert not is_constant(bytes([7, 7, 8]))


numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(numbers, numbers, st.sampled_from([0.0, 1e-4, 0.1]))
def test_numbers_are_compared_as_numpy_does(value: float, wanted: float, tolerance: float) -> None:
    with np.errstate(all="ignore"):
        expected = bool(np.allclose([value], [wanted], rtol=tolerance, atol=tolerance))
    assert right(Case((), (), (wanted,), tolerance), [value]) is expected


@given(numbers)
def test_numbers_near_one_another_are_too(wanted: float) -> None:
    for factor in (0.9998, 0.99991, 1.00009, 1.0002):
        expected = bool(np.allclose([wanted * factor], [wanted], rtol=1e-4, atol=1e-4))
        assert right(Case((), (), (wanted,)), [wanted * factor]) is expected


def test_a_case_is_right_as_a_whole() -> None:
    cases = (Case((), (), (1.0, 2.0)), Case((), (), (3.0,)), Case((), (), (math.nan,)), Case((), (), (5.0,)))
    assert cases_right(cases, [(1.00001, 2.0), (3.0, 3.0), (math.nan,), None]) == (True, False, False, False)
    assert cases_right(cases, [(1.0, 2.1)]) == (False, False, False, False)
