"""Finds what a model quotes in the words it quotes from. It does not say what a quotation is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: Fewer letters than this are found anywhere.
LEAST_LETTERS = 3
#: What is left out between two pieces is no longer than this (characters), and more pieces than this are no quotation.
LONGEST_GAP, MOST_PIECES = 120, 8
#: So much longer than the text a quotation may be, for what stands for gaps in it.
_MARKS_OF_GAPS = 12 * MOST_PIECES
_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…|\[[^\]]{0,10}\])\s*")
_EDGES = "\"'“”‘’«»` \n\t"
_LIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def found(quote: str, text: str) -> str | None:
    """The exact words of the text that are quoted; None where they are not there.

    Models set quotation marks, spaces and capitals otherwise, and leave out the middle: what is quoted then is found,
    and given back as it was said. What is left out may not be long.
    """
    if len(quote) > len(text) + _MARKS_OF_GAPS:
        return None
    quote = quote.strip(_EDGES)
    if len(re.sub(r"\W", "", quote)) < min(LEAST_LETTERS, len(re.sub(r"\W", "", text))) or not quote:
        return None
    if quote in text:
        return quote
    pieces = [_pattern(piece) for piece in _ELLIPSIS.split(quote) if piece.strip(_EDGES)]
    span = _in_order(pieces, _plain(text)) if 0 < len(pieces) <= MOST_PIECES else None
    return text[slice(*span)] if span else None


def _in_order(pieces: Sequence[str], text: str) -> tuple[int, int] | None:
    """From where to where the pieces stand one after the other.

    One expression for all of them would try every choice of places, and a candidate can give it many to choose from.
    """
    spans = _everywhere(pieces[0], text)
    for piece in pieces[1:]:
        begun, spans, at = spans, [], 0
        for start, end in _everywhere(piece, text):
            while at < len(begun) and begun[at][1] + LONGEST_GAP < start:
                at += 1
            if at < len(begun) and begun[at][1] <= start:
                spans.append((begun[at][0], end))
    return spans[0] if spans else None


def _everywhere(piece: str, text: str) -> list[tuple[int, int]]:
    return [match.span(1) for match in re.finditer(f"(?=({piece}))", text, re.IGNORECASE)]


def _plain(text: str) -> str:
    """The text with signs that look alike made one; each sign stays at its place."""
    return "".join(unicodedata.normalize("NFKC", sign)[:1] or " " for sign in text.translate(_LIKE))


def _pattern(piece: str) -> str:
    return r"\s+".join(re.escape(word) for word in _plain(piece.strip(_EDGES)).split())
