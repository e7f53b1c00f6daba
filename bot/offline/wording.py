"""Looks at words and not at meaning: stems, negations, opposites, word order. It decides no mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_WORD_OR_STOP = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[,;:.]")
#: Where a negation ends.
_STOPS = frozenset([",", ";", ":", ".", "but", "so"])
_MARK = "~"
#: What stands for any negation in a phrase.
_NO = "~"
NEGATION_REACH = 5

NEGATORS = frozenset(
    "not no never none nothing nobody neither nor without hardly barely scarcely cannot lack lacks lacking fail fails "
    "instead rather unable nowhere regardless ignore ignores".split()
)
FUNCTION_WORDS = frozenset(
    "a an the of to in on at for and or but is are was were be been it its this that these those as by with from so "
    "than then there which who what how when where we you i they he she one do does did has have had can could would "
    "should may might must will just also very".split()
)
_OPPOSITES = """
up down|increase decrease|rise fall|grow shrink|raise lower|high low|higher lower|large small|larger smaller
largest smallest|big little|bigger smaller|more less|more fewer|most least|many few|before after|first last|start end
begin end|maximise minimise|maximum minimum|max min|with without|add subtract|plus minus|add remove|multiply divide
true false|right wrong|correct wrong|correct incorrect|better worse|best worst|easy hard|easier harder
cheap expensive|cheaper dearer|cheaper costlier|fast slow|faster slower|input output|forward backward
forwards backwards|toward away|along against|same different|same opposite|all none|every single|whole part
linear nonlinear|dependent independent|depends independent|biased unbiased|positive negative|noisy smooth
noisier steadier|noise accurate|local global|shared separate|superset subset|contains part|strong weak
stronger weaker|good bad|early late|earlier later|near far|near distant|close far|visible hidden
directed undirected|supervised unsupervised|encode decode|random fixed|convex nonconvex|left right|above below
over under|enough insufficient|always never|simple complex|simpler complex|old new|shallow deep|raw handcrafted
learned designed|automatically manually|automatic manual|long short|longer shorter|possible impossible
useful useless|needed unnecessary|required optional|converge diverge|converges diverges|identical different
together separately|accuracy error|regression classification|mean sum
"""
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "s", "ly")
_AMERICAN = tuple((f"i{z}{e}", "ise") for e in ("ation", "ing", "es", "ed", "e") for z in "sz")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending, roughly, and in one spelling."""
    for ending, instead in _AMERICAN:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + instead[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _OPPOSITES.replace("\n", "|").strip("|").split("|"):
        one, other = (stem(word) for word in pair.split())
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


OPPOSITES = _opposites()


_SMALL_STEMS = frozenset(stem(w) for w in FUNCTION_WORDS)


@dataclass(frozen=True)
class Wording:
    """A text as words.

    `stems` are those of its content words in order. In `marked` each of them carries a `~` where a negation reaches it.
    `phrases` are one to three words in a row between stops, small words included, any negation the same.
    """

    negations: int
    stems: tuple[str, ...]
    marked: frozenset[str]
    phrases: frozenset[tuple[str, ...]]


def words(text: str) -> list[str]:
    """The words in lower case, apostrophes made straight."""
    return _WORD.findall(_plain(text))


@lru_cache(maxsize=4_000)  # some 20 kB for an answer of 75 words: a hundred thousand answers must not be remembered
def wording(text: str) -> Wording:
    """Reads a text as words."""
    found = words(text)
    content = tuple(stem(w) for w in found if w not in FUNCTION_WORDS and not _negates(w))
    runs = _runs(text)
    marked = frozenset(token for run in runs for token in run if token not in _SMALL_STEMS and token != _NO)
    return Wording(
        sum(_negates(w) for w in found), content, marked, frozenset(p for run in runs for p in _phrases(run))
    )


def flipped(marked: str) -> str:
    """The same stem, negated where it was not and the other way round."""
    return marked[1:] if marked.startswith(_MARK) else _MARK + marked


def _plain(text: str) -> str:
    return text.lower().replace("\u2019", "'").replace("non-linear", "nonlinear")


def _negates(word: str) -> bool:
    return word in NEGATORS or word.endswith("n't")


def _runs(text: str) -> list[list[str]]:
    """The stems between two stops, content words marked where a negation reaches them.

    A negation reaches the next few content words, up to a stop or a turn; a second one takes it back.
    """
    runs: list[list[str]] = [[]]
    reach = 0
    for token in _WORD_OR_STOP.findall(_plain(text)):
        if token in _STOPS:
            reach = 0
            runs.append([])
        elif _negates(token):
            reach = 0 if reach else NEGATION_REACH
            runs[-1].append(_NO)
        elif token in FUNCTION_WORDS:
            runs[-1].append(stem(token))
        else:
            runs[-1].append(_MARK + stem(token) if reach else stem(token))
            reach = max(0, reach - 1)
    return runs


def _phrases(run: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(run[i : i + n]) for n in (1, 2, 3) for i in range(len(run) - n + 1)]


def turned(one: Wording, other: Wording) -> bool:
    """True when one says no where the other says yes: an odd number of negations and opposites between them."""
    here, there = frozenset(one.stems), frozenset(other.stems)
    opposed = any(OPPOSITES.get(w, frozenset()) & (there - here) for w in here - there)
    return ((one.negations - other.negations) % 2 == 1) != opposed


def denies(one: Wording, other: Wording) -> bool:
    """True when one takes back what the other says: turned round, or many of the words of both negated in only one."""
    same = len(one.marked & other.marked)
    negated = sum(flipped(word) in other.marked for word in one.marked)
    return turned(one, other) or 0 < same <= 2 * negated


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for a in one:
        above = 0
        for j, b in enumerate(other, 1):
            above, row[j] = row[j], above + 1 if a == b else max(row[j], row[j - 1])
    return row[-1]
