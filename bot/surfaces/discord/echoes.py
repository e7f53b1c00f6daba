"""Words of people shown back to them, and words of ours where no Markdown goes: cut to what Discord takes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.surfaces.discord.bits import FENCE, Bit, Lead, Rank, Words, laid
from bot.surfaces.discord.cutting import Sizes, text_of
from bot.surfaces.discord.escaping import clusters, seen
from bot.surfaces.discord.limits import MODAL_TITLE, TEXT, length
from bot.surfaces.discord.markdown import chunks, code_chunk, joined, plain, plain_atoms

#: As much of an answer, or of a program, is shown back.
LONGEST_ECHO = 1200
QUOTE = "> "
MORE = "…"


def shortened(text: str, limit: int) -> str:
    """Plain words, cut with "…" at a word's end where they are longer than that; never within a sign."""
    words = " ".join(seen(text).split())
    if length(words) <= limit:
        return words
    kept, size = "", length(MORE)
    for cluster in clusters(words):
        size += length(cluster)
        if size > limit:
            break
        kept += cluster
    whole = kept if words[len(kept)] == " " else kept.rsplit(" ", 1)[0]
    whole = whole.rstrip(" ,;:(")
    return (whole if 2 * len(whole) > len(kept) else kept) + MORE


def echoed(text: str, limit: int = LONGEST_ECHO) -> str:
    """A person's own words as a quotation in which nothing acts; empty where they said nothing that shows."""
    lines: list[Words] = []
    tight = True
    for line in seen(text).split("\n"):
        atoms = joined([plain_atoms(line)])
        if atoms:
            lines.append(Words(Lead(quote=QUOTE, tight=tight, rank=Rank.SENTENCE), atoms))
        tight = bool(atoms)
    return _begun(laid(lines, 0), limit)


def echoed_code(source: str, language: str = "python", limit: int = LONGEST_ECHO) -> str:
    """A person's program in a fence; cut at a line's end, and said to be."""
    return _begun(laid([code_chunk(source, language)], 0), limit)


def modal_question(markdown: str, limit: int = TEXT) -> str:
    """A question as a modal repeats it: all of it, or its beginning up to a good place."""
    return _begun(laid(chunks(markdown), 0), limit)


def button_title(text: str, limit: int = MODAL_TITLE) -> str:
    """Words for a place that shows no Markdown: a modal's title, a button, an option."""
    return shortened(plain(text), limit)


def _begun(bits: Sequence[Bit], limit: int) -> str:
    """All of it, or its beginning: up to the end of a sentence where much of it is left, else of a word."""
    if not bits:
        return ""
    if Sizes(bits, limit).fits(0, len(bits)):
        return text_of(bits)
    sizes = Sizes(bits, limit - length(f"\n{MORE}"))
    if not sizes.fits(0, 1):
        return MORE
    last = sizes.furthest(0)
    ends = range(max(1, 2 * last // 3), last + 1)
    end = max(ends, key=lambda at: (sizes.rank(at) >= Rank.SENTENCE, sizes.rank(at) > Rank.FORCED, at))
    text = text_of(bits[:end])
    return text + (f"\n{MORE}" if text.endswith(FENCE) else f" {MORE}")
