"""The door to a voice: what words an interviewer's turn in a manner of its own. What is said, the core decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.phrasing import Line, Phrase


class Voice(Protocol):
    """Words what is to be said. It changes nothing of what is owed, asked, marked or told."""

    name: str

    async def word(self, line: Line, uttered: Callable[[str], Awaitable[None]]) -> Phrase:
        """A line in other words. Each sentence of its lead is passed to `uttered` as soon as it may be said.

        Raises nothing: what cannot be worded in time, or must not be said so, is left empty, and `why_not` says why.
        What was uttered stands in the phrase that comes back.
        """
        ...
