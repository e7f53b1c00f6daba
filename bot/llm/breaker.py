"""Leaves a model alone that did not answer in time: the first silence opens the breaker, one later try may close it."""

from __future__ import annotations

from collections.abc import Callable

#: Seconds for which a silent model is left alone.
REST = 60.0


class Breaker:
    """Opens at the first silence. After a rest one call is let through: its answer closes it, its silence does not."""

    def __init__(self, now: Callable[[], float], rest: float = REST) -> None:
        self._now = now
        self._rest = rest
        self._open_until: float | None = None
        self._trying = False

    def another(self) -> Breaker:
        """One like it, for calls that are waited for in another way."""
        return Breaker(self._now, self._rest)

    def lets_through(self) -> bool:
        """Whether a call may be made now. Of several that come after the rest, one may."""
        if self._open_until is None:
            return True
        if self._trying or self._now() < self._open_until:
            return False
        self._trying = True
        return True

    def answered(self) -> None:
        """The server answered, whatever it said."""
        self._open_until, self._trying = None, False

    def silent(self) -> None:
        """It did not answer in time."""
        self._open_until, self._trying = self._now() + self._rest, False

    def let_go(self) -> None:
        """A call that was let through ended without telling anything: it was cancelled."""
        self._trying = False
