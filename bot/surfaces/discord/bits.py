"""Text laid out as bits that a page may begin and end with, each with the Markdown that then stands around it.

It decides where a page can be cut, and how well; where it is cut, `cutting` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from bot.surfaces.discord.escaping import ZERO_WIDTH, at_line_start, clusters
from bot.surfaces.discord.limits import length

#: A piece of a word or a line is no longer than this; longer ones come in several. Code and links may be longer.
LONGEST_PIECE = 120
LONGEST_WHOLE = 400
#: More empty lines in a row than this are not worth a page.
MOST_EMPTY_LINES = 3
FENCE = "```"


class Rank(IntEnum):
    """How good a place is to go on on another page; the higher, the better."""

    FORCED = 0
    WORD = 1
    SENTENCE = 2
    ITEM = 3
    PARAGRAPH = 4
    REPLY = 5


@dataclass(frozen=True)
class Atom:
    """A piece of a line that must not be cut: Markdown within its marks (`**`), and what stands before it."""

    text: str
    marks: tuple[str, ...] = ()
    before: str = ""
    rank: Rank = Rank.WORD
    words: bool = True


@dataclass(frozen=True)
class Lead:
    """How the lines of a chunk begin: `quote` each line, `first` the first one behind it, `rest` the others.

    `tight`: no empty line before it; `rank`: how good a page begins with it.
    """

    first: str = ""
    rest: str = ""
    quote: str = ""
    tight: bool = False
    rank: Rank = Rank.PARAGRAPH


@dataclass(frozen=True)
class Words:
    """A paragraph, a heading, an item, a line."""

    lead: Lead
    atoms: Sequence[Atom]


@dataclass(frozen=True)
class Fenced:
    """Lines in a fence; the first `head` of them are said again on each page."""

    lead: Lead
    lines: Sequence[str]
    language: str = ""
    head: int = 0


Chunk = Words | Fenced


@dataclass(frozen=True)
class Bit:
    """A piece of a page: how it reads after another one, how at a page's beginning, and what closes it at an end.

    Bits of the same `block` share a text display. `picture` is the place of a picture, which is a block alone.
    """

    flow: str
    fresh: str
    closing: str
    rank: Rank
    block: int
    picture: int | None = None
    lengths: tuple[int, int, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", (length(self.flow), length(self.fresh), length(self.closing)))


def laid(chunks: Sequence[Chunk], block: int) -> list[Bit]:
    """The chunks as the bits of one text display."""
    bits: list[Bit] = []
    before: Chunk | None = None
    for chunk in chunks:
        rank = Rank.REPLY if before is None else chunk.lead.rank
        join = "" if before is None else bits[-1].closing + _gap(before, chunk)
        found = _words(chunk, join, rank, block) if isinstance(chunk, Words) else _fenced(chunk, join, rank, block)
        added = list(found)
        bits += added
        before = chunk if added else before
    return bits


def _gap(before: Chunk, after: Chunk) -> str:
    if after.lead.tight:
        return "\n"
    quote = after.lead.quote if after.lead.quote == before.lead.quote else ""
    return f"\n{quote}\n"


def _words(chunk: Words, join: str, rank: Rank, block: int) -> Iterator[Bit]:
    lead = chunk.lead
    for at, atom in enumerate(chunk.atoms):
        opened = "".join(atom.marks)
        closed = "".join(reversed(atom.marks))
        started = opened + (at_line_start(atom.text) if atom.words else atom.text)
        if not at:
            line = lead.quote + lead.first + started
            yield Bit(join + line, line, closed, rank, block)
            continue
        fresh = lead.quote + started
        closes, opens = _turned(chunk.atoms[at - 1].marks, atom.marks)
        if atom.before == "\n":
            flow = f"{closes}\n{lead.quote}{lead.rest}{opens}{started[len(opened) :]}"
        else:
            apart = ZERO_WIDTH if closes and opens and not atom.before else ""  # **a***b* would be read otherwise
            flow = closes + (atom.before or apart) + opens + atom.text
        yield Bit(flow, fresh, closed, atom.rank, block)


def _turned(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """What closes and what opens between two pieces."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    return "".join(reversed(before[same:])), "".join(after[same:])


def _fenced(chunk: Fenced, join: str, rank: Rank, block: int) -> Iterator[Bit]:
    newline = "\n" + chunk.lead.quote
    opening = chunk.lead.quote + FENCE + chunk.language + newline
    opening += "".join(line + newline for line in chunk.lines[: chunk.head])
    empty = 0
    first = True
    for line in chunk.lines[chunk.head :]:
        if not line.strip():
            empty += 1
            continue
        for at, part in enumerate(parted(clusters(line.rstrip()))):
            flow = part if at else newline * (min(empty, MOST_EMPTY_LINES) + 1) + part
            here = Rank.FORCED if at else Rank.ITEM if empty else Rank.SENTENCE
            if first:
                flow, here = join + opening + part, rank
            yield Bit(flow, opening + part, newline + FENCE, here, block)
            first = False
        empty = 0


def parted(units: Sequence[str], longest: int = LONGEST_PIECE) -> Iterator[str]:
    """Pieces of a word that are no longer than that, cut between its units."""
    piece = ""
    for unit, following in pairwise([*units, ""]):
        piece += unit
        if following == "" or length(piece) + length(following) > longest:
            yield piece
            piece = ""
