"""Words that were not taken, whole, for who typed them: to be copied, and sent again. It says not why."""

from __future__ import annotations

from bot.surfaces.discord import words
from bot.surfaces.discord.escaping import blank
from bot.surfaces.discord.limits import PAGE_TEXT, length
from bot.surfaces.discord.pages import Block, Handed

FENCE = "```"


def given_back(text: str, program: bool) -> tuple[Block, ...]:
    """The words in a fence, which a client copies at a touch; as a file where they are too long for one, or end it."""
    if blank(text):
        return ()
    fenced = f"{FENCE}{'python' if program else ''}\n{text}\n{FENCE}"
    if FENCE not in text and length(fenced) <= PAGE_TEXT - length(words.GIVEN_BACK):
        return (words.GIVEN_BACK, fenced)
    name = "your-program.py" if program else "your-answer.txt"
    return (words.GIVEN_BACK, Handed(name, text.encode("utf-8", "replace")))
