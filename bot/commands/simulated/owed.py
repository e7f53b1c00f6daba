"""What an interviewer owes a candidate after each thing that they may say: one table. It measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Meant = Literal[
    "answer",
    "explain",
    "unfinished",
    "hint",
    "dont_know",
    "skip",
    "silence",
    "wait",
    "repeat",
    "rephrase",
    "clarify",
    "off_topic",
    "rude",
    "plea",
    "demand",
    "instructions",
]
#: What is neither an answer nor a request: at the fourth on one question it may be put aside (core/dialogue.py).
ASIDES = frozenset({"off_topic", "rude", "plea", "demand", "instructions"})
#: What goes on with a question, or leads away from it.
GOES_ON = frozenset({"follow_up", "question", "closing"})


@dataclass(frozen=True)
class Owed:
    """What is owed: one of these kinds of reply, whether the words are judged, whether the question leaves the table.

    None where either is right. What is not an answer is never judged, and brings neither marks nor a follow-up.
    """

    says: frozenset[str]
    judges: bool
    leaves: bool | None


_STAYS = Owed(frozenset({"notice"}), judges=False, leaves=False)
_PUTS_AGAIN = Owed(frozenset({"repeat"}), judges=False, leaves=False)
_LEAVES = Owed(frozenset({"question", "closing"}), judges=False, leaves=True)
OWED: Mapping[Meant, Owed] = {
    "answer": Owed(GOES_ON, judges=True, leaves=None),
    "explain": Owed(GOES_ON, judges=False, leaves=None),
    "unfinished": _STAYS,
    "hint": Owed(frozenset({"hint"}), judges=False, leaves=False),
    "dont_know": _LEAVES,
    "skip": _LEAVES,
    "silence": _STAYS,
    "wait": _STAYS,
    "repeat": _PUTS_AGAIN,
    "rephrase": _PUTS_AGAIN,
    "clarify": _STAYS,
    "off_topic": _STAYS,
    "rude": _STAYS,
    "plea": _STAYS,
    "demand": _STAYS,
    "instructions": _STAYS,
}
