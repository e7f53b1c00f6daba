"""Chooses among what may be questions: tables of contents, rhetorical questions and steps of answers are none.

It pairs no answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.importing import same, wording
from bot.knowledge.importing.blocks import Block, words
from bot.knowledge.importing.marks import Mark, Style

#: So many questions one after another, with nothing between, are a list of questions.
_LISTED = 3
#: A title between them, such as that of a part, has at most so many words.
_TITLE_WORDS = 14
_ALIKE = 0.8
#: Among so many questions with a word in common, the nearest is looked for.
_LOOKED_AT = 200
_SURE = 0.8
_ANSWER_WORDS = 3
#: Styles that set a question off for the eye; the others are prose.
_SET_OFF: tuple[Style, ...] = ("dialogue", "labelled", "heading", "numbered", "strong")
_TO_THE_READER = re.compile(
    r"\b(?:you|your|we)\b.*\b(?:interviews?|course|article|career|job|blog|list|guide|community|newsletter|comments?)\b"
    r"|^why have we\b|^(?:ready|looking|want|need|worried|sounds?|confused|curious)\b|^right\?|^why this\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Chosen:
    """The questions of a document with answers below them, the lists of questions without, and what was passed over."""

    marks: tuple[Mark, ...]
    listed: tuple[tuple[Mark, ...], ...] = ()


def choose(blocks: Sequence[Block], marks: Sequence[Mark]) -> Chosen:
    """The marks that are questions."""
    leads = _leads(blocks)
    usable = [mark for mark in marks if not _rhetorical(blocks, leads, mark)]
    runs = _runs(blocks, usable)
    in_runs = {mark.index for run in runs for mark in run}
    rest = [mark for mark in usable if mark.index not in in_runs]
    taken = _of_good_style(blocks, rest)
    return Chosen(tuple(taken), tuple(tuple(run) for run in runs))


def _leads(blocks: Sequence[Block]) -> list[int]:
    """For each block the one that leads up to it: of an item, what stands before its list; of any other, itself."""
    found: list[int] = []
    for i, block in enumerate(blocks):
        found.append(found[i - 1] if block.kind == "item" and i else i)
    return found


def _rhetorical(blocks: Sequence[Block], leads: Sequence[int], mark: Mark) -> bool:
    """True for a question that prose puts to its reader, or one of several that a sentence lists."""
    if mark.style == "bullet":
        return mark.sure < _SURE or _announced(blocks[leads[mark.index]])
    if mark.style != "alone":
        return False
    several = wording.sentences_before_question(mark.question)
    return (
        mark.sure < _SURE
        or several > 1
        or bool(_TO_THE_READER.search(mark.question))
        or (several == 1 and not wording.asking(re.split(r"[.!]\s", mark.question)[0]).sure)
    )


def listed_in_prose(blocks: Sequence[Block], index: int) -> bool:
    """True for an item of a list that a sentence ending with a colon begins, unless it says that questions follow."""
    while index > 0 and blocks[index].kind == "item":
        index -= 1
    return _announced(blocks[index])


def _announced(lead: Block) -> bool:
    clause = re.split(r"[.!?]\s", lead.plain)[-1]
    return lead.kind == "paragraph" and clause.endswith(":") and not re.search(r"question|content", clause, re.I)


def _runs(blocks: Sequence[Block], marks: Sequence[Mark]) -> list[list[Mark]]:
    """Lists of questions: marks of one style with no answers between them."""
    runs: list[list[Mark]] = []
    run: list[Mark] = []
    for mark in marks:
        if run and not (mark.style == run[-1].style and _nothing_between(blocks, run[-1], mark)):
            runs.append(run)
            run = []
        run = [] if mark.ends else [*run, mark]
    return [run for run in [*runs, run] if len(run) >= _LISTED]


def _nothing_between(blocks: Sequence[Block], one: Mark, other: Mark) -> bool:
    """True when only titles stand between two marks."""
    between = blocks[one.index + 1 : other.index]
    return not one.rest and all(
        block.kind in ("heading", "item", "paragraph")
        and len(block.plain.split()) <= _TITLE_WORDS
        and not re.search(r"[.!:;,]$", block.plain)
        and (block.kind != "item" or blocks[one.index].kind == "item")
        for block in between
    )


def _of_good_style(blocks: Sequence[Block], marks: Sequence[Mark]) -> list[Mark]:
    """The marks of the styles in which this document asks, and the others that stand outside their answers."""
    answered = dict.fromkeys(_SET_OFF, 0)
    ends = [mark.index for mark in marks[1:]] + [len(blocks)]
    for mark, end in zip(marks, ends, strict=False):
        if mark.style in answered and mark.sure >= _SURE and _has_answer(blocks, mark, end):
            answered[mark.style] += 1
    good = {style for style, count in answered.items() if count}
    if "dialogue" in good and answered["dialogue"] >= _LISTED:
        good = {"dialogue"}  # in a dialogue, what the one who asks does not say is said in answer
    firm = [mark for mark in marks if mark.style in good and (mark.sure >= 0.6 or mark.ends)]
    return sorted([*firm, *_outside(blocks, marks, firm)], key=lambda mark: mark.index)


def _outside(blocks: Sequence[Block], marks: Sequence[Mark], firm: Sequence[Mark]) -> list[Mark]:
    """Questions in prose that stand before the first one that is set off; all of them where none is."""
    first = firm[0].index if firm else len(blocks)
    loose = [mark for mark in marks if mark.index < first and mark.sure >= _SURE and mark.style != "bullet"]
    ends = [mark.index for mark in loose[1:]] + [first]
    return [mark for mark, end in zip(loose, ends, strict=False) if _has_answer(blocks, mark, end)]


def _has_answer(blocks: Sequence[Block], mark: Mark, end: int) -> bool:
    inner = [block for block in blocks[mark.index + 1 : end] if block.kind != "heading"]
    return len(mark.rest.split()) + words(inner) >= _ANSWER_WORDS or any(block.kind == "code" for block in inner)


@dataclass(frozen=True)
class Asked:
    """Questions by their wording, and by the stems that they hold."""

    by_key: Mapping[str, Mark]
    holding: Mapping[str, Sequence[Mark]]


def by_wording(marks: Sequence[Mark]) -> Asked:
    """The marks, to be looked for by their wording."""
    by_key = {same.key(mark.question): mark for mark in marks if not mark.ends}
    holding: dict[str, list[Mark]] = {}
    for mark in by_key.values():
        for stem in set(same.stems(mark.question)):
            holding.setdefault(stem, []).append(mark)
    return Asked(by_key, holding)


def repeated(run: Sequence[Mark], asked: Asked) -> dict[int, Mark]:
    """For each question of a list (by its place in it) the one that asks the same with an answer below it."""
    found: dict[int, Mark] = {}
    for n, listed in enumerate(run):
        near = asked.by_key.get(same.key(listed.question)) or _nearest(listed.question, asked.holding)
        if near is not None:
            found[n] = near
    return found


def _nearest(question: str, holding: Mapping[str, Sequence[Mark]]) -> Mark | None:
    """The mark that shares most with a question, if it is enough; the rarest words are looked at alone."""
    rare = sorted((holding[stem] for stem in set(same.stems(question)) if stem in holding), key=len)[:2]
    likely = ((same.alike(mark.question, question), mark) for marks in rare for mark in marks[:_LOOKED_AT])
    alike, near = max(likely, key=lambda pair: pair[0], default=(0.0, None))
    return near if alike >= _ALIKE else None
