"""Tells whether a text is in English, by its commonest words. It names no other language."""

from __future__ import annotations

import re

NOT_ENGLISH = (
    "It does not seem to be in English. What was found is kept as it stands; the offline grader judges answers in "
    "English alone."
)
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    "the of and to in is a that it for as are with be on this by an or from which can not at we have has what how when "
    "if you your its used more than their but these will they one between also such does do use".split()
)
#: A quarter to a half of the words of English prose are among the commonest; of other languages', one in twenty-five.
_LEAST = 0.12
_ENOUGH_WORDS = 20
_LOOKED_AT = 20_000


def is_english(text: str) -> bool:
    """True for English, and for texts that are too short to tell."""
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    if len(words) < _ENOUGH_WORDS:
        return all(word.isascii() for word in words) or len(words) < 3
    return sum(word in _COMMON for word in words) >= len(words) * _LEAST
