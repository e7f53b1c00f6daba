"""Compares wordings: stems, how near two questions are, and which words of a document weigh much."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|[A-Za-z]|\d+")
#: Words by which no two texts are told apart.
_COMMON = frozenset(
    "a about above after all also an and any are as at be been being below between both but by can could did do does "
    "doing each few for from further get give given had has have having he her here him his how i if in into is it its "
    "just like main many may me mean means might more most much must my no not of off on once one only or other our "
    "out over own same shall she should so some such than that the their them then there these they this those through "
    "to too under until up upon us use used uses using very was we were what when where which while who whom whose why "
    "will with within without would you your explain describe name list define difference differences different "
    "tell during together however because show example examples question questions answer answers understand don t s "
    "re ll ve".split()
)
#: Letters of a word by which its forms are taken for one.
_STEM = 6


def stems(text: str) -> list[str]:
    """The words of a text that carry meaning, each cut to its stem."""
    return [stem(word) for word in _WORD.findall(text.lower().replace("’", "'")) if word not in _COMMON]


def stem(word: str) -> str:
    """A word without what its forms differ in, roughly."""
    bare = word.removesuffix("'s").replace("-", "")
    if len(bare) > 3 and bare.endswith("s") and bare[-2] not in "sui":
        bare = bare[:-1]
    return bare[:_STEM]


def names(text: str) -> set[str]:
    """The words of a text that carry meaning, in the singular and otherwise whole."""
    words = (word.removesuffix("'s") for word in _WORD.findall(text.lower().replace("’", "'")) if word not in _COMMON)
    return {word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "sui" else word for word in words}


def key(text: str) -> str:
    """The same for wordings that differ in case, spaces and punctuation alone."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def alike(one: str, other: str) -> float:
    """How alike two wordings are, from 0 to 1, by the stems that they share."""
    a, b = set(stems(one)), set(stems(other))
    if not a or not b:
        return float(key(one) == key(other) != "")
    return 2 * len(a & b) / (len(a) + len(b))


def weights(texts: Iterable[set[str]]) -> dict[str, float]:
    """How much each stem tells: the fewer texts hold it, the more."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        counts.update(text)
    return {word: math.log((total + 1) / (count + 0.5)) for word, count in counts.items()}
