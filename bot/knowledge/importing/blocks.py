"""What a document is once it has been read: blocks of text with their places. It knows no format and no question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "code", "table"]


@dataclass(frozen=True)
class Block:
    """A stretch of a document: its text in Markdown, and the line or page where it begins.

    `plain` is the text without marks of emphasis and without what numbers or bullets it; `marker` is that number or
    bullet. `level` is a heading's depth, or how deep an item is nested. `strong` says that all of it is set in bold,
    `tight` that it follows the block before it without an empty line.
    """

    kind: BlockKind
    text: str
    plain: str
    line: int
    page: int = 0
    level: int = 0
    marker: str = ""
    strong: bool = False
    tight: bool = False


@dataclass(frozen=True)
class Place:
    """Where something stands: file, line or page, and the headings that it stands under."""

    file: str
    line: int = 0
    page: int = 0
    under: tuple[str, ...] = ()

    def __str__(self) -> str:
        spot = f"{self.file}, page {self.page}" if self.page else f"{self.file}:{self.line}" if self.line else self.file
        return f"{spot} ({' > '.join(self.under)})" if self.under else spot


@dataclass(frozen=True)
class Unread:
    """Something that could not be read, and why."""

    place: Place
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(frozen=True)
class Text:
    """A document as it was read. `trouble` names parts of it that could not be."""

    name: str
    blocks: tuple[Block, ...]
    trouble: tuple[Unread, ...] = ()

    def place(self, index: int) -> Place:
        """Where a block stands, with the headings above it."""
        block = self.blocks[index]
        return Place(self.name, block.line, block.page, self.headings[index])

    @cached_property
    def headings(self) -> Sequence[tuple[str, ...]]:
        """For each block the headings that it stands under."""
        return _headings(self.blocks)


def _headings(blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    path: list[Block] = []
    found = []
    for block in blocks:
        if block.kind == "heading":
            path = [one for one in path if one.level < block.level]
        found.append(tuple(one.plain for one in path))
        if block.kind == "heading":
            path.append(block)
    return found


def joined(blocks: Sequence[Block]) -> str:
    """Blocks as one Markdown text: items follow each other, everything else is set apart by an empty line."""
    parts: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before is not None:
            close = before.kind == block.kind and (block.kind == "item" or block.tight)
            parts.append("\n" if close else "\n\n")
        parts.append(written(block))
    return "".join(parts).strip()


def written(block: Block) -> str:
    """A block as Markdown."""
    if block.kind == "code":
        fence = "````" if "```" in block.text else "```"
        return f"{fence}\n{block.text.strip(chr(10))}\n{fence}"
    if block.kind == "heading":
        return f"**{block.plain}**"
    if block.kind == "item":
        lead = block.marker if block.marker.rstrip(".").isdigit() else "-"
        return f"{'  ' * block.level}{lead} {block.text}"
    return block.text


def words(blocks: Sequence[Block]) -> int:
    """How many words these blocks hold."""
    return sum(len(block.text.split()) for block in blocks)
