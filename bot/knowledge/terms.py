"""Whether two terms are the same but for case, number, hyphens and small words, or akin. It knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.knowledge.abbreviations import ABBREVIATIONS

#: So many equal letters at the beginning make two words akin: overfit and overfitting.
BEGINNING = 5

_WORD = re.compile(r"\w+")
#: What people wrap a term in when they ask for it.
_AROUND = frozenset(
    "a an the word words term terms phrase phrases expression exactly actually really here by you your this that "
    "these those meant mean means meaning of is are what s it in concept called so say said saying with".split()
)


def forms(term: str) -> Iterator[str]:
    """The term in plain form and in one word, as it stands and with its abbreviation written out; none for no term."""
    words = _trimmed(_WORD.findall(term[:200].casefold()))
    if words:
        yield "".join(map(_stem, words))
    if len(words) == 1:
        written_out = ABBREVIATIONS.get(words[0]) or ABBREVIATIONS.get(words[0].removesuffix("s"))
        if written_out:
            yield "".join(map(_stem, _WORD.findall(written_out.casefold())))


def akin(term: str, names: Iterable[str]) -> bool:
    """True when a word of the term begins as a word of one of the names does."""
    words = _trimmed(_WORD.findall(term[:200].casefold()))
    others = [word for name in names for word in _trimmed(_WORD.findall(name.casefold()))]
    return any(word == other or word[:BEGINNING] == other[:BEGINNING] for word in words for other in others)


def _trimmed(words: list[str]) -> list[str]:
    """Without the small words at both ends."""
    kept = [at for at, word in enumerate(words) if word not in _AROUND]
    return words[kept[0] : kept[-1] + 1] if kept else []


def _stem(word: str) -> str:
    """Singular, and in British spelling."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word.replace("iz", "is") if len(word) > 5 else word
