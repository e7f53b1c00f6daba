"""The line below the prompt: where the sitting stands, in as many words as the window has room for."""

from __future__ import annotations

from bot.core.folding import LONGEST_PAUSE
from bot.ports import Stands
from bot.surfaces.text.harmless import harmless

_HINTS = 3


def status_line(stands: Stands, width: int, waited: float = 0.0) -> str:
    """`question 3 of 15 · 12 min · hints 1 of 3 · Perceptron`, shortened until it fits.

    `waited` is how long (seconds) the prompt has been open, which no event has told of yet.
    """
    minutes = stands.minutes + int(min(waited, LONGEST_PAUSE) / 60)
    if stands.question is None:
        return f"{minutes} min"
    title = harmless(stands.title) + (", follow-up" if stands.follow_up else "")
    line = f"question {stands.number} of {stands.of} · {minutes} min · hints {stands.hints} of {_HINTS}"
    short = f"{stands.number}/{stands.of} · {minutes} min · hints {stands.hints}/{_HINTS}"
    return next((form for form in (f"{line} · {title}", line) if len(form) <= width), short)
