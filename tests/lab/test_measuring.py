"""Measuring: rows in an order of the job's own and a little altered, predictions counted, cases as allclose."""

from __future__ import annotations

import math
from collections.abc import Callable
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.training import Case
from bot.lab.measuring import GREY, MIDDLE, PIXELS, HeldOut, cases_right, is_constant, right

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


def drawn(rows: int = 400) -> HeldOut:
    """Strokes with soft edges on black, as digits are, and labels that have nothing to do with them."""
    chance = np.random.default_rng(1)
    images = np.zeros((rows, 28, 28))
    for image in images:
        row, column = 14.0, 14.0
        for _ in range(30):
            row, column = np.clip(np.array([row, column]) + chance.normal(0, 1.5, 2), 5, 22)
            image[int(row), int(column)] = 1
    moved = [np.roll(images, (i, j), (1, 2)) * (0.7 if i or j else 1) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    spread = np.sum(moved, axis=0)
    shade = chance.uniform(0.5, 1, spread.shape)
    grey = np.minimum(spread * shade * 255, 255).astype(np.uint8)
    return HeldOut(grey.tobytes(), bytes(chance.integers(0, 10, rows, np.uint8)))


def rows_of(held: HeldOut) -> np.ndarray:
    return np.frombuffer(held.images, np.uint8).reshape(-1, PIXELS)


DRAWN = drawn()


def test_images_are_altered_a_little_by_the_secret_alone_and_stay_beside_their_labels() -> None:
    before, after = rows_of(DRAWN).astype(int), rows_of(DRAWN.altered(3)).astype(int)
    assert 0 < np.abs(after - before).max() <= GREY
    assert (before != after).any(axis=1).all()
    assert DRAWN.altered(3) == DRAWN.altered(3) != DRAWN.altered(4)
    assert DRAWN.altered(3).labels == DRAWN.labels


def test_the_edge_of_an_image_stays_empty() -> None:
    """A pixel that is 0 in all training images has no deviation: who divides by it minds any other value."""
    held = HeldOut(bytes(PIXELS * 200), bytes(200))
    after = rows_of(held.altered(5)).reshape(-1, 28, 28)
    inside = after[:, MIDDLE[0] : MIDDLE[1], MIDDLE[0] : MIDDLE[1]]
    assert inside.any() and after.sum(dtype=int) == inside.sum(dtype=int)


@pytest.mark.parametrize(
    ("shape", "most"),
    [(lambda image: image, 0.01), (lambda image: image > 0, 0.01), (lambda image: image > 128, 0.15)],
    ids=["bytes", "not black", "bright"],
)
def test_an_exact_lookup_by_digests_of_all_images_is_right_on_about_none(
    shape: Callable[[np.ndarray], np.ndarray], most: float
) -> None:
    """What a program of 64 KiB can hold: three bytes of a digest and the digit, of each public image."""

    def digest(image: np.ndarray) -> bytes:
        return sha256(shape(image).tobytes()).digest()[:3]

    table = dict(zip(map(digest, rows_of(DRAWN)), DRAWN.labels, strict=True))
    sent = DRAWN.shuffled(9)
    assert sent.accuracy(bytes(table.get(digest(image), 255) for image in rows_of(sent))) > 0.99
    sent = sent.altered(9)
    assert sent.accuracy(bytes(table.get(digest(image), 255) for image in rows_of(sent))) < most


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
