"""What a candidate claims about their own work, or holds to be so. It judges no claim."""

from __future__ import annotations

from bot.core.events import Claim


def claims_in(text: str) -> tuple[Claim, ...]:
    """The claims of a text, each with the sentence that makes it."""
    return ()
