"""Reads a part of an answer whole, and weighs that with what its sentences say: how each key point stands, how surely.

It finds no quotation and adds nothing up; what sentences say is given to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.marking import Part
from bot.core.question import Kind, Question
from bot.offline.statement_words import Numbers
from bot.offline.weighing import Weighing, Weighings, joined, measures
from bot.ports.reading import AnswerReader

#: A reply to a follow-up of at most so many words is no whole answer: what it says is said to the follow-up.
TERSE_WORDS = 15
#: The kinds of questions with answers to which the reader was taught, or which are answered as these are.
KINDS: frozenset[Kind] = frozenset({"free", "compare", "enumerate", "what-if", "remedy", "steps", "trap", "case"})


@dataclass(frozen=True)
class Sentences:
    """What an answer's sentences say of each point: how likely the likeliest says it, and contradicts it.

    Shapes (points,). A point that is a draft has too few statements to compare with.
    """

    said: Numbers
    contradicted: Numbers
    draft: tuple[bool, ...]


@dataclass(frozen=True)
class Weighed:
    """How probable each of STANDINGS is, and the credit that comes of it."""

    chances: tuple[float, ...]
    credit: float


class WholeAnswers:
    """A reader of whole answers, and the numbers by which its word is weighed."""

    def __init__(self, reader: AnswerReader, weighings: Weighings) -> None:
        self._reader = reader
        self._weighings = weighings
        self.version = weighings.version

    def weighed(self, question: Question, part: Part, own: str, sentences: Sentences) -> Mapping[int, Weighed]:
        """How points stand, by their places in the question; only those that words earn and this part may tell of."""
        found: dict[int, Weighed] = {}
        for place, row in self.measured(question, part, own, sentences).items():
            weighing = self._weighing(question.points[place].says, sentences.draft[place], terse(part))
            chances = tuple(weighing.of(row).tolist())
            found[place] = Weighed(chances, weighing.credit_of(chances))
        return found

    def _weighing(self, says: str, draft: bool, short: bool) -> Weighing:
        """The numbers for a point: they differ by what the reader and the statements know of it."""
        if draft:
            return self._weighings.drafts
        if short:
            return self._weighings.replies
        return self._weighings.learnt if self._reader.has_learnt(says) else self._weighings.others

    def shares(self, ask: str, says: Sequence[str], answer: str) -> Numbers:
        """How probable each of STANDINGS is by this reading alone: shape (points, 4)."""
        return joined(self._reader.read(ask, says, answer))

    def measured(self, question: Question, part: Part, own: str, sentences: Sentences) -> Mapping[int, Numbers]:
        """What is weighed, by a point's place: shape (6,). `own` is what of the part's text is the candidate's own."""
        places = [place for place, point in enumerate(question.points) if not point.exact and not point.measured]
        if terse(part):
            places = [place for place in places if question.points[place].id == part.about]
        if not places or question.kind not in KINDS:
            return {}
        says = [question.points[place].says for place in places]
        rows = measures(
            self.shares(_asked(question, part), says, own), sentences.said[places], sentences.contradicted[places]
        )
        return dict(zip(places, rows, strict=True))


def terse(part: Part) -> bool:
    """True for a reply to a follow-up that is no whole answer: it tells of the point that it was asked about."""
    return part.about is not None and len(part.text.split()) <= TERSE_WORDS


def _asked(question: Question, part: Part) -> str:
    """What a part replies to. A short reply means nothing without its follow-up; in which words that was put may
    differ, so that the bank's stand for it.
    """
    put = [follow_up.ask for follow_up in question.follow_ups if follow_up.point == part.about]
    return put[0] if put and terse(part) else question.ask
