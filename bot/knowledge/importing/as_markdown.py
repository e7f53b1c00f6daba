"""Writes a document that was read, a page or a PDF say, as Markdown: its questions become headings.

What is read of the Markdown again has the same questions. It writes no file, and leaves out nothing that was read.
"""

from __future__ import annotations

import re

from bot.knowledge.importing import wording
from bot.knowledge.importing.blocks import Block, Text, written
from bot.knowledge.importing.reading import find_questions

#: What begins a line and would be taken for something else than the words that it is.
_TAKEN_FOR_MORE = re.compile(r"^(\s*)([#<>]|[-+](?=\s)|={3,}|-{3,})", re.MULTILINE)
_DEEPEST = 6


def as_markdown(text: Text) -> str:
    """The document as Markdown."""
    asked = {one.block: one.question for one in find_questions(text).questions if one.block is not None}
    parts: list[str] = []
    depth, before = 0, None
    for n, block in enumerate(text.blocks):
        title = asked.get(n)
        if title is not None and _asks_alone(block, title):
            level = block.level if block.kind == "heading" else min(depth + 1, _DEEPEST)
            parts += ["\n\n", f"{'#' * level} {_inline(title)}"]
            before = None
            continue
        if block.kind == "heading":
            depth = min(block.level, _DEEPEST - 1)
        parts += ["\n" if block.kind == before == "item" else "\n\n", _written(block)]
        before = block.kind
    return "".join(parts).strip() + "\n" if parts else ""


def _asks_alone(block: Block, question: str) -> bool:
    """True where the block holds the question and nothing of its answer."""
    return len(wording.tidy(block.plain)) - len(question) <= 12 and question.rstrip("?.! ") in wording.tidy(block.plain)


def _written(block: Block) -> str:
    if block.kind == "heading":
        return f"{'#' * min(max(block.level, 1), _DEEPEST)} {_inline(block.plain)}"
    if block.kind == "paragraph":
        return _TAKEN_FOR_MORE.sub(r"\1\\\2", block.text)
    return written(block)


def _inline(text: str) -> str:
    return " ".join(text.split())
