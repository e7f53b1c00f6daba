"""Reads a part of an answer whole, and weighs that with what its sentences say: how each key point stands, how surely.

It finds no quotation and adds nothing up; what sentences say is given to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.marking import Part
from bot.core.question import Kind, Question
from bot.offline.statement_words import Numbers
from bot.offline.weighing import Weighing, Weighings, joined, measures
from bot.ports.reading import AnswerReader

#: A reply to a follow-up of at most so many words is no whole answer: it is read as a sentence, its subject put back.
TERSE_WORDS = 15
#: The kinds of questions with answers to which the reader was taught, or which are answered as these are.
KINDS: frozenset[Kind] = frozenset({"free", "compare", "enumerate", "what-if", "remedy", "steps", "trap", "case"})


@dataclass(frozen=True)
class Sentences:
    """What an answer's sentences say of each point: how likely the likeliest says it, and contradicts it.

    Shapes (points,). A point that is a draft has no statements to compare with.
    """

    said: Numbers
    contradicted: Numbers
    draft: tuple[bool, ...]


class WholeAnswers:
    """A reader of whole answers, and the numbers by which its word is weighed."""

    def __init__(self, reader: AnswerReader, weighings: Weighings) -> None:
        self._reader = reader
        self._weighings = weighings
        self.version = weighings.version

    def weighing(self, says: str, draft: bool) -> Weighing:
        """The numbers for a point: they differ by what the reader and the statements know of it."""
        if draft:
            return self._weighings.drafts
        return self._weighings.learnt if self._reader.has_learnt(says) else self._weighings.others

    def chances(
        self, question: Question, part: Part, own: str, sentences: Sentences
    ) -> Mapping[int, tuple[float, ...]]:
        """How probable each of STANDINGS is, by a point's place in the question; only of points that words earn."""
        found: dict[int, tuple[float, ...]] = {}
        for place, row in self.measured(question, part, own, sentences).items():
            weighing = self.weighing(question.points[place].says, sentences.draft[place])
            found[place] = tuple(weighing.of(row).tolist())
        return found

    def measured(self, question: Question, part: Part, own: str, sentences: Sentences) -> Mapping[int, Numbers]:
        """What is weighed, by a point's place: shape (6,). `own` is what of the part's text is the candidate's own."""
        places = [place for place, point in enumerate(question.points) if not point.exact and not point.measured]
        terse = part.about is not None and len(part.text.split()) <= TERSE_WORDS
        if not places or terse or question.kind not in KINDS:
            return {}
        shares = joined(self._reader.read(question.ask, [question.points[place].says for place in places], own))
        rows = measures(shares, sentences.said[places], sentences.contradicted[places])
        return dict(zip(places, rows, strict=True))
