"""Mends misspelt words of a query against the words of the corpus. It changes no text, and no word that anybody knows.

A typing error is one or two letters left out, put in, exchanged or transposed; that is all that is looked for.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

#: Shorter words are never mended: too many of them are one letter apart.
SHORTEST = 4
#: From so many letters on a word may be two errors away, and from SHORTEST on a transposition.
ONE_ERROR_FROM, TWO_ERRORS_FROM = 5, 7
#: No term of the field is longer, and no more words of a query are looked at.
LONGEST, MOST_WORDS = 30, 40
#: Two words that make one of the corpus when they are joined, such as "auto encoder", have at least so many letters.
SHORTEST_PART = 3

_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_SPACED = re.compile(r"[a-z]+(?:'[a-z]+)?")


class Speller:
    """Mends words towards those of `texts`; a word that is `known` is left as it is."""

    def __init__(self, texts: Iterable[str], known: Callable[[str], bool]) -> None:
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        self._words = counts
        self._targets = [
            (word, _letters(word), count) for word, count in counts.items() if SHORTEST <= len(word) <= LONGEST
        ]
        self._known = known
        self._mended = lru_cache(4096)(self._mend)

    def repaired(self, query: str) -> str:
        """The query with its misspelt words mended, and behind it the words that two of them make together."""
        left = MOST_WORDS

        def mended(found: re.Match[str]) -> str:
            nonlocal left
            left -= 1
            return found[0] if left < 0 else self._mended(found[0].lower()) or found[0]

        text = _WORD.sub(mended, query)
        words = _SPACED.findall(text.lower())[:MOST_WORDS]
        pairs = [a + b for a, b in itertools.pairwise(words) if min(len(a), len(b)) >= SHORTEST_PART]
        joined = dict.fromkeys(pair for pair in pairs if pair in self._words)
        return f"{text} ({', '.join(joined)})" if joined else text

    def _mend(self, word: str) -> str | None:
        """The word of the corpus that was meant, or None: the fewest errors first, then the most frequent."""
        if not SHORTEST <= len(word) <= LONGEST or self._right(word):
            return None
        most, letters = 1 if len(word) < TWO_ERRORS_FROM else 2, _letters(word)
        best: tuple[int, bool, int, str] | None = None
        for target, own, count in self._targets:
            if abs(len(target) - len(word)) > most or (letters ^ own).bit_count() > 2 * most:
                continue
            if len(word) < ONE_ERROR_FROM and sorted(word) != sorted(target):
                continue
            errors = distance(word, target, most)
            rank = (errors, target[0] != word[0], -count, target)
            if errors <= most and (best is None or rank < best):
                best = rank
        return best[3] if best else None

    def _right(self, word: str) -> bool:
        singular = word.removesuffix("s")
        return any(one in self._words or self._known(one) for one in dict.fromkeys((word, singular)))


def distance(one: str, other: str, most: int) -> int:
    """Letters left out, put in, exchanged, or transposed with their neighbour; any number above `most` for more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before = before, row
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, last[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letters(word: str) -> int:
    """A bit for each letter that the word has."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - 97)
    return bits
