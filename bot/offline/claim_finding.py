"""Puts together what the finders make of a text: corrections are made, and what is doubtful is left out.

Two claims that differ are put to the candidate: a claim that is missed costs little, and one that is invented a lot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.events import Claim
from bot.offline.claim_choices import Found, chosen
from bot.offline.claim_counts import counted
from bot.offline.claim_numbers import NUMBER, number, plain
from bot.offline.claim_sentences import Sentence, sentences
from bot.offline.claim_stances import done, held
from bot.offline.claim_words import MEANT, spaced

#: Of stances it does not matter what network the sentence names; what is pretrained is a network by its name.
STANCES = frozenset({"batch-size-matters", "normalisation-needed", "initialisation-matters"})
COUNTED = frozenset({"batch-size", "learning-rate", "layers", "hidden-layers"})
_BARE_NUMBER = spaced(
    rf"^\W*(?:(?:no|oh|well|and),? )*(?:{MEANT}|sorry,? |actually,? ){{1,3}}(?P<n>{NUMBER})\W*(?:$|,? not )"
)


def claimed_in(text: str) -> tuple[Claim, ...]:
    """The claims of a text, each with the sentence that makes it."""
    claims: list[Claim] = []
    for sentence in sentences(text):
        found = list(_found(sentence)) or list(_number_again(sentence, claims))
        claims = _with(claims, [_claim(text, sentence, one) for one in found])
    return _undoubted(claims)


def _found(sentence: Sentence) -> Iterator[Found]:
    for find in (chosen, counted, held, done) if sentence.own else (held,):
        yield from find(sentence)


def _number_again(sentence: Sentence, before: Sequence[Claim]) -> Iterator[Found]:
    """A number alone that corrects the one just before: "A batch size of 32. Sorry, 64."."""
    hit = _BARE_NUMBER.search(sentence.text) if sentence.corrects else None
    value = number(hit["n"]) if hit else None
    if hit and value is not None and before and before[-1].subject in COUNTED:
        yield Found(before[-1].subject, plain(value), hit.start("n"), changed=True, about=before[-1].about)


def _claim(text: str, sentence: Sentence, found: Found) -> Claim:
    if found.subject in STANCES:
        about = ""
    elif found.subject == "pretrained":
        about = sentence.project
    else:
        about = " ".join(filter(None, (sentence.about, sentence.project, found.about)))
    words = sentence.words(text, found.at)
    return Claim(found.subject, found.value, words, sentence.corrects or found.changed, about)


def _with(claims: list[Claim], new: list[Claim]) -> list[Claim]:
    """The claims with more of them: what corrects takes the place of what it corrects."""
    mended = {claim.subject for claim in new if claim.corrects}
    return [*(claim for claim in claims if claim.subject not in mended), *new]


def _undoubted(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims without those that do not go together within one text, and each once."""
    values: dict[tuple[str, str], set[str]] = {}
    for claim in claims:
        values.setdefault((claim.subject, claim.about), set()).add(claim.value)
    sure = [claim for claim in claims if len(values[claim.subject, claim.about]) == 1]
    once = {(claim.subject, claim.about): claim for claim in reversed(sure)}
    return tuple(claim for claim in sure if once[claim.subject, claim.about] is claim)
