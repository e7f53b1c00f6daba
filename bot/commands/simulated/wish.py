"""What `viva eval interviewer` is asked to measure. It checks nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """Which interviewer is measured, by which kind of candidate (None: by all), over how many questions each."""

    interviewer: str = "offline"
    kind: str | None = None
    questions: int = 8
    seed: int = 1
    as_json: bool = False
