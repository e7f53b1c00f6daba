"""Finds a message of a word or two that is nearly a request, but for a slip of the keyboard ("waht?").

It does not guess which request: the candidate is asked.
"""

from __future__ import annotations

import re

from bot.offline.spoken import Spoken, tables
from bot.offline.subject import DOMAIN

_MOST_WORDS = 2
#: What is asked for in a word, and what of. None of them is an answer by itself.
_REQUESTS = frozenset(
    "what hint help skip next pass stop wait quit exit rules score later repeat again sorry pardon please question "
    "rephrase undo back ready continue thanks hello this that".split()
)
#: Words that look like a slip for one of them and are none.
_WORDS = frozenset(
    "hunt slip nest lass pads paws waif hell yelp edit hack worry parson lager atop ruled jello thus".split()
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = re.compile(r"[a-z]+")


def mistyped(spoken: Spoken) -> bool:
    """True where no word is of the subject or of the question, one is nearly a request, and the rest is known."""
    words = [word.text for word in spoken.words]
    if not spoken.whole or not 0 < len(words) <= _MOST_WORDS or not DOMAIN.isdisjoint(words):
        return False
    known = tables().spelling.known
    of_the_question = frozenset(_LETTERS.findall(spoken.setting.wording.casefold()))
    odd = [word for word in words if word not in known]
    return bool(odd) and not of_the_question & {*odd} and all(_near_a_request(word) for word in odd)


def _near_a_request(word: str) -> bool:
    return word.isalpha() and word not in _WORDS and any(_is_slip(word, meant) for meant in _REQUESTS)


def _is_slip(written: str, meant: str) -> bool:
    """Two letters in the wrong order, or one key beside the right one; shorter words than four letters are too near
    to others."""
    if len(written) != len(meant) or len(meant) < 4:
        return False
    wrong = [at for at, (one, other) in enumerate(zip(written, meant, strict=True)) if one != other]
    if len(wrong) == 1:
        return _beside(written[wrong[0]], meant[wrong[0]])
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and written[wrong[0] : wrong[1] + 1] == meant[wrong[0] : wrong[1] + 1][::-1]


def _beside(one: str, other: str) -> bool:
    """True for keys that touch on a keyboard."""
    (row, at), (other_row, other_at) = _place(one), _place(other)
    if row == other_row:
        return abs(at - other_at) == 1
    upper, lower = sorted([(row, at), (other_row, other_at)])
    return lower[0] - upper[0] == 1 and upper[1] - lower[1] in (0, 1)


def _place(letter: str) -> tuple[int, int]:
    return next(((row, keys.index(letter)) for row, keys in enumerate(_ROWS) if letter in keys), (9, 9))
