"""Finds an "I don't know" that goes on about the candidate ("I've only heard the word"), and claims nothing.

A word of the subject, or any word that a claim could be made of, leaves it an answer.
"""

from __future__ import annotations

from bot.offline.patterns import Hit, cover
from bot.offline.phrases import ABOUT_ONESELF, ONESELF, UNKNOWING
from bot.offline.spoken import SILENT, Spoken, tables
from bot.offline.subject import DOMAIN

_MOST_WORDS = 25
#: What was said first stands within so many words of the beginning.
_MOST_BEFORE = 8
_COURTEOUS = frozenset({"courtesy", "filler", "that_is_all"})
#: Of the subject, but said of oneself as often.
_LEARNING = frozenset("learn learned learnt class classes".split())


def gives_up(spoken: Spoken) -> bool:
    """True where the message begins with not knowing, and what follows is about the candidate alone."""
    if not spoken.whole or not 0 < len(spoken.words) <= _MOST_WORDS or spoken.words[-1].asks:
        return False
    return any(_nothing_else(spoken.part(hit.end, len(spoken.words))) for hit in _unknowing(spoken))


def begins_so(spoken: Spoken) -> bool:
    """True where the message begins with not knowing, whatever follows."""
    return bool(_unknowing(spoken))


def _unknowing(spoken: Spoken) -> list[Hit]:
    """Every way in which the message begins with not knowing, glue apart."""
    found = tables().phrases.search(spoken.words).leading(SILENT | {"hm"}, _MOST_BEFORE)
    return [
        hit
        for hit in found
        if hit.key == "dont_know" and any(w.text in UNKNOWING for w in spoken.words[hit.start : hit.end])
    ]


def _nothing_else(rest: Spoken) -> bool:
    words = rest.vocabulary
    if not words <= ABOUT_ONESELF | _courteous(rest) or words & (DOMAIN - _LEARNING):
        return False
    if not words or not words.isdisjoint(ONESELF):
        return True
    if rest.words[0].text == "never":  # "never did that"
        return len(rest.words) > 1
    chain = cover(rest.words, tables().phrases) or ()
    return bool(chain) and {hit.key for hit in chain} <= _COURTEOUS | {"dont_know"}


def _courteous(rest: Spoken) -> frozenset[str]:
    """The words of the courtesies and fillers in it: "to be honest"."""
    search = tables().phrases.search(rest.words)
    hits = [hit for at in range(len(rest.words)) for hit in search.hits(at) if hit.key in _COURTEOUS]
    return frozenset(word.text for hit in hits for word in rest.words[hit.start : hit.end])
