"""Long work cut into steps: a generator that yields where others may have their turn, and returns what it made.

Who takes the steps, where and when, it does not know.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")
Steps = Generator[None, None, Result]


@dataclass(frozen=True)
class Pace:
    """How much is done in one step: so many texts embedded, so many units written."""

    texts: int
    units: int


#: For who has the machine to himself.
QUICK = Pace(texts=64, units=500)
#: For who shares a thread with sittings: on a slow processor a passage takes up to 90 ms to embed, and a write, during
#: which Python stands still, 25 ms and another for each passage.
GENTLE = Pace(texts=1, units=20)


def finished(steps: Steps[Result]) -> Result:
    """What the work makes, all steps taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result
