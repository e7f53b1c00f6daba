"""The right to work on a session: how long one lasts, and whether it still binds anybody. It writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.rows import stamp

#: No lease is longer (seconds); one that seems to be was written by a clock that went wrong, and binds nobody.
LONGEST_LEASE = 600.0


@dataclass(frozen=True)
class Leases:
    """Judges leases by a clock and by `alive`, which says whether the process of that name may still be at work."""

    clock: Callable[[], datetime]
    alive: Callable[[str], bool]

    def until(self, seconds: float) -> str:
        """When a lease taken now ends."""
        return stamp(self.clock() + timedelta(seconds=min(seconds, LONGEST_LEASE)))

    def left(self, lease_holder: str | None, until: str | None, holder: str) -> float:
        """For how many seconds more somebody other than `holder` has the right; 0 when nobody does."""
        if lease_holder is None or until is None or lease_holder == holder:
            return 0.0
        seconds = (datetime.fromisoformat(until) - self.clock()).total_seconds()
        return seconds if 0 < seconds <= LONGEST_LEASE and self.alive(lease_holder) else 0.0
