"""A message as it is read: its text, its words and what stood on the table; and the tables it is read by. It decides
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.offline.patterns import Table, compile_phrases, vocabulary
from bot.offline.phrases import GLUE, MARKER_NAMES, NAMES, OPENINGS, WHOLE
from bot.offline.setting import Setting
from bot.offline.tokens import MOST_CHARACTERS, Spelling, Word, words_of

#: What says nothing by itself; of the rest of the glue, yes, no and the like are kept in mind.
SILENT = frozenset(GLUE) - {"yes", "yes:claim", "no", "okay", "hm", "laugh"}


@dataclass(frozen=True)
class Tables:
    """Whole phrases, openings that content follows (both with the glue around them), and the words of all."""

    phrases: Table
    openings: Table
    spelling: Spelling


@cache
def tables() -> Tables:
    """The tables, compiled once, at first use."""
    glue = compile_phrases(GLUE, NAMES)
    known = [phrase for table in WHOLE for phrase in compile_phrases(table, NAMES)]
    openings = [phrase for table in OPENINGS for phrase in compile_phrases(table, MARKER_NAMES)]
    spelling = Spelling(vocabulary([*known, *glue, *openings]))
    return Tables(Table([*known, *glue]), Table([*openings, *glue]), spelling)


@dataclass(frozen=True)
class Spoken:
    """What was said, and where in the interview."""

    text: str
    words: Sequence[Word]
    setting: Setting

    @classmethod
    def of(cls, text: str, setting: Setting) -> Spoken:
        text = text.strip()
        return cls(text, tables().spelling.mend(words_of(text)), setting)

    @property
    def whole(self) -> bool:
        """True when all of the text was cut into words; of a long one only the beginning was."""
        return len(self.text) <= MOST_CHARACTERS

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words)

    def part(self, start: int, end: int) -> Spoken:
        """The words from start to end as if they stood alone."""
        return replace(self, words=self.words[start:end])

    def quoted(self, start: int, end: int) -> str:
        """Some of the words exactly as they were written."""
        return self.text[self.words[start].start : self.words[end - 1].end]

    @property
    def sentences(self) -> list[Spoken]:
        ends = [at + 1 for at, word in enumerate(self.words) if word.stop or at == len(self.words) - 1]
        return [self.part(start, end) for start, end in zip([0, *ends], ends, strict=False)]

    @property
    def asks_politely(self) -> bool:
        """True for what ends in a question mark or holds a "please"."""
        return any(word.asks or word.text == "please" for word in self.words)
