"""What a job is asked once its program has ended, and the verdict on its answer. It counts, and believes nothing.

`measuring` has the arithmetic, `protocol` the frames; here stands which verdict follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.core.training import Case
from bot.lab import claims, protocol
from bot.lab.measuring import CLASSES, HeldOut, cases_right, is_constant

Answer = claims.Predictions | claims.Values | claims.Nothing
#: Sentences on cases that failed by an exception, up to here.
MOST_SAID = 3


@dataclass(frozen=True)
class Verdict:
    """What the answer is worth."""

    status: Literal["measured", "no_predictions", "invalid_predictions"]
    accuracy: float | None = None
    of: int = 0
    cases: tuple[bool, ...] = ()
    why: str = ""


class Measuring(Protocol):
    """What a job is asked, and what its answer is worth. `rows` and `lengths` as protocol.Hearing has them."""

    @property
    def rows(self) -> int: ...

    @property
    def lengths(self) -> tuple[int, ...]: ...

    def asked(self) -> bytes: ...

    def judged(self, answer: Answer, by: str) -> Verdict:
        """`by` is which of the ways the job says that it was answered by; empty when it was left nothing."""
        ...


@dataclass
class OnImages:
    """Held-out images in an order of this job's own, their grey values a little different; both follow from `secret`.

    They are made when they are asked for.
    """

    held: HeldOut
    secret: int
    lengths: tuple[int, ...] = ()
    _shuffled: HeldOut | None = field(default=None, init=False)

    @property
    def rows(self) -> int:
        return self.held.rows

    def asked(self) -> bytes:
        self._shuffled = self.held.shuffled(self.secret).altered(self.secret)
        return protocol.held(self._shuffled.images)

    def judged(self, answer: Answer, by: str) -> Verdict:
        if isinstance(answer, claims.Nothing):
            return Verdict("invalid_predictions" if by else "no_predictions", of=self.rows, why=answer.why)
        if not isinstance(answer, claims.Predictions) or self._shuffled is None:
            return Verdict("invalid_predictions", of=self.rows, why="What came back were no classes of images.")
        if max(answer.classes) >= CLASSES:
            return Verdict("invalid_predictions", of=self.rows, why="Some predictions are classes outside 0 to 9.")
        same = f"Every image got the same class, {answer.classes[0]}." if is_constant(answer.classes) else ""
        return Verdict("measured", self._shuffled.accuracy(answer.classes), self.rows, why=same)


@dataclass(frozen=True)
class OnCases:
    """Calls of the function that a task asks for."""

    cases: tuple[Case, ...]
    rows: int = 0

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(len(case.expects) for case in self.cases)

    def asked(self) -> bytes:
        return protocol.cases(self.cases)

    def judged(self, answer: Answer, by: str) -> Verdict:
        if isinstance(answer, claims.Nothing):
            return Verdict("no_predictions", why=answer.why)
        if not isinstance(answer, claims.Values):
            return Verdict("invalid_predictions", why="What came back were no numbers of the function.")
        right = cases_right(self.cases, answer.results)
        failed = " ".join(f"In case {place + 1}: {says}" for place, says in answer.failed[:MOST_SAID])
        return Verdict("measured", cases=right, why=failed)


def assumed(seen: Mapping[str, Any], by: str) -> str:
    """A sentence to be said beside the accuracy when the scaling of the inputs was not seen; else empty."""
    scaling = seen.get("scaling")
    if by in ("", "predict") or not isinstance(scaling, Mapping) or scaling.get("kind") != "assumed":
        return ""
    return "How your program scales the images was not seen, so the network was given pixels divided by 255."
