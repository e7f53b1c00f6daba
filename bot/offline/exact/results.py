"""Finds which numbers of an answer are claimed as a result: after "=", "the answer is", "so … gives", or alone.

It compares them with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from bot.offline.exact.numbers import Number


class Sure(IntEnum):
    """How surely a number is claimed: it stands last, after "=" or "is", or as the conclusion."""

    LAST = 1
    SAID = 2
    CONCLUDED = 3


@dataclass(frozen=True)
class Claim:
    """Numbers that are claimed together: a `shape` ("14 by 14 by 32"), a list, or `hedged`: one or another of them."""

    numbers: tuple[Number, ...]
    sure: Sure
    hedged: bool = False
    shape: bool = False

    @property
    def start(self) -> int:
        return self.numbers[0].start

    @property
    def end(self) -> int:
        return self.numbers[-1].end


#: How far back a cue, or an operator, is looked for.
FAR_BACK, LOOK_BACK = 200, 20
_SHAPE = re.compile(r"\s*(?:[xX×*]|by|times)\s*")
_LIST = re.compile(r"\s*(?:,|,?\s+and)\s*")
_OR = re.compile(r"\s*,?\s*\b(?:or|maybe|perhaps)\b(?:\s(?:maybe|perhaps|even))?\s*")
_SMALL = (
    r"(?:\s*(?:about|around|roughly|approximately|approx\.?|exactly|just|only|simply|now|then|of|size|shape|a|an|the|"
    r"[≈~]))*\s*[(\[$`*]*\s*"
)
#: What stands between a cue and its number: words, but no other number and no end of a sentence.
_ON = r"(?:[^.;:\n\d=]|\.(?!\s)){0,50}"
_CONCLUDED = re.compile(
    rf"(?:\b(?:answer|result|final\s\w+)\b{_ON}(?:[:=]{_SMALL})?|(?:->|=>|→|⇒|∴){_SMALL}"
    rf"|\b(?:so|therefore|hence|thus|altogether|in total|overall|finally|giving|leaving|which (?:makes|gives|leaves|is)"
    rf"|that makes|(?:i|we|you|one) (?:would )?(?:get|gets|end up with)|i'd say|i would say){_ON})$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"^\W*(?:(?:well|ok|okay|hm+|um+|uh)\b[\s,.]*)?(?:i (?:think|believe|guess)(?: that)?\s)?"
    rf"(?:(?:it|that)(?:'s|’s| is| would be| should be| comes to| has)|(?:the|its|each|we|it|i)\s{_ON}"
    rf"(?:is|are|has|be|=|get|gets|have|gives))?{_SMALL}$",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"(?:=|≈|:|\b(?:is|are|be|equals?|gives?|makes?|gets?|has|have|total|altogether|mean|average|yields?|"
    rf"leaves?|comes? to|amounts? to|"
    rf"rounds? (?:down |up )?to|floor(?:ed|s)? to)\b){_SMALL}$",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:because|since|as in|for example|e\.g\.)\b|\bas\s", re.IGNORECASE)
#: From a number inside a reckoning to what the reckoning comes to.
_OUTCOME = re.compile(r"[^=;\n]{0,60}=\s*")
_RECKONED = r"[-+*/^×·−]\s?[(\[]?[\w.]+[)\]]*\s*[=≈]\s*$"
#: An operator and what else it works on, before a number and behind it.
_WITH_BEFORE = re.compile(r"(?:[\d)\]]|\b[A-Za-z]\d?)\s*[-+*/^×·−]\s*[(\[]*$")
_WITH_BEHIND = re.compile(r"\s*[)\]]*\s*[-+*/^×·−]\s*[(\[]*(?:\d|[A-Za-z]\d?\b)")
#: "14×14" is a size and no product.
_SQUARE = re.compile(r"(\d+)\s*[×*]\s*\1(?![\w.])")
_SQUARED = re.compile(r"(?<![\w.])(\d+)\s*[×*]\s*\1$")
_OUT_OF_IT = re.compile(_RECKONED)
_COMES_OUT = re.compile(
    rf"{_RECKONED}|\b(?:answer|result|output)(?:\s+(?:size|width|side))?\s*(?:is|would be|comes to|[=:])\s*$",
    re.IGNORECASE,
)
_OPERATOR = re.compile(r"\s*(?:[-+*/^=×·−(]|[-–](?=\s*\d))")


def claims(text: str, found: Sequence[Number]) -> tuple[Claim, ...]:
    """The claims of a text in order; the last number is always one, unless it gives a reason."""
    groups = [g for g in _groups(text, [n for n in found if not n.part]) if not _operand(text, *g[0])]
    made = [_claim(text, group) for group in groups]
    if groups and made[-1] is None and (not any(made) or not _BECAUSE.search(_before(text, groups[-1]))):
        made[-1] = _made(text, groups[-1], Sure.LAST)
    return tuple(claim for claim in made if claim is not None)


def final(made: Sequence[Claim]) -> Claim | None:
    """The claim that is the result: the last conclusion, or else the last of what is said."""
    surest = max((claim.sure for claim in made), default=None)
    return next((claim for claim in reversed(made) if claim.sure == surest), None)


Group = tuple[tuple[Number, ...], bool]


def _groups(text: str, found: Sequence[Number]) -> list[Group]:
    """Numbers that stand together, and whether they are alternatives."""
    groups: list[tuple[list[Number], bool]] = []
    for number in found:
        if groups:
            last, hedged = groups[-1]
            between = text[last[-1].end : number.start]
            alternative = _OR.fullmatch(between) is not None
            if alternative or _SHAPE.fullmatch(between) or _LIST.fullmatch(between):
                last.append(number)
                groups[-1] = (last, hedged or alternative)
                continue
        groups.append(([number], False))
    return [(tuple(numbers), hedged) for numbers, hedged in groups]


def outcome(text: str, place: int) -> int | None:
    """Where what follows the next "=" of a reckoning begins."""
    found = _OUTCOME.match(text, place)
    return found.end() if found else None


def reckoned_with(text: str, number: Number) -> bool:
    """True for a number inside a longer reckoning that is not itself the outcome of one."""
    before = text[max(0, number.start - LOOK_BACK) : number.start]
    if (
        _OUT_OF_IT.search(before)
        or _SQUARE.match(text, number.start)
        or _SQUARED.search(text[: number.end][-LOOK_BACK:])
    ):
        return False
    before = before.rstrip("-−–") if number.values[0] < 0 else before  # its own sign takes nothing away
    return number.part or bool(_WITH_BEFORE.search(before) or _WITH_BEHIND.match(text, number.end))


def concludes(text: str, claim: Claim) -> bool:
    """True where a claim is what a reckoning comes to, or is called the result."""
    return _COMES_OUT.search(text[max(0, claim.start - LOOK_BACK - 20) : claim.start]) is not None


def _operand(text: str, *group: Number) -> bool:
    """True for what is only reckoned with: an operator before or after it."""
    first, last = group[0], group[-1]
    before = text[max(0, first.start - LOOK_BACK) : first.start].rstrip()
    if first.values[0] < 0:
        before = before.rstrip("-−–").rstrip()  # its own sign takes nothing away
    behind = re.search(r"(?:[\w)\]]\s*[-+*/^×·−]|[(]\s*[-+]?)$", before)
    opened = behind is not None and behind.group().startswith("(")
    if behind and not (opened and _closes(text, last.end)):
        return True
    return _OPERATOR.match(text, last.end) is not None and not text[last.end :].lstrip().startswith("(")


def _closes(text: str, end: int) -> bool:
    return text[end:].lstrip().startswith((")", "]"))


def _before(text: str, group: Group) -> str:
    """What stands before a group in its sentence."""
    start = group[0][0].start
    text = text[max(0, start - FAR_BACK) : start]
    start = len(text)
    return text[max(text.rfind(stop, 0, start) for stop in (". ", "\n", "! ", "? ", "; ")) + 1 : start]


def _claim(text: str, group: Group) -> Claim | None:
    before = _before(text, group)
    if _BECAUSE.search(before):
        return _made(text, group, Sure.SAID) if _SAID.search(before) else None
    start = group[0][0].start
    if (start <= FAR_BACK and _HEAD.match(text[:start])) or _CONCLUDED.search(before):
        return _made(text, group, Sure.CONCLUDED)
    return _made(text, group, Sure.SAID) if _SAID.search(before) else None


def _made(text: str, group: Group, sure: Sure) -> Claim:
    numbers, hedged = group
    between = [text[one.end : other.start] for one, other in pairwise(numbers)]
    bracketed = text[: numbers[0].start].rstrip().endswith(("(", "[")) and _closes(text, numbers[-1].end)
    return Claim(numbers, sure, hedged, bracketed or all(map(_SHAPE.fullmatch, between)))
