"""An answer that is amended: what was said before, and what of a text that began with it is new. It sends nothing."""

from __future__ import annotations

import re
from collections import Counter

from bot.core.asking import Asking

_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


def said(asking: Asking) -> str:
    """What was said to a question, for the modal in which it is amended."""
    return "\n\n".join(c.part.text for c in asking.contributions if not c.code)


def added(text: str, earlier: str) -> str:
    """The sentences that are new, or were changed, in a text that began as the `earlier` one; empty where none are.

    What was left out of it, or put into another order, adds nothing: what was said stays as it was said.
    """
    before = Counter(_alike(sentence) for sentence in _ENDS.split(earlier))
    new = []
    for sentence in _ENDS.split(text):
        if before[_alike(sentence)]:
            before[_alike(sentence)] -= 1
        elif sentence.strip():
            new.append(sentence.strip())
    return "\n".join(new)


def _alike(sentence: str) -> str:
    return " ".join(sentence.split()).casefold()
