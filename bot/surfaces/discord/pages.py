"""Replies as pages, each of which fits one message: text displays and pictures. It sends nothing and draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.core.reply import Code, Curves, Reply, ReplyPart, Table
from bot.surfaces.discord.bits import Atom, Bit, Chunk, Lead, Rank, Words, laid
from bot.surfaces.discord.cutting import cut, text_of
from bot.surfaces.discord.echoes import button_title, echoed, echoed_code, modal_question, shortened
from bot.surfaces.discord.limits import ALT
from bot.surfaces.discord.markdown import chunks, code_chunk, joined, plain_atoms
from bot.surfaces.discord.progress import progress_text
from bot.surfaces.discord.tables import Cell, table_chunks

__all__ = [
    "Block", "Page", "Picture", "button_title", "echoed", "echoed_code", "modal_question", "pages", "progress_text",
]  # fmt: skip

#: Small print: what a table's columns do not say themselves.
SMALL = "-# "


@dataclass(frozen=True)
class Picture:
    """A picture, and what it shows in words."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True)
class Handed:
    """A file that is handed over, to be opened elsewhere."""

    name: str
    data: bytes


#: A text is the Markdown of one text display.
Block = str | Picture | Handed


@dataclass(frozen=True)
class Page:
    """What fits into one message, with room for what the surface adds to it."""

    blocks: tuple[Block, ...]


def pages(replies: Sequence[Reply], draw: Callable[[Curves], bytes | None]) -> list[Page]:
    """The replies on as few pages as can be; a reply begins a text display of its own.

    `draw` makes a picture of curves, or None where there is nothing to be drawn; what they show is said in words too.
    """
    pictures: list[Picture] = []
    bits: list[Bit] = []
    for at, reply in enumerate(replies):
        bits += _bits(reply, 1000 * at, draw, pictures)
    return [Page(tuple(_blocks(page, pictures))) for page in cut(bits)]


def _bits(reply: Reply, block: int, draw: Callable[[Curves], bytes | None], pictures: list[Picture]) -> Iterator[Bit]:
    """The bits of a reply; a picture stands between the words around it."""
    waiting: list[Chunk] = []
    for part in reply.parts:
        drawn = draw(part) if isinstance(part, Curves) else None
        if drawn is not None and isinstance(part, Curves):
            yield from laid(waiting, block)
            yield Bit("", "", "", Rank.ITEM if waiting else Rank.REPLY, block + 1, len(pictures))
            pictures.append(Picture(f"curve-{len(pictures) + 1}.png", drawn, shortened(part.words, ALT)))
            waiting, block = [], block + 2
        waiting += _chunks(part)
    yield from laid(waiting, block)


def _chunks(part: ReplyPart) -> list[Chunk]:
    if isinstance(part, Code):
        return [code_chunk(part.source, part.language)]
    if isinstance(part, Curves):
        return [Words(Lead(), _line(part.words))] if part.words.strip() else []
    if isinstance(part, Table):
        caption: list[Chunk] = [Words(Lead(first=SMALL, rank=Rank.WORD), _line(part.caption))] if part.caption else []
        head, *rows = [[Cell(cell, _line(cell)) for cell in row] for row in (part.head, *part.rows)]
        return [
            *caption,
            *table_chunks(head, rows, Lead(tight=bool(caption), rank=Rank.WORD if caption else Rank.PARAGRAPH)),
        ]
    return chunks(part.markdown)


def _line(text: str) -> list[Atom]:
    return joined([plain_atoms(text)])


def _blocks(bits: Sequence[Bit], pictures: Sequence[Picture]) -> Iterator[Block]:
    for _, found in groupby(bits, key=lambda bit: bit.block):
        together = list(found)
        at = together[0].picture
        if at is not None:
            yield pictures[at]
        elif text := text_of(together).strip(" \n"):
            yield text
