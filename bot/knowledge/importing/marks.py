"""Finds what may be a question: each line that looks like one, and in which style. It chooses among them nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.knowledge.importing import wording
from bot.knowledge.importing.blocks import Block

#: How a question is set off from its answer. `alone` is a paragraph that is a question, `bullet` such an item.
Style = Literal["dialogue", "labelled", "heading", "numbered", "strong", "alone", "bullet"]

#: A name in front of so many lines that mostly ask is that of one who asks.
_OFTEN = 3
_MOSTLY = 0.6
_SPLIT = re.compile(r"^(.{6,400}?\?[\"'”’)\]]*\**)[\s:–-]+(?=[A-Z0-9“\"(*`_])(.+)$", re.DOTALL)
_INLINE_ANSWER = re.compile(r"\s(?:\*\*)?(?:A|Ans|Answer)\s*\d{0,4}\s*[.:)](?:\*\*)?\s+(?=\S)")
#: Words from which on a line asks without doubt.
_CLEAR = 0.8
_SHORTEST_CHAIN = 3
_LONGEST_TITLE = 30


@dataclass(frozen=True)
class Mark:
    """Something that may be a question: its block, its words, what of its answer stands in the same block.

    `sure` says how surely its words ask; `ends` is a mark that asks nothing and only ends the answer before it.
    """

    index: int
    question: str
    rest: str
    style: Style
    sure: float
    why: str
    number: int | None = None
    level: int = 0
    ends: bool = False


def find_marks(blocks: Sequence[Block]) -> list[Mark]:
    """Everything that may be a question, in the order of the document."""
    askers = _askers(blocks)
    found = [mark for i, block in enumerate(blocks) if block.kind != "code" for mark in _in(i, block, askers)]
    return _with_chains(found)


def _askers(blocks: Sequence[Block]) -> frozenset[str]:
    """The names of those who ask in a dialogue."""
    said, asked = Counter[str](), Counter[str]()
    for block in blocks:
        name, words = wording.speaker(block.plain)
        if name:
            said[name] += 1
            asked[name] += wording.asking(words).sure >= 0.8 or words.rstrip().endswith("?")
    often = {name for name in said if said[name] >= _OFTEN and asked[name] >= said[name] * _MOSTLY}
    known = {name for name in said if wording.asks_by_name(name) and asked[name]}
    if known or often:
        known |= {name for name in said if wording.asks_by_name(name)}
    return frozenset(known | often)


def answerers(blocks: Sequence[Block]) -> frozenset[str]:
    """The names of those who answer in a dialogue: they stand before their words, and are no part of them."""
    askers = _askers(blocks)
    if not askers:
        return frozenset()
    said = Counter(wording.speaker(block.plain)[0] for block in blocks)
    asked = sum(said[name] for name in askers)
    others = {name: count for name, count in said.items() if name and name not in askers}
    return frozenset(name for name, n in others.items() if n * 2 >= asked or wording.answers_by_name(name))


def _in(index: int, block: Block, askers: frozenset[str]) -> Iterator[Mark]:
    name, said = wording.speaker(block.plain)
    if name in askers:
        yield _spoken(index, said)
        return
    bare, number, named = wording.without_number(block.plain)
    if block.marker.rstrip(".").isdigit():
        number = number if named else int(block.marker.rstrip("."))
    question, rest = _parted(bare, block)
    asked = wording.asking(question)
    style = _style(block, number, named, rest)
    if style is None:
        return
    if named and not asked.sure:
        asked = wording.Asking(0.7, "it is labelled as a question")
    if asked.sure or (number is not None and len(question.split()) <= _LONGEST_TITLE):
        yield Mark(index, question, rest, style, asked.sure, asked.why, number, block.level)


def _spoken(index: int, said: str) -> Mark:
    question, _, rest = said.partition("\n")
    asked = wording.asking(question)
    if not asked.sure and "?" in question:
        asked = wording.Asking(0.95, "it holds a question")
    return Mark(index, question, rest, "dialogue", asked.sure, asked.why, ends=not asked.sure)


def _parted(bare: str, block: Block) -> tuple[str, str]:
    """A question and what follows it in the same block."""
    if label := _INLINE_ANSWER.search(bare):
        return bare[: label.start()].strip(), bare[label.end() :].strip()
    if wording.asking(bare).sure >= 0.8 or block.kind == "heading":
        return bare, ""
    split = _SPLIT.match(bare)
    if split and wording.sentences_before_question(split[1]) <= 2 and wording.asking(split[1]).sure >= 0.8:
        return split[1].strip(), split[2].strip()
    return bare, ""


def _style(block: Block, number: int | None, named: bool, rest: str) -> Style | None:
    """In which style a block would be a question; None where it can be none."""
    if block.kind == "table":
        return None
    if named:
        return "labelled"
    if block.kind == "heading":
        return "heading"
    if number is not None:
        return "numbered"
    if block.strong:
        return "strong"
    if rest:
        return "strong" if block.text.lstrip().startswith(("**", "__")) else None
    return "bullet" if block.kind == "item" else "alone"


def _with_chains(marks: list[Mark]) -> list[Mark]:
    """Numbered lines are questions when most of their neighbours are, or when their own words leave no doubt."""
    changed: dict[int, Mark] = {}
    for chain in _chains(marks):
        series = len(chain) >= _SHORTEST_CHAIN and sum(mark.sure >= _CLEAR for mark in chain) >= len(chain) * _MOSTLY
        for mark in chain:
            if mark.sure < _CLEAR and mark.style != "labelled":
                why = mark.why or "its neighbours are questions"
                changed[id(mark)] = replace(mark, sure=max(mark.sure, 0.6) if series else 0.0, why=why)
    kept = [changed.get(id(mark), mark) for mark in marks]
    return [mark for mark in kept if mark.sure or mark.ends]


def _chains(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Numbered marks of one style in chains 1, 2, 3, …; a list inside an answer is a chain of its own."""
    chains: list[list[Mark]] = []
    open_ones: list[list[Mark]] = []
    for mark in (one for one in marks if one.number is not None):
        fitting = [
            chain for chain in open_ones if chain[-1].style == mark.style and chain[-1].number == (mark.number or 0) - 1
        ]
        if fitting:
            chain = max(fitting, key=lambda one: (_asks(one) == _asks([mark]), one[-1].index))
            chain.append(mark)
        else:
            chain = [mark]
            chains.append(chain)
            open_ones = [*open_ones[-8:], chain]
    return chains


def _asks(chain: Sequence[Mark]) -> bool:
    return sum(mark.sure >= _CLEAR for mark in chain) * 2 >= len(chain)
