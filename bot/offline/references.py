"""The grader for key points that came with an answer and have no example statements: near sentences and shared words,
and a reading of the whole answer where a reader is given.

It compares with what the points say and nothing else; questions of the bank, which have statements, are for grader.py.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.core.marking import PARTIAL_FROM, Mark, Part, Verdict, standing
from bot.core.question import Question
from bot.errors import VivaError
from bot.offline import gates
from bot.offline.evidence import MOST_SENTENCES, evidence, own_words
from bot.offline.grader import MOST_CHARACTERS, NOT_ENGLISH, TOO_LITTLE
from bot.offline.margins import PLACES, Vectors
from bot.offline.statement_words import Numbers
from bot.offline.weighing import MET, MISSING, PARTIAL, WRONG
from bot.offline.whole_answer import WholeAnswers
from bot.offline.wording import turned, wording, words
from bot.ports import Embedder

#: Without a reader of whole answers, and with one.
VERSION, VERSION_WITH_READER = 1, 2
#: What a credit is made of: nearness of the nearest sentence, the root of the share of the point's words, and of its
#: runs of four letters, that were used. Fitted on 5,700 answers to 263 questions of five public sets of graded short
#: answers (an exam on neural networks, Mohler 2011, SAF, Beetle, SciEntsBank), each question judged by numbers fitted
#: without it: Pearson's r .47, .57, .65, .46, .41, where the sentences of drafts in grader.py come to .26 to .41.
NEAR, WORDS, LETTERS, CONSTANT = 0.508, 0.196, 0.845, -0.124
RUN = 4
#: A sentence so near to a point that yet says no where it says yes denies it. Of the key points of those sets, negated
#: on purpose, three of four are found so; in their answers there were two such sentences, one of them wrong.
DENIED_FROM = 0.9
#: Words alone praise what is wrong in the right words, the reader knows little of subjects it was not taught. Their
#: geometric mean believes neither alone: on answers to twelve questions that the reader never saw, judged from their
#: references, rank correlation rose from -.05 to .62; Pearson's r on 200 answers of each public set went from .67, .57,
#: .64, .49, .44 to .60, .57, .60, .47, .38. Words that say nothing count so much, lest the reader's word be lost.
LEAST_OF_WORDS = 0.02
#: How sure a mark of this grader can be.
SURENESS = 0.7


@dataclass(frozen=True)
class _Said:
    """The sentences that may be quoted, their vectors, and the words and runs of letters that they use."""

    sentences: tuple[str, ...]
    vectors: Vectors
    stems: frozenset[str]
    letters: frozenset[str]


class ReferenceGrader:
    """Implements bot.ports.Grader. The same part gets the same verdict, whatever stands beside it."""

    def __init__(
        self,
        embedder: Embedder,
        vectors_for: Callable[[Sequence[str]], Vectors],
        whole: WholeAnswers | None = None,
    ) -> None:
        self.name = f"offline reference {VERSION_WITH_READER if whole else VERSION}"
        self._whole = whole
        self._embedder = embedder
        self._vectors_for = vectors_for

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """One mark per key point, beside the loop. `facts` of a program are not looked at."""
        return await asyncio.to_thread(self.judge, question, part)

    def judge(self, question: Question, part: Part) -> Verdict:
        """The same in the thread of the caller."""
        text, notes = part.text, []
        if len(text) > MOST_CHARACTERS:
            text = text[:MOST_CHARACTERS]
            notes.append(f"Only the first {MOST_CHARACTERS:,} characters were judged.")
        if gates.foreign(text):
            return Verdict(by=self.name, why_not=NOT_ENGLISH)
        if gates.too_little(text, least=1):
            return Verdict(by=self.name, why_not=TOO_LITTLE)
        found = [segment.of(text) for segment in evidence(question, replace(part, text=text))]
        if len(found) > MOST_SENTENCES:
            found = found[:MOST_SENTENCES]
            notes.append(f"Only the first {MOST_SENTENCES} sentences were judged.")
        try:
            marks = self._marks(question, found, own_words(question, replace(part, text=text)))
        except VivaError as error:
            return Verdict(by=self.name, why_not=str(error), retry=True)
        return Verdict(by=self.name, marks=marks, note=" ".join(notes))

    def _marks(self, question: Question, sentences: Sequence[str], own: str) -> tuple[Mark, ...]:
        if not sentences:
            return tuple(Mark(point.id, 0.0, SURENESS, "missing") for point in question.points)
        whole = "\n".join(sentences)
        said = _Said(tuple(sentences), self._embedder.embed(sentences), frozenset(wording(whole).stems), letters(whole))
        says = [point.says for point in question.points]
        near = np.round(said.vectors @ self._vectors_for(says).T, PLACES)
        shares = self._whole.shares(question.ask, says, own) if self._whole is not None else None
        return tuple(
            _mark(point.id, point.says, question.ask, said, near[:, n], None if shares is None else shares[n])
            for n, point in enumerate(question.points)
        )


def _mark(point: str, says: str, ask: str, said: _Said, near: Vectors, read: Numbers | None) -> Mark:
    """What the words of a point, and the reader's `read` of it, are worth; the point's own words need no reader."""
    best = int(near.argmax())
    nearest, sentence = float(near[best]), said.sentences[best]
    if nearest >= DENIED_FROM and turned(wording(sentence), wording(says)):
        return Mark(point, 0.0, round(SURENESS * nearest, 2), "wrong", sentence)
    credit = credit_of(nearest, _share(_stems(says), _stems(ask), said.stems), _share_of_letters(says, ask, said))
    if read is not None and nearest < DENIED_FROM:
        worth = float(read[MET] + read[PARTIAL] / 2)
        credit = round(math.sqrt(max(credit, LEAST_OF_WORDS) * worth), 2)
        if credit < PARTIAL_FROM and read[WRONG] > max(read[MISSING], worth):
            return Mark(point, 0.0, round(SURENESS * float(read[WRONG]), 2), "wrong", sentence)
    if credit < PARTIAL_FROM:
        return Mark(point, credit, round(SURENESS * (1 - credit), 2), "missing")
    return Mark(point, credit, round(SURENESS * credit, 2), standing(credit), sentence)


def credit_of(near: float, of_words: float, of_letters: float) -> float:
    """What these measures of a point (each in 0..1) are worth, in 0..1."""
    worth = NEAR * max(0.0, near) + WORDS * math.sqrt(of_words) + LETTERS * math.sqrt(of_letters) + CONSTANT
    return round(min(1.0, max(0.0, worth)), 2)


def letters(text: str) -> frozenset[str]:
    """The runs of four letters of a text: words that are misspelt or inflected share most of theirs."""
    plain = " ".join(words(text))
    return frozenset(plain[at : at + RUN] for at in range(len(plain) - RUN + 1))


def _stems(text: str) -> frozenset[str]:
    return frozenset(wording(text).stems)


def _share_of_letters(says: str, ask: str, said: _Said) -> float:
    return _share(letters(says), letters(ask), said.letters)


def _share(of: frozenset[str], asked: frozenset[str], used: frozenset[str]) -> float:
    """How much of what the point says, and the question does not, was used."""
    own = (of - asked) or of
    return len(own & used) / len(own) if own else 0.0
