"""The grader that needs no key and no network: compares sentences with what earns and what contradicts each key point,
and weighs that with a reading of the whole answer where a reader is given.

What a question lets one find exactly, a number or a pick, goes before it (exact/). It adds nothing up (core/marking.py
does) and holds no fitted number (readings.py and weighing.py load them).
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bot.core.marking import MET_FROM, PARTIAL_FROM, Belief, Mark, Part, Verdict, standing
from bot.core.question import Point, Question
from bot.core.records import rubric_hash
from bot.errors import VivaError
from bot.offline import gates
from bot.offline.code_marks import code_beliefs, code_marks
from bot.offline.evidence import MOST_SENTENCES, evidence, further, own_words
from bot.offline.exact import Finds, exact_finds
from bot.offline.exact.items import named_items
from bot.offline.margins import Standard, Vectors
from bot.offline.merging import blank, merged
from bot.offline.pieces import Piece, takes_items, whole
from bot.offline.readings import Weights, shipped_weights
from bot.offline.segments import with_subject
from bot.offline.statement_words import Numbers
from bot.offline.weighing import standing_of
from bot.offline.whole_answer import Sentences, Weighed, WholeAnswers, terse
from bot.offline.wording import denies, wording
from bot.ports import Embedder
from bot.ports.reading import STANDINGS

MOST_CHARACTERS = 20_000
LOW_PRIORITY = 10
#: Nearness to anything written for a question below which a sentence is beyond its key points.
BEYOND_BELOW = 0.4
BEYOND_WORDS = 4
#: A text of so many pieces, of which no larger share comes that near, is about something else: of it only what does
#: come near is heard, and it is not read whole, as in each stretch of it the reader may find something. Of pasted pages
#: on other things .00 to .11 comes near, of three right answers in odd words in a row .12 and more in 19 of 20 cases.
LONG_PIECES, LEAST_NEAR = 20, 0.12
#: Nearness from which a piece may show a named misconception.
BELIEVED_FROM = 0.65
AGAINST_FROM = 0.6
#: A met point that another sentence contradicts this surely is partly met at most.
CONTRADICTED_FROM = 0.7
MOST_WHEN_CONTRADICTED = 0.6
#: What would be partly met earns nothing when it is contradicted this surely, and more surely than said.
RATHER_WRONG_FROM = 0.5
DRAFT_SURENESS = 0.7
#: What a candidate did themselves may be thin or vague; it is not wrong.
OWN_WORK = frozenset({"experience", "pitch"})

NO_ENCODER = "The encoder that compares sentences is not available on this machine; viva doctor says how to get it."
TOO_LITTLE = "There is too little in it to judge."
NOT_ENGLISH = "It does not seem to be in English, the only language that this grader can judge."


@dataclass(frozen=True)
class _Read:
    """What was read in an answer: its pieces, and for each piece and point how likely it is said or contradicted.

    `weighed` says of the points that were read in the whole answer how they stand, by the point's place.
    """

    text: str
    pieces: tuple[Piece, ...]
    vectors: Vectors
    said: Numbers
    contradicted: Numbers
    weighed: Mapping[int, Weighed] = field(default_factory=dict)
    unread: bool = False

    def quote(self, piece: int) -> str:
        """The candidate's words."""
        return self.pieces[piece].span.of(self.text)


def _yield_to_others() -> None:
    """Lowers the priority of this thread alone, where the system knows priorities of threads (Linux)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)


class OfflineGrader:
    """Implements bot.ports.Grader. The same part gets the same verdict, whatever stands beside it.

    One that is `yielding` gives way to the other threads of its process, which have people to answer.
    """

    def __init__(
        self,
        embedder: Embedder | None,
        vectors_for: Callable[[Sequence[str]], Vectors] | None = None,
        weights: Weights | None = None,
        yielding: bool = False,
        whole: WholeAnswers | None = None,
    ) -> None:
        self._whole = whole
        self._embedder = embedder
        self._vectors_for = vectors_for
        self._weights = weights or shipped_weights()
        self._standards: dict[str, Standard] = {}
        begins = _yield_to_others if yielding else None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="grader", initializer=begins)
        self.name = f"offline {whole.version if whole else self._weights.version}"

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """One mark per key point, read in the worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self.judge, question, part, facts)

    def judge(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """The same in the thread of the caller."""
        if question.kind == "code" and facts is not None:
            marks = code_marks(question, part.text, facts)
            return Verdict(by=self.name, marks=marks, misconceptions=code_beliefs(question, marks))
        text, note = part.text, ""
        if len(text) > MOST_CHARACTERS:
            text, note = text[:MOST_CHARACTERS], f"Only the first {MOST_CHARACTERS:,} characters were judged."
        part = replace(part, text=text)
        finds = exact_finds(question, replace(part, text=own_words(question, part)))
        if why_not := _unreadable(question, part, finds):
            return Verdict(by=self.name, why_not=why_not)
        try:
            return self._compare(question, part, finds, note)
        except VivaError as error:
            return Verdict(by=self.name, why_not=str(error), retry=True)

    def _compare(self, question: Question, part: Part, finds: Finds, note: str) -> Verdict:
        if self._embedder is None and all(point.exact for point in question.points):
            marks = tuple(merged(point, blank(point), finds) for point in question.points if not point.measured)
            return Verdict(by=self.name, marks=marks, misconceptions=finds.beliefs, note=finds.note)
        if self._embedder is None:
            return Verdict(by=self.name, why_not=NO_ENCODER, retry=True)
        standard = self._standard(question)
        read = self._read_part(standard, question, part)
        if read.unread:
            note = f"Only the first {MOST_SENTENCES} sentences were judged."
        if (rest := _near_alone(standard, read)) is not None:
            read = rest
        elif self._whole is not None and read.pieces:
            weighed = self._whole.weighed(question, part, own_words(question, part), _said_by(read, standard))
            read = replace(read, weighed=weighed)
        finds = finds.beside(named_items(question, [p.span.of(read.text) for p in read.pieces if p.item]))
        beliefs = {b.id: b for b in (*_beliefs(question, standard, read), *finds.beliefs)}
        return Verdict(
            by=self.name,
            marks=tuple(
                self._mark(question, i, read, standard.draft[i], finds)
                for i, point in enumerate(question.points)
                if not point.measured
            ),
            misconceptions=tuple(beliefs.values()),
            beyond=_beyond(standard, read),
            note=" ".join(filter(None, [note, finds.note, _draft_note(question, standard)])),
        )

    def measured(self, question: Question, part: Part) -> Mapping[int, Numbers]:
        """What both readings make of a part, by the place of the point; for fitting. See WholeAnswers.measured."""
        assert self._whole is not None
        standard = self._standard(question)
        read = self._read_part(standard, question, part)
        if not read.pieces:
            return {}
        return self._whole.measured(question, part, own_words(question, part), _said_by(read, standard))

    def _read_part(self, standard: Standard, question: Question, part: Part) -> _Read:
        """The sentences and whatever else of a part is read by itself."""
        found = evidence(question, part)
        pieces = whole(question, part.text, found[:MOST_SENTENCES])
        read = self._read(standard, part.text, (*pieces, *further(question, part)))
        read = replace(read, unread=len(found) > MOST_SENTENCES)
        return read if part.about is None else self._read_reply(standard, question, part, read)

    def _standard(self, question: Question) -> Standard:
        key = rubric_hash(question)
        if key not in self._standards:
            assert self._embedder is not None
            self._standards[key] = Standard(question, self._vectors_for or self._embedder.embed)
        return self._standards[key]

    def _read(self, standard: Standard, text: str, pieces: tuple[Piece, ...]) -> _Read:
        assert self._embedder is not None
        words = [piece.reads for piece in pieces]
        vectors = self._embedder.embed(words) if words else np.zeros((0, self._embedder.dimensions), np.float32)
        said, contradicted = self._probabilities(standard, words, vectors)
        contradicted[[n for n, piece in enumerate(pieces) if piece.mute]] = 0.0  # a bare name denies nothing
        return _Read(text, pieces, vectors, said, contradicted)

    def _probabilities(self, standard: Standard, words: Sequence[str], vectors: Vectors) -> tuple[Numbers, Numbers]:
        """How likely each piece says each point, and contradicts it."""
        if not words:
            nothing = np.zeros((0, len(standard.draft)))
            return nothing, nothing
        measures = standard.measure(words, vectors)
        said, contradicted = self._weights.said.of(measures), self._weights.contradicted.of(measures)
        if any(standard.draft):
            by_says = self._weights.draft_said.of(standard.measure_draft(words, vectors))
            said = np.where(standard.draft, by_says, said)
            contradicted = np.where(standard.draft, 0.0, contradicted)
        return said, contradicted

    def _read_reply(self, standard: Standard, question: Question, part: Part, read: _Read) -> _Read:
        """Adds a reading of a short reply to a follow-up with its subject put back, for the point it was asked about.

        The follow-up's own words are left out: they are near to the point themselves, and would earn it for any reply.
        """
        index = next((i for i, p in enumerate(question.points) if p.id == part.about), None)
        if index is None or not read.pieces or not terse(part):
            return read
        assert self._embedder is not None
        words = [with_subject(part.text.strip(), question.title)]
        more_said, more_contradicted = self._probabilities(standard, words, self._embedder.embed(words))
        said, contradicted = read.said.copy(), read.contradicted.copy()
        said[0, index] = max(said[0, index], more_said[0, index])
        contradicted[0, index] = max(contradicted[0, index], more_contradicted[0, index])
        return replace(read, said=said, contradicted=contradicted)

    def _mark(self, question: Question, index: int, read: _Read, draft: bool, finds: Finds) -> Mark:
        """What the sentences say of a point, unless more was found exactly, or it can only be found so."""
        point = question.points[index]
        by_words = blank(point) if point.exact and draft else self._by_words(point, index, read, draft)
        said = read.said[:, index].max() if len(read.pieces) else 0.0
        if question.kind in OWN_WORK and by_words.verdict == "wrong":
            by_words = blank(point)
        return merged(point, by_words, finds, float(said))

    def _by_words(self, point: Point, index: int, read: _Read, draft: bool) -> Mark:
        if not read.pieces:
            return blank(point)
        by_sentences = self._by_sentences(point.id, index, read, draft)
        if index not in read.weighed:
            return by_sentences
        weighed = _by_both(point, index, read, read.weighed[index])
        # Of a draft the sentences know nothing but its own words; who says these, and does not deny them, has said it.
        return by_sentences if draft and by_sentences.credit >= max(MET_FROM, weighed.credit) else weighed

    def _by_sentences(self, point: str, index: int, read: _Read, draft: bool) -> Mark:
        best, worst = int(read.said[:, index].argmax()), int(read.contradicted[:, index].argmax())
        said, contradicted = float(read.said[best, index]), float(read.contradicted[worst, index])
        credit = self._weights.credit_of(said, draft)
        if credit >= MET_FROM and contradicted >= CONTRADICTED_FROM and worst != best:
            credit = MOST_WHEN_CONTRADICTED
        elif credit < MET_FROM and contradicted >= RATHER_WRONG_FROM and contradicted > said:
            credit = 0.0
        if credit < PARTIAL_FROM and contradicted >= self._weights.wrong_from:
            return Mark(point, 0.0, _sure(contradicted, draft), "wrong", read.quote(worst))
        if credit >= PARTIAL_FROM:
            return Mark(point, credit, _sure(said, draft), standing(credit), read.quote(best))
        return Mark(point, credit, _sure(1.0 - said, draft), "missing")


def _by_both(point: Point, index: int, read: _Read, weighed: Weighed) -> Mark:
    """What both readings together make of a point, with the sentence that says it or contradicts it."""
    credit = weighed.credit
    best, worst = int(read.said[:, index].argmax()), int(read.contradicted[:, index].argmax())
    if credit >= MET_FROM and float(read.contradicted[worst, index]) >= CONTRADICTED_FROM and worst != best:
        credit = MOST_WHEN_CONTRADICTED
    verdict = standing_of(weighed.chances, credit)
    sure = round(weighed.chances[STANDINGS.index(verdict)], 2)
    if verdict == "missing":
        return Mark(point.id, credit, sure, verdict)
    if verdict == "wrong":
        return Mark(point.id, 0.0, sure, verdict, read.quote(worst))
    return Mark(point.id, credit, sure, verdict, read.quote(best))


def _near_alone(standard: Standard, read: _Read) -> _Read | None:
    """What is heard of a long text about something else; None of any other."""
    if len(read.pieces) < LONG_PIECES:
        return None
    near = standard.nearest(read.vectors) >= BEYOND_BELOW
    if near.mean() >= LEAST_NEAR:
        return None
    return replace(read, said=read.said * near[:, None], contradicted=read.contradicted * near[:, None])


def _said_by(read: _Read, standard: Standard) -> Sentences:
    return Sentences(read.said.max(axis=0), read.contradicted.max(axis=0), standard.draft)


def _unreadable(question: Question, part: Part, finds: Finds) -> str | None:
    """Why nothing can be judged whatever the question is, or None."""
    if gates.foreign(part.text):
        return NOT_ENGLISH
    least = 1 if part.about or takes_items(question) else gates.LEAST_CONTENT_WORDS
    return TOO_LITTLE if not finds.heard and gates.too_little(part.text, least) else None


def _beliefs(question: Question, standard: Standard, read: _Read) -> tuple[Belief, ...]:
    """The named misconceptions that were voiced: each piece shows the one that it is nearest to, or none.

    It must say it in the same sense, and contradict one of its points.
    """
    found: dict[str, Belief] = {}
    near = standard.beliefs(read.vectors)
    index = {p.id: i for i, p in enumerate(question.points)}
    for n in [i for i, piece in enumerate(read.pieces) if question.misconceptions and not piece.mute]:
        belief = question.misconceptions[int(near[n].argmax())]
        points = [index[p] for p in belief.points if p in index]
        against = any(read.contradicted[n, i] >= max(AGAINST_FROM, read.said[n, i]) for i in points)
        same_sense = not denies(wording(read.quote(n)), wording(belief.believes))
        if near[n].max() >= BELIEVED_FROM and against and same_sense and belief.id not in found:
            found[belief.id] = Belief(belief.id, read.quote(n))
    return tuple(found.values())


def _beyond(standard: Standard, read: _Read) -> tuple[str, ...]:
    """Whole sentences of some length that are near to nothing written for the question."""
    if not read.pieces:
        return ()
    near = standard.nearest(read.vectors)
    said = [(p.span.of(read.text), n) for p, n in zip(read.pieces, near, strict=True) if not p.extra]
    return tuple(words for words, n in said if n < BEYOND_BELOW and len(wording(words).stems) >= BEYOND_WORDS)


def _draft_note(question: Question, standard: Standard) -> str:
    drafts = [draft for point, draft in zip(question.points, standard.draft, strict=True) if not point.exact]
    if drafts and all(drafts):
        return "This question is a draft without example statements; it was judged less surely, by its key points."
    if any(drafts):
        return "Some key points of this question have no example statements yet and were judged less surely."
    return ""


def _sure(probability: float, draft: bool) -> float:
    return round(float(probability) * (DRAFT_SURENESS if draft else 1.0), 2)
