"""A question as its file has it, before it is checked and built. It checks nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.question import Experiment
from bot.knowledge import corpus_shapes as shapes
from bot.knowledge.corpus_places import Path, Source


@dataclass(frozen=True)
class Draft:
    """A question as its file has it, where that is, and what the folder of a lab task gives it."""

    shape: shapes.QuestionShape
    source: Source
    path: Path
    task: str | None = None
    experiment: Experiment | None = None

    def at(self, *inner: str | int) -> str:
        return self.source.at((*self.path, *inner))

    @property
    def said(self) -> str:
        return f"question {self.shape.id!r}: "
