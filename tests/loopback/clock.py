"""The loopback's own time, which tests may advance, and ids that carry it, as Discord's do. It reads no time zones."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

EPOCH = 1_420_070_400_000  # the first millisecond of 2015, from which Discord counts


class Clock:
    """Real time, plus what a test advanced it by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, **much: float) -> None:
        """Moves on, as in `advance(minutes=16)`; the names are those of `timedelta`."""
        self._ahead += timedelta(**much).total_seconds()

    def text(self, at: float | None = None) -> str:
        """The time as Discord writes it."""
        return datetime.fromtimestamp(self.now() if at is None else at, UTC).isoformat()


class Ids:
    """Snowflakes: they grow, and none is given twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        self._last = max(self._last + 1, self.at(self._clock.now()))
        return self._last

    def of_server(self) -> int:
        """Shards are told apart by an id's time: servers made in one millisecond would all lie on one shard."""
        self._last = max(((self._last >> 22) + 1) << 22, self.at(self._clock.now()))
        return self._last

    @staticmethod
    def at(seconds: float) -> int:
        return (int(seconds * 1000) - EPOCH) << 22
