"""Prepares a text for the search for claims: its sentences in lower case, with what is no claim in them blanked out.

Every place in a prepared sentence is the same place in the text, so that what is found can be quoted. It finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.offline.claim_numbers import NUMBER
from bot.offline.claim_words import (
    AFTER_ASIDE,
    ANNOUNCES,
    ASIDE,
    CORRECTS,
    KINDS_OF_NETWORK,
    NOT_CHOSEN,
    NOT_HERE,
    ONE_OF_SEVERAL,
    OWN_HABIT,
    PROJECTS,
    SAID_WHEN,
    TAKEN_BACK,
    VALUES,
    named,
    spaced,
)
from bot.offline.segments import segments

#: More of an answer than this is not looked at.
MOST_CHARACTERS = 20_000
#: A quotation is no longer than this.
LONGEST_WORDS = 160
#: Between "that was wrong" and what is right stand so few words: ": it should have been".
_MOST_BETWEEN = 6

_SAME = str.maketrans(
    {"’": "'", "ʼ": "'", "`": "'", "‑": "-", "‐": "-", "“": '"', "”": '"', "\u00a0": " ", "*": " ", "_": " "}
)
#: "The program that you've just seen" is the candidate's own, though it names another.
_SHOWN = spaced(
    r"(?P<noun>\b(?:network|net|program|code|model|project) )(?:that |which )?you(?:'ve| have)? (?:just |already )?"
    r"(?:saw|seen|read|got|looked at)\b"
)
_QUOTED = re.compile(r'"[^"]*"|«[^»]*»')
_ASIDE = spaced(rf"(?<![\w-])(?:{ASIDE})(?![\w-])")
_AFTER_ASIDE = spaced(AFTER_ASIDE)
_NOT_CHOSEN = spaced(rf"(?<![\w-])(?:{NOT_CHOSEN})(?![\w-])")
_ONE_OF_SEVERAL = spaced(rf"(?<![\w-])(?:{ONE_OF_SEVERAL})(?![\w-])")
_WHEN = spaced(
    r"\bwhen(?! (?:i|we) (?:built|trained|wrote|made|did|implemented|worked|coded|set|designed|"
    r"developed|fine-?tuned))"
)
_OWN_HABIT = spaced(OWN_HABIT)
_NOT_HERE = spaced(NOT_HERE)
_CORRECTS = spaced(rf"(?<![\w-])(?:{CORRECTS})(?![\w-])")
_ANNOUNCES = spaced(rf"(?<![\w-])(?:{ANNOUNCES})(?![\w-])")
_TAKEN_BACK = spaced(TAKEN_BACK)
_SAID_WHEN = spaced(SAID_WHEN)
_VALUE = spaced("|".join([NUMBER, *map(named, VALUES)]))
_OWN = re.compile(r"\b(?:i|we|my|our)\b")
_KIND = spaced(rf"(?<![\w-])(?:{KINDS_OF_NETWORK})(?![\w-])")
_PROJECT = spaced(rf"(?<![\w-])(?:{PROJECTS})(?![\w-])")
#: Words around "project" that tell it from no other.
_NO_NAME = frozenset(
    "in for of from on with at during throughout and my our the this that own whole entire final "
    "deep learning machine "
    "last latest recent most "  # vague: the one that is talked about
    "project used".split()
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with its place in the text. `text` is all of it in lower case, `bare` the same without its asides.

    `told` says that the text around it speaks of the candidate's own work and of nobody else's.
    """

    start: int
    text: str
    bare: str
    corrects: bool
    told: bool

    @property
    def own(self) -> bool:
        """True where it may be about the candidate's own work at all."""
        return self.told or self.corrects or _OWN.search(self.text) is not None

    @property
    def supposed(self) -> bool:
        """True where nothing was chosen by the candidate: a supposition, a habit, another's choice."""
        return bool(_NOT_CHOSEN.search(self.bare) or _WHEN.search(self.bare))

    @property
    def several(self) -> bool:
        """True where it may be one of several choices, or one that was given up."""
        return _ONE_OF_SEVERAL.search(self.bare) is not None

    @property
    def about(self) -> str:
        """The network or project that it names, as its own words; empty where it names none."""
        found = {hit.group() for hit in _KIND.finditer(self.bare)}
        return " ".join(sorted({_singular(word) for word in found}))

    @property
    def project(self) -> str:
        """The project that it names, or what the network is for."""
        words = [word for hit in _PROJECT.finditer(self.bare) for word in hit.group().split()]
        return " ".join(sorted({_singular(word) for word in words if word not in _NO_NAME}))

    def words(self, text: str, at: int) -> str:
        """The candidate's own words around a place in the sentence: all of it, or the piece that a quotation holds."""
        whole = text[self.start : self.start + len(self.text)].strip()
        if len(whole) <= LONGEST_WORDS:
            return whole
        begin = max((hit.end() for hit in re.finditer(r"[,:;] ", self.text[: max(0, at - 20)])), default=0)
        begin = max(begin, at - LONGEST_WORDS // 2)
        piece = text[self.start + begin : self.start + begin + LONGEST_WORDS]
        if begin and not self.text[begin - 1].isspace():
            piece = piece.partition(" ")[2]
        return piece.rpartition(" ")[0].strip(" ,;:") if begin + LONGEST_WORDS < len(self.text) else piece.strip(" ,;:")


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in which a candidate may claim something: not what is asked."""
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text[:MOST_CHARACTERS].translate(_SAME))
    lowered = _SHOWN.sub(lambda hit: hit["noun"].ljust(len(hit.group())), lowered)
    told = _OWN.search(lowered) is not None and _NOT_CHOSEN.search(_blanked(_ANNOUNCES, lowered)) is None
    taken_back = False
    for piece in segments(lowered):
        said = _blanked(_QUOTED, lowered[piece.start : piece.end])
        if said.rstrip(" \")'").endswith("?"):
            taken_back = False
            continue
        corrects = taken_back or _CORRECTS.search(said) is not None or _TAKEN_BACK.search(said) is not None
        said = _as_it_was(_blanked(_ANNOUNCES, said))
        yield Sentence(piece.start, said, _without_habit(_without_asides(said), said), corrects, told)
        taken_back = corrects and len(said.split()) <= 6  # "I misspoke." goes for what comes next


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda hit: " " * len(hit.group()), text)


def _as_it_was(said: str) -> str:
    """The sentence with what it takes back blanked out, so that what was meant stands in its place: "my learning rate
    was (0.01, but that was wrong: it was) 0.001". All of it is blanked where no other value follows at once."""
    hit = _TAKEN_BACK.search(said)
    if hit is None:
        return said
    old = max(_VALUE.finditer(said, hit.start("said"), hit.end("said")), key=lambda one: one.start(), default=None)
    new = _VALUE.search(said, hit.start("new"))
    head = _SAID_WHEN.match(said, hit.start("said"))
    if old is None or new is None or len(said[hit.start("new") : new.start()].split()) > _MOST_BETWEEN:
        return said[: hit.start()] + " " * (len(said) - hit.start())
    begun = head.end() if head else hit.start("said")
    kept = said[begun : old.start()]
    return (
        said[: hit.start()]
        + " " * (begun - hit.start())
        + kept
        + " " * (new.start() - old.start())
        + said[new.start() :]
    )


def _without_habit(bare: str, said: str) -> str:
    """The sentence without its "always", where that is what was done in the candidate's own project."""
    hit = _OWN_HABIT.search(bare)
    if hit is None or _NOT_HERE.search(said):
        return bare
    group = "habit" if hit["habit"] else "after"
    return bare[: hit.start(group)] + " " * len(hit[group]) + bare[hit.end(group) :]


def _without_asides(said: str) -> str:
    """The sentence with its reasons, and what was not taken, blanked out."""
    at = 0
    while (aside := _ASIDE.search(said, at)) is not None:
        if not said[: aside.start()].strip():  # "Since it saturates, I used ..."
            comma = said.find(",", aside.end())
            end = comma if comma >= 0 else len(said)
        else:
            goes_on = _AFTER_ASIDE.search(said, aside.end())
            end = goes_on.start() if goes_on else len(said)
        said = said[: aside.start()] + " " * (end - aside.start()) + said[end:]
        at = max(end, aside.start() + 1)
    return said


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word
