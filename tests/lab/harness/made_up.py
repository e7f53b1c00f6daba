"""Made-up digits for the harness's tests: ten blurred patterns, some noise, mostly background. Learnt in seconds."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from tests.lab.harness.bare import write_npy

TRAIN, HELD = 1000, 200
SIDE = 28


@dataclass(frozen=True)
class Digits:
    folder: Path
    held: bytes
    labels: bytes

    def right(self, classes: bytes) -> float:
        return sum(a == b for a, b in zip(classes, self.labels, strict=True)) / len(self.labels)


def make(folder: Path) -> Digits:
    chance = random.Random(5)
    patterns = [pattern(chance) for _ in range(10)]
    labels = bytes(chance.randrange(10) for _ in range(TRAIN + HELD))
    rows = [image(patterns[label], chance) for label in labels]
    write_npy(folder / "x_train.npy", b"".join(rows[:TRAIN]), "|u1", (TRAIN, SIDE, SIDE))
    write_npy(folder / "y_train.npy", labels[:TRAIN], "|u1", (TRAIN,))
    return Digits(folder, b"".join(rows[TRAIN:]), labels[TRAIN:])


def pattern(chance: random.Random) -> list[int]:
    """The places of some 120 inked pixels, in four strokes."""
    places: set[int] = set()
    for _ in range(4):
        row, column = chance.randrange(4, 22), chance.randrange(4, 22)
        down, right = chance.choice([(0, 1), (1, 0), (1, 1)])
        for step in range(10):
            for thick in (0, 1, 2):
                y, x = min(27, row + down * step + thick), min(27, column + right * step)
                places.add(y * SIDE + x)
    return sorted(places)


def image(places: list[int], chance: random.Random) -> bytes:
    pixels = bytearray(SIDE * SIDE)
    for place in places:
        if chance.random() < 0.8:
            pixels[place] = chance.randrange(60, 256)
    pixels[places[0]] = 255
    return bytes(pixels)
