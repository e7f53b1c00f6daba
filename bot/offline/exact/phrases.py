"""Key points that a few words earn: phrases that count as the answer, and the names of things that were asked for."""

from __future__ import annotations

import re

from bot.core.question import Point, Question
from bot.offline.exact.finds import Finds, denied_before, met, sentence_at
from bot.offline.wording import NEGATORS, words

_BETWEEN = r"[\s-]+"


def accepted(question: Question, text: str) -> Finds:
    """The points one of whose phrases is said, word by word, and not denied."""
    places = [(point.id, place) for point in question.points if (place := _place(point, text))]
    return Finds(
        tuple(met(point, sentence_at(text, *place)) for point, place in places),
        settled=frozenset(point for point, _ in places),
        heard=bool(places),
    )


def _place(point: Point, text: str) -> tuple[int, int] | None:
    for phrase in point.accepts:
        pattern = _BETWEEN.join(re.escape(word) for word in phrase.split())
        denies = any(word in NEGATORS or word.endswith("n't") for word in words(phrase))
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
            if denies or not denied_before(text, match.start()):
                return match.span()
    return None
