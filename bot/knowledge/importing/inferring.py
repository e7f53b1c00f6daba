"""Infers which paragraphs of an article whose headings are lost belong together, and what each stretch answers.

What it finds is a guess, and said to be one. A stretch whose question cannot be told keeps no opening.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.knowledge.importing import openings as o
from bot.knowledge.importing import same, wording
from bot.knowledge.importing.blocks import Block, words

_CONTINUES = re.compile(
    r"^\W*(?:this|these|those|that|it|its|they|their|such|therefore|thus|hence|however|moreover|furthermore|also"
    r"|additionally|on the other hand|similarly|likewise|here|then|next|finally|after this|for example|for instance"
    r"|in order to|some|another|again|and|but|or|so|we|our|you|note|as a result|in addition|in this|in these|both|each"
    r"|an important|one more|as you can see|to [a-z]+ \w+(?: \w+){0,5},)\b",
    re.IGNORECASE,
)
#: `Also referred to as …, a cost function is …` begins something new for all that.
_NAMED_OTHERWISE = re.compile(
    r"^(?:also|commonly|often|sometimes)\s+(?:\w+\s)?(?:known|called|referred)\b", re.IGNORECASE
)
_REMEDY = re.compile(
    r"^to (combat|avoid|prevent|reduce|handle|fix|solve|address|mitigate|overcome|deal with)\s", re.IGNORECASE
)
_THIS = re.compile(r"^(?:This|These) ([A-Z][\w-]*(?: [A-Z][\w-]*)+) [a-z]")
_SUCH_A_QUESTION = re.compile(r"\b(?:such a|this|the) question\b", re.IGNORECASE)
#: So many paragraphs in a row that begin with a label are a list.
_LABELS = 3
#: Two paragraphs of at most so many words that say of two things that they are one kind of thing answer one question.
_SHORT = 45
#: So many letters at the end of two names make them a pair: overfitting, underfitting.
_SAME_END = 6
_REMEMBERED = 30
_HEAD = re.compile(r"^[A-Z][^.|]{2,60}$")


@dataclass
class Segment:
    """Blocks that seem to answer one question; `names` are its subjects where they are several.

    `compared` says that they are set against each other; `remedy` is a verb that a later paragraph answers, too.
    """

    start: int
    end: int
    opening: o.Opening | None
    names: list[str] = field(default_factory=list)
    compared: bool = False
    remedy: str = ""


def continues(text: str) -> bool:
    """True for a paragraph that begins as one does that goes on with the one before it."""
    return bool(_CONTINUES.match(text))


def segments(blocks: Sequence[Block], first: int, end: int) -> list[Segment]:
    """The answers in a stretch of an article, each with what it tells of its question."""
    found: list[Segment] = []
    for i in range(first, end):
        if wording.promotes(blocks[i].plain):
            continue
        begun = _begun(blocks, i, found[-1] if found else None, first)
        if begun is not None:
            found.append(begun)
        elif found:
            found[-1].end = i + 1
    for segment in found:
        _complete(blocks, segment)
    return _merged(blocks, found)


def _begun(blocks: Sequence[Block], i: int, current: Segment | None, first: int) -> Segment | None:
    """The segment that begins at this block; None when the block goes on with the one before it."""
    block = blocks[i]
    if block.kind == "table" and (heads := _heads(block)):
        return Segment(i, i + 1, o.Opening("terms", "", 0.45), heads, compared=True)
    if block.kind != "paragraph":
        return None
    told = None if wording.is_about_the_interview(block.plain) else o.opening(block.plain)
    if current is None or (i > first and (is_over(blocks, i, first) or _unresolved(blocks, i))):
        return Segment(i, i + 1, told)
    told = told or _led_to(blocks, i, current)
    if told is None or _goes_on(blocks, i, current, told):
        return None
    names = _labels(blocks, i) if told.kind == "labels" else [told.also] if told.kind == "happens" else []
    return Segment(i, i + 1, told, names)


def _heads(table: Block) -> list[str]:
    """The heads of a table of two columns, which name what is compared."""
    heads = [cell.strip() for cell in table.text.split("\n")[0].strip().strip("|").split("|")]
    return heads if len(heads) == 2 and all(_HEAD.match(head) for head in heads) else []


def is_over(blocks: Sequence[Block], i: int, first: int) -> bool:
    """True when what stands before names something to read, or is about the interview: an answer is over there."""
    before = i - 1
    while before > first and blocks[before].kind == "item":
        before -= 1
    text = blocks[i].plain
    if wording.points_elsewhere(blocks[before].plain):
        return not wording.points_elsewhere(text)
    about = wording.is_about_the_interview(blocks[before].plain)
    return about and not _CONTINUES.match(text) and not _SUCH_A_QUESTION.search(text)


def _unresolved(blocks: Sequence[Block], i: int) -> bool:
    """True for `This Neural Network has …` after a paragraph that speaks of none: what it was called is lost."""
    found = _THIS.match(blocks[i].plain)
    return found is not None and not same.names(found[1]) & same.names(blocks[i - 1].plain)


def _led_to(blocks: Sequence[Block], i: int, current: Segment) -> o.Opening | None:
    """A new thing that a paragraph leads up to and goes on about, after something else was spoken of."""
    text = blocks[i].plain
    thing = o.needed(text)
    if thing is None or current.opening is None:
        return None
    key = same.stem(thing.split()[-1].lower())
    known = same.stems(_before(blocks, current, i))
    fresh = key not in known and same.stems(text).count(key) >= 2
    return o.Opening("need", thing, 0.35) if fresh else None


def _goes_on(blocks: Sequence[Block], i: int, current: Segment, told: o.Opening) -> bool:
    """True when a paragraph goes on with the segment, although by itself it could begin one."""
    text = blocks[i].plain
    known = current.opening
    about = same.names(known.subject) if known else set()
    subject = same.names(told.subject)
    if told.kind in ("need", "story"):
        return False
    if told.kind == "labels":
        return (known is not None and known.kind == "labels") or len(_labels(blocks, i)) < _LABELS
    if _CONTINUES.match(text) and not _NAMED_OTHERWISE.match(text):
        return True
    if known is not None and known.kind == "story":
        return told.definite or told.kind == "terms"
    if told.kind == "happens":
        return _another_state(current, told, bool(subject & about))
    if told.kind == "use":
        return known is not None and known.kind == "use" and subject == about
    if told.kind == "terms":
        return bool(about & same.names(text))
    if told.kind == "kinds":
        return bool(about) and about <= same.names(f"{told.subject} {told.also}")
    return subject <= about or (told.definite and subject <= same.names(_before(blocks, current, i)))


def _before(blocks: Sequence[Block], current: Segment, i: int) -> str:
    """What the segment says before a block, as far back as one remembers."""
    return " ".join(block.plain for block in blocks[max(current.start, i - _REMEMBERED) : i])


def _another_state(current: Segment, told: o.Opening, shared: bool) -> bool:
    """`If it is too high` goes on with `When it is too low`: the question is about both."""
    if not shared or current.opening is None or current.opening.kind != "happens":
        return False
    current.names.append(told.also)
    return True


def _labels(blocks: Sequence[Block], i: int) -> list[str]:
    """The labels of the paragraphs from here on that begin with one; programs may stand between."""
    names = []
    for block in blocks[i:]:
        told = o.opening(block.plain) if block.kind == "paragraph" else None
        if block.kind == "paragraph" and (told is None or told.kind != "labels"):
            break
        if told is not None:
            names.append(told.subject)
    return names


def _complete(blocks: Sequence[Block], segment: Segment) -> None:
    """Looks further on for what a segment's first paragraph did not tell."""
    inner = [block.plain for block in blocks[segment.start : segment.end] if block.kind == "paragraph"]
    if segment.opening is None or segment.opening.kind == "story":
        segment.opening = _told_later(inner)
    for text in inner[1:]:
        if found := _REMEDY.match(text):
            segment.remedy = found[1].lower()


def _told_later(texts: Sequence[str]) -> o.Opening | None:
    for text in texts:
        if name := o.named_with_abbreviation(text):
            return o.Opening("what", name, 0.35)
        if why := next(o.reasons(text), None):
            return why
        if thing := o.needed(text):
            return o.Opening("what", thing, 0.35)
    return None


def _merged(blocks: Sequence[Block], found: list[Segment]) -> list[Segment]:
    """Neighbours that are two sides of one question, made one."""
    merged: list[Segment] = []
    for segment in found:
        before = merged[-1] if merged else None
        if before is not None and (how := _pair(blocks, before, segment)):
            names = [*(before.names or [_subject(before)]), _subject(segment)]
            opening = replace(before.opening, kind="terms") if before.opening else segment.opening
            merged[-1] = Segment(before.start, segment.end, opening, names, how == "compared", segment.remedy)
        else:
            merged.append(segment)
    return merged


def _subject(segment: Segment) -> str:
    return segment.opening.subject if segment.opening else ""


def _pair(blocks: Sequence[Block], one: Segment, other: Segment) -> str:
    """How two segments belong together, if they do."""
    if one.names or other.names or not (one.opening and other.opening):
        return ""
    if {one.opening.kind, other.opening.kind} != {"what"}:
        return ""
    first, second = blocks[one.start].plain, blocks[other.start].plain
    short = words(blocks[one.start : one.end]) <= _SHORT and words(blocks[other.start : other.end]) <= _SHORT
    if _alike(one.opening.subject, other.opening.subject) and _parallel(one.opening, other.opening, first, second):
        return "both" if other.remedy else "compared"
    if short and one.opening.genus and one.opening.genus == other.opening.genus:
        return "both"
    return ""


def _alike(one: str, other: str) -> bool:
    """True for names with the same noun at their end, or the same letters: feedforward and recurrent network."""
    a, b = one.lower().split()[-1], other.lower().split()[-1]
    return (a == b and len(one.split()) > 1) or (a != b and a[-_SAME_END:] == b[-_SAME_END:])


def _parallel(one: o.Opening, other: o.Opening, first: str, second: str) -> bool:
    """True when two paragraphs say things of the same kind: their first sentences share words besides the names."""
    a = set(same.stems(o.sentences(first)[0])) - set(same.stems(one.subject))
    b = set(same.stems(o.sentences(second)[0])) - set(same.stems(other.subject))
    return len(a & b) >= 2
