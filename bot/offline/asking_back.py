"""Tells a question about the task ("Is this before any test with users?") from an answer that ends in a question mark.

Only how it begins, and what stands on the table, decide; it answers no question and would rather find none.
"""

from __future__ import annotations

import re
from functools import cache

from bot.offline.patterns import Table, compile_phrases, cover
from bot.offline.phrases import ASKING, CONSENT, GLUE, NAMES, OUTSIDE, TENTATIVE
from bot.offline.spoken import SILENT, Spoken

_MOST_WORDS = 18
_BESIDE = SILENT | {"hm", "okay", "courtesy"}
#: Where questions are asked for ("What would you ask the customer?"), a question is the answer.
_WANTS_QUESTIONS = re.compile(
    r"\b(?:would|do|did|will|must|should|could|might|may|can|to) (?:(?:you|i|we|one) )?(?:\w+ )?ask\b"
    r"|\bask(?: the| a)? (?:customer|client|user|boss|team)|\b(?:which|what) (?:\w+ )?questions?\b"
    r"|\b(?:want|need|like|have) to know\b"
    r"|\bfind out (?:first|before)\b|\bwhat (?:else )?do you need\b|\bclarif\w+|\bassum\w+",
    re.IGNORECASE,
)
#: Where a fault is looked for, "Is there a bias?" may name it.
_WANTS_FAULTS = re.compile(
    r"\b(?:wrong|missing|lacks?|bugs?|mistakes?|faults?|spot|suspect|look for|goes wrong|checks?)\b", re.IGNORECASE
)


@cache
def _asking() -> Table:
    return Table([*compile_phrases(ASKING, NAMES), *compile_phrases(GLUE, NAMES)])


def prepare() -> None:
    """Compiles the table, which the first message would otherwise wait for."""
    _asking()


def asks_back(spoken: Spoken) -> bool:
    """True where the whole message is a short question about what was asked."""
    words = spoken.words
    if not spoken.whole or not 1 < len(words) <= _MOST_WORDS or not words[-1].asks or words[-1].text in CONSENT:
        return False
    if not (TENTATIVE | OUTSIDE).isdisjoint(spoken.vocabulary) or _WANTS_QUESTIONS.search(spoken.setting.wording):
        return False
    chain = cover(words, _asking())
    if chain is None or not {hit.key for hit in chain} <= {"asks_back", *_BESIDE}:
        return False
    asked = [hit for hit in chain if hit.key == "asks_back"]
    return bool(asked) and not any(_may_be_the_answer(spoken.part(hit.start, hit.end)) for hit in asked)


def _may_be_the_answer(asked: Spoken) -> bool:
    """True where it offers what the question on the table offers, or names a fault that is looked for."""
    first = [word.text for word in asked.words[:2]]
    if first[1:] == ["there"]:
        return _WANTS_FAULTS.search(asked.setting.wording) is not None
    either = first[0] in ("in", "for", "on", "with", "using", "at", "during")
    return either and asked.setting.offers(word.text for word in asked.words if word.text != "or")
