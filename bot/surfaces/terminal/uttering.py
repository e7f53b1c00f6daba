"""What of a voice's words stands on the screen already, sentence by sentence. It prints nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.core.reply import Reply, Spoken


class Uttered:
    """The sentences that were said ahead of the turn that they belong to."""

    def __init__(self) -> None:
        self._seq = 0
        self._text = ""

    def add(self, seq: int, sentence: str) -> bool:
        """Takes note of a sentence; True where it is the first of its turn."""
        first = seq != self._seq or not self._text
        self._text = sentence if first else f"{self._text} {sentence}"
        self._seq = seq
        return first

    def rest(self, seq: int, reply: Reply) -> Reply:
        """The reply without what was said of it ahead."""
        if seq != self._seq or not self._text:
            return reply
        said, self._text = self._text, ""
        parts = (
            Spoken(part.text.removeprefix(said).strip()) if isinstance(part, Spoken) else part for part in reply.parts
        )
        return replace(reply, parts=tuple(part for part in parts if not isinstance(part, Spoken) or part.text))
