"""What a run achieved, counted by the host from plain bytes and numbers. It asks nobody and believes no job."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.training import Case

PIXELS = 28 * 28
CLASSES = 10
#: Grey values change by up to so much of 255. The reference networks of corpus/tasks stay within .001 of what they
#: reach on the plain images of MNIST (three draws: .9413 to .9420 for .9416, .9697 to .9708 for .9699).
GREY = 16
#: In so many places of the middle, where digits are, a pixel gets such a value: else which pixels are 0 would be known.
SPOTS = 8
MIDDLE = (4, 24)


@dataclass(frozen=True)
class HeldOut:
    """Held-out images and, in the same order, one label a byte. Only the images ever leave the host."""

    images: bytes
    labels: bytes

    def __post_init__(self) -> None:
        if len(self.images) != PIXELS * len(self.labels):
            raise ValueError(f"{len(self.labels)} labels do not fit {len(self.images)} bytes of images of 28 by 28")

    @property
    def rows(self) -> int:
        return len(self.labels)

    def shuffled(self, secret: int) -> HeldOut:
        """The rows in an order of this job's own, against labels known by heart.

        `secret` must not be the seed that the job is told, nor follow from it.
        """
        order = list(range(self.rows))
        random.Random(secret).shuffle(order)
        images = b"".join([self.images[row * PIXELS : (row + 1) * PIXELS] for row in order])
        return HeldOut(images, bytes([self.labels[row] for row in order]))

    def altered(self, secret: int) -> HeldOut:
        """The same images with grey values a little different, against answers looked up by the images themselves.

        A digest of an image finds nothing then. A table of signatures that bear small changes (the signs of 24 random
        projections would do, and fit into a program) still finds most: that one is seen in the text, not here.
        """
        import numpy as np

        chance = np.random.default_rng(secret)
        pixels = np.frombuffer(self.images, np.uint8).copy()
        grey = np.flatnonzero(pixels)  # the others stay 0: some networks divide by the deviation that a pixel had
        other = pixels[grey] + chance.integers(-GREY, GREY, len(grey), np.int8, endpoint=True).astype(np.int16)
        pixels[grey] = np.clip(other, 0, 255)
        down, across = chance.integers(*MIDDLE, (2, self.rows, SPOTS))
        spots = np.arange(self.rows)[:, None] * PIXELS + down * 28 + across
        pixels[spots] = np.maximum(pixels[spots], chance.integers(1, GREY, spots.shape, np.uint8, endpoint=True))
        return HeldOut(pixels.tobytes(), self.labels)

    def accuracy(self, classes: bytes) -> float:
        """The share of rows that got their label, 0..1; every row counts, and there must be a class for each."""
        if len(classes) != self.rows or not classes:
            raise ValueError(f"{len(classes)} predictions for {self.rows} images")
        return sum(map(int.__eq__, classes, self.labels)) / self.rows


def is_constant(classes: bytes) -> bool:
    """True when every image was given the same class."""
    return len(set(classes)) == 1


def right(case: Case, result: Sequence[float] | None) -> bool:
    """Whether a result is the case's, number by number, as numpy.allclose has it: |a - b| <= t + t·|b|.

    Nan equals nothing, an infinity only itself.
    """
    if result is None or len(result) != len(case.expects):
        return False
    return all(close(a, b, case.tolerance) for a, b in zip(result, case.expects, strict=True))


def close(value: float, wanted: float, tolerance: float) -> bool:
    if math.isinf(value) or math.isinf(wanted):
        return value == wanted
    return abs(value - wanted) <= tolerance + tolerance * abs(wanted)


def cases_right(cases: Sequence[Case], results: Sequence[Sequence[float] | None]) -> tuple[bool, ...]:
    """Which of the cases were right; a case without a result is wrong."""
    given = [*results, *[None] * len(cases)]
    return tuple(right(case, result) for case, result in zip(cases, given, strict=False))
