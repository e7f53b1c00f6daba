"""Finds what a model quotes in the words it quotes from. It does not say what a quotation is about."""

from __future__ import annotations

import re
import unicodedata

#: Fewer letters than this are found anywhere.
LEAST_LETTERS = 3
_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…|\[[^\]]{0,10}\])\s*")
_EDGES = "\"'“”‘’«»` \n\t"
_LIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def found(quote: str, text: str) -> str | None:
    """The exact words of the text that are quoted; None where they are not there.

    Models set quotation marks, spaces and capitals otherwise, and leave out the middle: what is quoted then is found,
    and given back as it was said. What is left out may not be long.
    """
    quote = quote.strip(_EDGES)
    if len(re.sub(r"\W", "", quote)) < min(LEAST_LETTERS, len(re.sub(r"\W", "", text))) or not quote:
        return None
    if quote in text:
        return quote
    pieces = [_pattern(piece) for piece in _ELLIPSIS.split(quote) if piece.strip(_EDGES)]
    if not pieces:
        return None
    match = re.search(r".{0,120}?".join(pieces), _plain(text), re.IGNORECASE | re.DOTALL)
    return text[match.start() : match.end()] if match else None


def _plain(text: str) -> str:
    """The text with signs that look alike made one; each sign stays at its place."""
    return "".join(unicodedata.normalize("NFKC", sign)[:1] or " " for sign in text.translate(_LIKE))


def _pattern(piece: str) -> str:
    return r"\s+".join(re.escape(word) for word in _plain(piece.strip(_EDGES)).split())
