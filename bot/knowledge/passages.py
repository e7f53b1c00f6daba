"""Cuts a text of the owner's own into passages that an embedding model reads whole. It reads and keeps no files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A passage of so many words is about 240 tokens of the 256 that MiniLM reads.
MOST_WORDS = 180

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Cut:
    """A passage, the heading that it stands under, and the line where it begins."""

    text: str
    heading: str
    line: int


@dataclass(frozen=True)
class _Block:
    text: str
    line: int

    @property
    def words(self) -> int:
        return len(self.text.split())


def cut(text: str, markdown: bool) -> Iterator[Cut]:
    """The passages of a text: whole paragraphs together as far as they fit, never across a heading."""
    for heading, blocks in _sections(text, markdown):
        waiting: list[_Block] = []
        for block in (part for whole in blocks for part in _split(whole)):
            if waiting and sum(b.words for b in waiting) + block.words > MOST_WORDS:
                yield _joined(waiting, heading)
                waiting = []
            waiting.append(block)
        if waiting:
            yield _joined(waiting, heading)


def _sections(text: str, markdown: bool) -> Iterator[tuple[str, list[_Block]]]:
    """Each heading with the paragraphs below it; headings inside fenced code are none."""
    heading, start, fenced = "", 1, False
    blocks: list[_Block] = []
    lines: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if markdown and line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        title = _HEADING.match(line) if markdown and not fenced else None
        if fenced or (line.strip() and title is None):
            start = start if lines else number
            lines.append(line.rstrip())
            continue
        if lines:
            blocks.append(_Block("\n".join(lines), start))
            lines = []
        if title is not None:
            yield heading, blocks
            heading, blocks = title[1], []
    if lines:
        blocks.append(_Block("\n".join(lines), start))
    yield heading, blocks


def _split(block: _Block) -> Iterator[_Block]:
    """A paragraph, or its parts where it is too long: at the ends of sentences, or else between words."""
    if block.words <= MOST_WORDS:
        yield block
        return
    waiting: list[str] = []
    for sentence in _SENTENCE_END.split(block.text):
        words = sentence.split()
        if waiting and len(waiting) + len(words) > MOST_WORDS:
            yield _Block(" ".join(waiting), block.line)
            waiting = []
        waiting += words
        while len(waiting) > MOST_WORDS:
            yield _Block(" ".join(waiting[:MOST_WORDS]), block.line)
            waiting = waiting[MOST_WORDS:]
    if waiting:
        yield _Block(" ".join(waiting), block.line)


def _joined(blocks: list[_Block], heading: str) -> Cut:
    return Cut("\n\n".join(block.text for block in blocks), heading, blocks[0].line)
