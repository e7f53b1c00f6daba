"""Tells an answer that is not finished yet from one that is, and from mere hesitation. It decides nothing."""

from __future__ import annotations

import re

from bot.offline.phrases import GLUE
from bot.offline.tokens import words_of

#: A message that ends so is not the whole answer: a comma, a dash, dots, or a conjunction.
UNFINISHED = re.compile(r"(?:,|\.{3}|…|[–—:]|\S\s+\S+\s+(?:and|but|or|because|so|then|which|while|whereas))\s*\Z")
#: Words that begin a sentence and say nothing yet. A "not" is none of them: it would be missed in what follows.
_SMALL = frozenset(
    "a an the it this that these those is are was were i we you one there so and but or because since when if as to of "
    "in on for let me us my think would say guess believe like just well ok yeah first see know".split()
)
_HESITATION = _SMALL | {word for row in GLUE["hm"][:1] for word in row.split("|")}


def has_begun(text: str) -> bool:
    """True where some word of an answer was said: "uhh, well, the..." holds none."""
    words = words_of(text)
    return not words or any(_unstretched(word.text) not in _HESITATION for word in words)


def _unstretched(word: str) -> str:
    """The word with its stretched letters as one: "uhhhh" as "uh"."""
    return re.sub(r"(\w)\1+\Z", r"\1", word) if word not in _HESITATION else word
