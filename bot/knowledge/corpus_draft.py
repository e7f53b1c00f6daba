"""A question as its file has it, before it is checked and built. It checks nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge import corpus_shapes as shapes
from bot.knowledge.corpus_places import Path, Source


@dataclass(frozen=True)
class Draft:
    """A question as its file has it, and where that is."""

    shape: shapes.QuestionShape
    source: Source
    path: Path

    def at(self, *inner: str | int) -> str:
        return self.source.at((*self.path, *inner))

    @property
    def said(self) -> str:
        return f"question {self.shape.id!r}: "
