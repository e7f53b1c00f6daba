"""What a job may say, and how its values are read: capped, plain, or not at all. It keeps no state."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.training import Fault

LARGEST_STEP = 10**9
LONGEST_SENTENCE = 1000
LONGEST_MESSAGE = 2000
LONGEST_NAME = 100
MOST_SEEN = 60  # keys, and entries of a list, of what was seen
MOST_SENTENCES = 5
DEEPEST = 4

PredictedBy = Literal["", "model", "predict", "last"]


@dataclass(frozen=True)
class Warm:
    """It waits for its job."""


@dataclass(frozen=True)
class Began:
    """The program's first line is about to run."""


@dataclass(frozen=True)
class Points:
    """Further points of the curve, steps from 1 and rising."""

    at: tuple[int, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class Validation:
    """The mean loss of what was computed without gradients, after a step."""

    at: int
    loss: float


@dataclass(frozen=True)
class Finished:
    """The program has ended, well or not: `ready` or a `Failed` follows."""

    seen: Mapping[str, Any]
    parameters: int | None
    predicted_by: PredictedBy


@dataclass(frozen=True)
class Failed:
    """It ended by an exception of its own."""

    fault: Fault


@dataclass(frozen=True)
class Ready:
    """It wants its held-out images, or its cases."""


@dataclass(frozen=True)
class Predictions:
    """One class an image, in the order in which they were sent; any byte may stand there."""

    classes: bytes


@dataclass(frozen=True)
class Values:
    """What the function gave: for each case its numbers, or None where there are none; `failed` are sentences."""

    results: tuple[tuple[float, ...] | None, ...]
    failed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Nothing:
    """There is nothing to measure, and why, in a sentence for the candidate."""

    why: str


Said = Warm | Began | Points | Validation | Finished | Failed | Ready | Predictions | Values | Nothing


def read_line(line: bytes) -> Mapping[str, Any]:
    """A JSON object, or nothing. Depth is Python's own limit, and it fits in a line."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def is_step(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_STEP


def number(value: Any) -> float | None:
    """A float, also of the words nan, inf and -inf; None for anything else."""
    if isinstance(value, str) and value in ("nan", "inf", "-inf"):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def capped(value: Any, depth: int = 0) -> Any:
    """Plain values, not too many, not too long, not too deep."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return max(-(10**15), min(value, 10**15))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return plain(value, LONGEST_NAME * 2)
    if depth >= DEEPEST:
        return None
    if isinstance(value, dict):
        pairs = list(value.items())[:MOST_SEEN]
        return {plain(key, LONGEST_NAME): capped(one, depth + 1) for key, one in pairs}
    return [capped(one, depth + 1) for one in value[:MOST_SEEN]] if isinstance(value, list) else None


def plain(value: Any, longest: int) -> str:
    """Text without what steers a terminal or cannot be written as UTF-8; lines and tabs stay."""
    text = value if isinstance(value, str) else ""
    text = text[: longest + 1].encode("utf-8", "replace").decode("utf-8")
    text = "".join(letter if letter in "\n\t" or letter.isprintable() else "�" for letter in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def sentences_of(failed_cases: Any, count: int) -> tuple[tuple[int, str], ...]:
    found = []
    for one in failed_cases if isinstance(failed_cases, list) else ():
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], int) and 0 <= one[0] < count:
            found.append((int(one[0]), plain(one[1], LONGEST_SENTENCE)))
    return tuple(found[:MOST_SENTENCES])


def cut(data: bytes, sizes: Sequence[int]) -> tuple[tuple[float, ...] | None, ...]:
    """The numbers case by case."""
    numbers = struct.unpack(f"<{len(data) // 8}d", data)
    found: list[tuple[float, ...] | None] = []
    start = 0
    for size in sizes:
        found.append(numbers[start : start + size] if size >= 0 else None)
        start += max(size, 0)
    return tuple(found)
