"""Replies as pages, each of which fits one message: text displays and pictures. It sends nothing and draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.core.reply import Code, Curves, Head, Marks, Reply, ReplyPart, Table, Text, worded
from bot.surfaces.discord.bits import Atom, Bit, Chunk, Lead, Rank, Words, laid
from bot.surfaces.discord.custom_ids import Label
from bot.surfaces.discord.cutting import cut, text_of
from bot.surfaces.discord.echoes import button_title, echoed, echoed_code, modal_question, shortened
from bot.surfaces.discord.limits import ALT
from bot.surfaces.discord.markdown import chunks, code_chunk, joined, plain_atoms
from bot.surfaces.discord.progress import progress_text
from bot.surfaces.discord.tables import Cell, table_chunks

__all__ = [
    "Block", "Frame", "Handed", "Page", "Picture", "Row", "button_title", "echoed", "echoed_code", "modal_question",
    "pages", "progress_text",
]  # fmt: skip

#: Small print: what a table's columns do not say themselves.
SMALL = "-# "
#: The verdict of a mark in a sign.
SIGNS = {"met": "✅", "partial": "🟡", "missing": "⚪", "wrong": "❌", "more": "➕"}
#: Numbers of blocks: those of a reply begin at a multiple of the first, and those that are framed so far above it.
REPLY, FRAMED = 1000, 500


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


@dataclass(frozen=True)
class Row:
    """Buttons that belong to what stands above them, and not to the question below."""

    labels: tuple[Label, ...]


@dataclass(frozen=True)
class Frame:
    """What stands open: the question, set apart from all else."""

    blocks: tuple[Block, ...]


#: A text is the Markdown of one text display.
Block = str | Picture | Handed | Row | Frame


@dataclass(frozen=True)
class Page:
    """What fits into one message, with room for what the surface adds to it."""

    blocks: tuple[Block, ...]


def pages(
    replies: Sequence[Reply],
    draw: Callable[[Curves], bytes | None],
    rows: Mapping[int, Row] | None = None,
    brief: bool = False,
) -> list[Page]:
    """The replies on as few pages as can be; a reply begins a text display of its own.

    `draw` makes a picture of curves, or None where there is nothing to be drawn; what they show is said in words too.
    `rows` are the buttons below a reply, by its place; `brief` has marks told as shortly as can be. Of several
    questions the last one stands open, and is framed.
    """
    shown: list[Picture | Row] = []
    bits: list[Bit] = []
    put = max(
        (at for at, reply in enumerate(replies) if any(isinstance(part, Head) for part in reply.parts)), default=0
    )
    for at, reply in enumerate(replies):
        bits += _bits(reply if at == put else _unframed(reply), REPLY * at, draw, shown, brief)
        if rows is not None and at in rows:
            bits.append(Bit("", "", "", Rank.FORCED, REPLY * at + FRAMED - 1, len(shown)))
            shown.append(rows[at])
    return [Page(tuple(_framed(page, shown))) for page in cut(bits)]


def _unframed(reply: Reply) -> Reply:
    """The reply with its head as a line like any other."""
    parts = (Text(worded(part)) if isinstance(part, Head) else part for part in reply.parts)
    return replace(reply, parts=tuple(parts))


def _bits(
    reply: Reply, block: int, draw: Callable[[Curves], bytes | None], pictures: list[Picture | Row], brief: bool
) -> Iterator[Bit]:
    """The bits of a reply; a picture stands between the words around it, and what a head stands above is framed."""
    waiting: list[Chunk] = []
    head = ""
    for part in reply.parts:
        if isinstance(part, Head):
            yield from laid(waiting, block)
            waiting, block, head = [], block - block % REPLY + FRAMED, f"## {part.text}\n\n"
            continue
        if head:
            below = part.markdown if isinstance(part, Text) else ""
            waiting += chunks(head + below)
            head = ""
            if below:
                continue
        drawn = draw(part) if isinstance(part, Curves) else None
        if drawn is not None and isinstance(part, Curves):
            yield from laid(waiting, block)
            yield Bit("", "", "", Rank.ITEM if waiting else Rank.REPLY, block + 1, len(pictures))
            pictures.append(Picture(f"curve-{len(pictures) + 1}.png", drawn, shortened(part.words, ALT)))
            waiting, block = [], block + 2
        waiting += _chunks(part, brief)
    yield from laid(waiting, block)


def _chunks(part: ReplyPart, brief: bool) -> list[Chunk]:
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
    if isinstance(part, Marks):
        lines = (f"- {SIGNS[line.verdict]} {line.brief if brief else line.text}" for line in part.lines)
        return chunks("\n".join(lines))
    return chunks(part.markdown if isinstance(part, Text) else worded(part))


def _line(text: str) -> list[Atom]:
    return joined([plain_atoms(text)])


def _framed(bits: Sequence[Bit], pictures: Sequence[Picture | Row]) -> Iterator[Block]:
    """The blocks of a page, those that stand open within a frame."""
    for (framed, _), found in groupby(bits, key=lambda bit: (bit.block % REPLY >= FRAMED, bit.block // REPLY)):
        blocks = tuple(_blocks(list(found), pictures))
        if framed and blocks:
            yield Frame(blocks)
        else:
            yield from blocks


def _blocks(bits: Sequence[Bit], pictures: Sequence[Picture | Row]) -> Iterator[Block]:
    for _, found in groupby(bits, key=lambda bit: bit.block):
        together = list(found)
        at = together[0].picture
        if at is not None:
            yield pictures[at]
        elif text := text_of(together).strip(" \n"):
            yield text
