"""Multiple choice: the option that was picked earns or contradicts the point on which the question hinges."""

from __future__ import annotations

from bot.core.picking import Pick, picked
from bot.core.question import Question, lettered
from bot.offline.exact.finds import Finds, met, sentence_at, wrong
from bot.offline.exact.numbers import near, numbers
from bot.offline.exact.results import Claim, claims, final

#: An option of more words is no number, though it may contain one.
MOST_WORDS = 4


def choice(question: Question, text: str) -> Finds:
    """The pick as a find; nothing where none or more than one is picked."""
    if not question.options or question.hinge is None:
        return Finds()
    pick = picked(question, text) or _by_number(question, text)
    if pick is None:
        return Finds()
    evidence = sentence_at(text, pick.start, pick.end)
    find = met(question.hinge, evidence) if pick.option.right else wrong(question.hinge, evidence)
    return Finds((find,), settled=frozenset({question.hinge}), heard=True)


def _by_number(question: Question, text: str) -> Pick | None:
    """Where the options are numbers: the one that is claimed as the result."""
    claim: Claim | None = final(claims(text, numbers(text)))
    if claim is None or claim.hedged:
        return None
    found = []
    for letter, option in lettered(question):
        own = [n for n in numbers(option.says) if not n.part]
        if (
            len(own) == 1
            and len(option.says.split()) <= MOST_WORDS
            and any(near(v, own[0].values[0]) for n in claim.numbers for v in n.values)
        ):
            found.append(Pick(letter, option, claim.start, claim.end))
    return found[0] if len(found) == 1 else None
