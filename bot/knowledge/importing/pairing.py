"""Gives each question the answer that stands below it, up to the next question, a new part, or the end of the article.

It finds no questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.knowledge.importing import wording
from bot.knowledge.importing.blocks import Block, joined, words
from bot.knowledge.importing.marks import Mark

_TITLE_WORDS = 12
_PROSE_WORDS = 20
#: A line of so few words that ends with a colon is a label, and announces nothing.
_LABEL_WORDS = 3


def answer_blocks(blocks: Sequence[Block], mark: Mark, end: int, last: bool) -> list[Block]:
    """The blocks of an answer; `end` is where the next question stands, and `last` says that there is none."""
    start = mark.index + 1
    for i in range(start, end):
        if _new_part(blocks, mark, i) or (last and wording.ends_the_article(blocks[i].plain)):
            end = i
            break
    while end > start and not last and is_title(blocks[end - 1]):
        end -= 1  # the title of the part that the next question begins
    return [block for block in blocks[start:end] if not wording.promotes(block.plain)]


def _new_part(blocks: Sequence[Block], mark: Mark, index: int) -> bool:
    """True for a heading that does not belong to the answer."""
    block = blocks[index]
    if block.kind != "heading":
        return False
    if mark.style == "heading":
        return block.level <= mark.level
    return block.level <= _depth_above(blocks, mark.index)


def _depth_above(blocks: Sequence[Block], index: int) -> int:
    """The level of the heading that a block stands under; any heading ends an answer that stands under none."""
    return next((blocks[i].level for i in range(index - 1, -1, -1) if blocks[i].kind == "heading"), 9)


def is_title(block: Block) -> bool:
    """True for a short line of capitalised words, as the title of a part is set where headings are not marked."""
    text = block.plain.strip()
    names = re.findall(r"[A-Za-z][\w’'-]*", text)
    if block.kind != "paragraph" or not 2 <= len(names) <= _TITLE_WORDS or re.search(r"[.:;,!?)\]=]$", text):
        return False
    capital = sum(name[0].isupper() for name in names)
    return capital >= len(names) * 0.6 or bool(re.search(r"\bquestions?\b|\blevel\b|^part\b|^section\b", text, re.I))


def is_answered(blocks: Sequence[Block], index: int) -> bool:
    """True when prose, a list or a program follows a line, and not another question."""
    if index + 1 >= len(blocks):
        return False
    following = blocks[index + 1]
    prose = len(following.plain.split()) >= _PROSE_WORDS or following.plain.endswith((".", ":", "!"))
    asks = wording.asking(wording.without_number(following.plain)[0]).sure
    return following.kind in ("item", "code", "table") or (following.kind == "paragraph" and prose and not asks)


def answer_text(rest: str, blocks: Sequence[Block], names: frozenset[str] = frozenset()) -> str:
    """An answer as Markdown, without the label before it, and without the names of those who give it."""
    rest, _ = wording.without_answer_label(rest)
    inner = [replace(block, text=_unnamed(block.text, names)) for block in blocks]
    while inner and not rest and (bare := wording.without_answer_label(inner[0].text))[1]:
        inner = [replace(inner[0], text=bare[0]), *inner[1:]] if bare[0] else inner[1:]
    return "\n\n".join(part for part in (rest, joined(inner)) if part).strip()


def _unnamed(text: str, names: frozenset[str]) -> str:
    name, said = wording.speaker(text) if names else ("", text)
    return said if name in names else text


def shortcomings(rest: str, blocks: Sequence[Block]) -> list[str]:
    """What seems to be missing from an answer."""
    text = rest if not blocks else blocks[-1].plain
    size = len(rest.split()) + words(blocks)
    found = []
    if size and text.rstrip().endswith(":"):
        found.append("its answer ends with a colon: a list or a figure seems to be lost")
    elif any(
        one.plain.endswith(":") and one.kind == "paragraph" and not _shown(one, two) for one, two in pairwise(blocks)
    ):
        found.append(
            "a sentence of its answer ends with a colon and nothing to show: a list or a figure seems to be lost"
        )
    if any(block.kind == "code" and _cut_off(block.text) for block in blocks):
        found.append("a program in its answer seems to be cut off")
    if 0 < size < 8:
        found.append("its answer is very short")
    return found


def _cut_off(program: str) -> bool:
    """True when a bracket of a program's is never closed."""
    return any(program.count(left) > program.count(right) for left, right in ("()", "[]", "{}"))


def _shown(one: Block, two: Block) -> bool:
    """True when what follows a colon can be what it announced."""
    if len(one.plain.split()) <= _LABEL_WORDS:
        return True
    return two.kind != "paragraph" or len(two.plain.split()) < 40 or two.plain.startswith(("“", '"'))
