"""The stand-in for MNIST: scikit-learn's handwritten digits, scaled to MNIST's size. It writes nothing.

They are read from where the package keeps them: importing scikit-learn would bring SciPy into the bot's memory. Both
parts hold digits of the same writers, so accuracy on them flatters; what is measured on them is always called so.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import LabUnavailable
from bot.lab.idx import CLASSES, SIDE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAME = "scikit-learn's digits, a stand-in for MNIST"
INSTALL = "python -m pip install scikit-learn"
#: The file holds so many images of so many pixels a side, each pixel 0 to LARGEST.
ROWS, SMALL_SIDE, LARGEST = 1797, 8, 16
#: How many are held out: a fixed choice of about a fifth.
HELD, SEED = 397, 1797


def digits_file() -> Path | None:
    """Where scikit-learn keeps its digits, without importing it; None where it is not installed."""
    spec = importlib.util.find_spec("sklearn")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (file := Path(place) / "datasets" / "data" / "digits.csv.gz").is_file():
            return file
    return None


def stand_in(find: Callable[[], Path | None] = digits_file) -> tuple[bytes, bytes, bytes, bytes]:
    """Images and labels to train on, then those held out; bytes as in MNIST's files."""
    file = find()
    if file is None:
        raise LabUnavailable(
            "There are no digits to train on: VIVA_MNIST_DIR is not set, MNIST could not be fetched, and scikit-learn,"
            f" whose digits would stand in, is not installed. Install it: {INSTALL}"
        )
    small, labels = _read(file)
    images = scaled(small)
    order = _order()
    train, held = order[HELD:], order[:HELD]
    return images[train].tobytes(), labels[train].tobytes(), images[held].tobytes(), labels[held].tobytes()


def scaled(small: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Images N×8×8 of 0..16 as N×28×28 of 0..255, bilinear: pixel centres lie as they would on paper."""
    import numpy as np

    centres = np.clip((np.arange(SIDE) + 0.5) * SMALL_SIDE / SIDE - 0.5, 0, SMALL_SIDE - 1)
    weights = np.maximum(0, 1 - np.abs(centres[:, None] - np.arange(SMALL_SIDE)))
    large = weights @ small.astype(np.float64) @ weights.T
    pixels: npt.NDArray[np.uint8] = np.rint(large * (255 / LARGEST)).astype(np.uint8)
    return pixels


def _order() -> npt.NDArray[np.int64]:
    """A fixed order of all rows. RandomState, for its stream is frozen: a newer numpy holds out the same rows."""
    import numpy as np

    return np.random.RandomState(SEED).permutation(ROWS)


def _read(file: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Small images and labels; each line of the file is an image's 64 pixels and its label."""
    import numpy as np

    try:
        with gzip.open(file, "rt", encoding="ascii") as text:
            table = np.array([[int(number) for number in line.split(",")] for line in text], np.int64)
    except (OSError, EOFError, ValueError) as error:
        raise _spoilt(file, str(error)) from None
    pixels = SMALL_SIDE * SMALL_SIDE
    if table.shape != (ROWS, pixels + 1):
        raise _spoilt(file, f"it has the shape {table.shape}")
    small, labels = table[:, :pixels], table[:, pixels]
    if small.min() < 0 or small.max() > LARGEST or labels.min() < 0 or labels.max() >= CLASSES:
        raise _spoilt(file, "numbers are outside what digits have")
    return small.reshape(ROWS, SMALL_SIDE, SMALL_SIDE).astype(np.uint8), labels.astype(np.uint8)


def _spoilt(file: Path, why: str) -> LabUnavailable:
    return LabUnavailable(
        f"scikit-learn's digits at {file} cannot be used ({why}). Install it again: {INSTALL} --force-reinstall"
    )
