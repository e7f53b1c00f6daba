"""Words, and the stems by which two forms of one are told to be the same. Plain English endings, and no dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|$#~&])")
_NOT = re.compile(r"n['’]t\b", re.IGNORECASE)
#: Endings that make forms of a word, the longest first, and what is put in their place.
_ENDINGS = (("ies", "y"), ("ied", "y"), ("ings", ""), ("ing", ""), ("sses", "ss"), ("xes", "x"), ("ed", ""), ("s", ""))
_WANTS_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]\Z")
#: Letters that must be left of a word for an ending to be one.
_LEAST = 3
#: What ends in s and is no plural.
_NO_PLURAL = ("ss", "us", "is", "ias")


def unescaped(markdown: str) -> str:
    """Words as they were before they were escaped for Markdown."""
    return _ESCAPED.sub(r"\1", markdown)


def pieces(text: str) -> list[str]:
    """The words of a text in order; "doesn't" is two."""
    spelled = _NOT.sub(" not", text.replace("can't", "can not").replace("cannot", "can not"))
    return _WORD.findall(spelled)


def stem(word: str) -> str:
    """What forms of a word have in common."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    for ending, instead in _ENDINGS:
        plural = ending == "s" and word.endswith(_NO_PLURAL)
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST and not plural:
            word = word.removesuffix(ending) + instead
            if ending in ("ed", "ing") and _WANTS_E.match(word):  # "noted" is of "note", not of "not"
                return f"{word}e"
            break
    if len(word) > _LEAST and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > _LEAST + 1 and word.endswith("e") else word


def stems(text: str) -> frozenset[str]:
    """The stems of a text's words."""
    return frozenset(map(stem, pieces(text)))


def contents(text: str, aside: Iterable[str]) -> list[str]:
    """The stems that carry what a text says, in order and as often as they stand; those of `aside` do not."""
    leave = frozenset(aside)
    return [at for word in pieces(text) if (at := stem(word)) not in leave]
