"""Where a reply goes on on another page: as few pages as can be, each begun at the best place that allows it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

from bot.surfaces.discord.bits import Bit, Rank
from bot.surfaces.discord.limits import PAGE_BLOCKS, PAGE_TEXT, PICTURES


class Sizes:
    """How much of a page any run of bits takes up, without laying it out."""

    def __init__(self, bits: Sequence[Bit], text: int = PAGE_TEXT) -> None:
        self.bits = bits
        self.text = text
        self.lengths = list(accumulate((_step(*pair) for pair in pairwise(bits)), initial=0))
        self.blocks = list(accumulate((one.block != other.block for one, other in pairwise(bits)), initial=0))
        self.pictures = list(accumulate((bit.picture is not None for bit in bits), initial=0))

    def fits(self, start: int, end: int) -> bool:
        """Whether the bits from `start` up to `end` are one page."""
        bits = self.bits
        text = bits[start].lengths[1] + self.lengths[end - 1] - self.lengths[start] + bits[end - 1].lengths[2]
        blocks = self.blocks[end - 1] - self.blocks[start] + 1
        return text <= self.text and blocks <= PAGE_BLOCKS and self.pictures[end] - self.pictures[start] <= PICTURES

    def furthest(self, start: int) -> int:
        """Where the page that begins at `start` ends when it takes as much as it can, in the middle of no word."""
        most = min(len(self.bits), bisect_right(self.lengths, self.lengths[start] + self.text))
        last = 0
        for end in range(most, start, -1):
            if self.fits(start, end):
                last = last or end
                if self.rank(end) > Rank.FORCED:
                    return end
        return last or start + 1

    def rank(self, at: int) -> Rank:
        """How good a cut is before the bit at this place."""
        return self.bits[at].rank if at < len(self.bits) else Rank.REPLY


def cut(bits: Sequence[Bit], text: int = PAGE_TEXT) -> list[Sequence[Bit]]:
    """The bits by pages."""
    sizes = Sizes(bits, text)
    if bits and sizes.fits(0, len(bits)):
        return [bits]
    ends = [sizes.furthest(start) for start in range(len(bits))]
    needed = [0] * (len(bits) + 1)
    for start in reversed(range(len(bits))):
        needed[start] = 1 + needed[ends[start]]
    pages: list[Sequence[Bit]] = []
    start = 0
    while start < len(bits):
        fair = [end for end in range(start + 1, ends[start] + 1) if needed[end] < needed[start]]
        end = max(fair, key=lambda at: (sizes.rank(at), at))
        pages.append(bits[start:end])
        start = end
    return pages


def text_of(bits: Sequence[Bit]) -> str:
    """The bits of one text display, as Markdown."""
    if not bits:
        return ""
    return bits[0].fresh + "".join(bit.flow for bit in bits[1:]) + bits[-1].closing


def _step(before: Bit, bit: Bit) -> int:
    """What a bit adds to a page that has the one before it."""
    if bit.block != before.block:
        return before.lengths[2] + bit.lengths[1]
    return bit.lengths[0]
