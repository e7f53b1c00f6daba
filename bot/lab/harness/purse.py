"""What watching may cost: a small share of the time that the program itself takes. It only keeps the account."""

from __future__ import annotations

import time
from collections.abc import Callable

SHARE = 0.003  # of the time by the clock; counting each step takes some 7 µs besides
GIFT = 0.010  # seconds spent in any case: the first steps tell the most
HOOKS = 50e-6  # seconds that a look costs besides: hooks make each module's call slower


class Purse:
    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.begun = clock()
        self.spent = 0.0

    def pay(self, seconds: float) -> None:
        self.spent += seconds

    def affords(self) -> bool:
        """True while less was spent than was earned."""
        return self.spent < GIFT + SHARE * (self.clock() - self.begun)
