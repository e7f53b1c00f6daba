"""Has a voice word what is to be said, for as long as the candidate waits. It writes nothing down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.core import events as e
from bot.core.phrasing import Line, Phrase
from bot.patience import Patience
from bot.ports import Doors


async def word(
    doors: Doors, patience: Patience, seq: int, line: Line, utter: Callable[[str], Awaitable[None]]
) -> e.Phrased | None:
    """What the event `seq` is put in, or what was said of it when patience ended; None where there is no voice."""
    if doors.voice is None:
        return None
    said: list[str] = []

    async def uttered(sentence: str) -> None:
        await utter(sentence)
        said.append(sentence)

    phrase = await patience.wait(doors.voice.word(line, uttered))
    begun = e.Made(doors.voice.name.partition(" (")[0])  # of a call that was given up nobody knows more
    phrase = phrase or Phrase(" ".join(said), made=begun)
    made = doors.price(phrase.made) if phrase.made is not None else None
    return e.Phrased(seq, phrase.lead, phrase.wording, made, phrase.why_not)
