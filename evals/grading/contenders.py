"""Who is measured: simple baselines, and the offline grader in each of its versions. It counts nothing.

Another version is one more `Offline` in `contenders`; what it is called there is what the tables call it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from bot.app.batch import ONCE_MORE
from bot.core.marking import Mark, Part, Standing, Verdict, checked, grade
from bot.core.question import Question
from bot.errors import GraderUnavailable
from bot.offline.segments import segments
from bot.offline.wording import wording
from bot.ports import Bank, Embedder, Grader, Passage
from evals.grading.cases import Case

if TYPE_CHECKING:
    from bot.app.batch import Batch
    from bot.knowledge.vectors import Recalling
    from bot.offline.whole_answer import WholeAnswers

#: How many texts are remembered until all are forgotten: a few answers' worth.
MOST_KNOWN = 400
Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
#: What each key point of a question is worth in an answer, in 0..1 or a little beyond.
Credits = Callable[[Question, str], Sequence[float]]
BOT = Path(__file__).resolve().parent.parent.parent / "bot"
#: What the two readings of an answer were taught; the reader's card holds the checksum of its weights.
SENTENCES = (BOT / "offline" / "grader_weights.json",)
WHOLE = (*SENTENCES, BOT / "offline" / "weighing.json", BOT / "knowledge" / "reader.json")


@dataclass(frozen=True)
class Outcome:
    """What a grader made of a case: the score, None where it was not graded, and of each key point its verdict and how
    sure it was. A baseline gives a score alone."""

    score: float | None
    marks: Sequence[tuple[str, Standing, float]] = ()


class Contender(Protocol):
    """One who judges. `version` tells apart what would judge otherwise; empty for what never changes."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def judge(self, case: Case) -> Outcome: ...


class Shared:
    """An embedder that embeds each text of an answer once, whichever of the contenders ask for it."""

    def __init__(self, embedder: Recalling) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `bot.ports.Embedder`."""
        if len(self._known) > MOST_KNOWN:
            self._known = {}
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.array([self._known[text] for text in texts], np.float32).reshape(len(texts), self.dimensions)


@dataclass(frozen=True)
class Baseline:
    """Gives each key point a share of its credit by a simple measure, and understands nothing.

    Scores are taken as they come: none is moved to where praise and blame would look better.
    """

    name: str
    credits: Credits
    version: str = ""

    def judge(self, case: Case) -> Outcome:
        """The score of the best rubric."""
        return Outcome(max(self._score(rubric, case.answer, case.about) for rubric in case.rubrics))

    def _score(self, question: Question, answer: str, about: str | None) -> float:
        credits = [min(1.0, max(0.0, credit)) for credit in self.credits(question, answer)]
        marks = tuple(Mark(p.id, credit, 0.0, "met") for p, credit in zip(question.points, credits, strict=True))
        if about is not None:
            return _credit(marks, about)
        return grade(question, [Part(answer, verdict=Verdict(self.name, marks))]).score or 0.0


def overlap(question: Question, answer: str) -> list[float]:
    """The share of each key point's words, those of the question left aside, that the answer uses."""
    used, asked = set(wording(answer).stems), set(wording(question.ask).stems)
    points = [set(wording(point.says).stems) for point in question.points]
    own = [(words - asked) or words for words in points]
    return [len(words & used) / len(words) if words else 0.0 for words in own]


def cosine(embedder: Embedder, vectors_for: Embed) -> Credits:
    """For every key point the same: the cosine of the whole answer with the reference."""

    def credits(question: Question, answer: str) -> list[float]:
        near = float(embedder.embed([answer])[0] @ vectors_for([question.reference])[0])
        return [near for _ in question.points]

    return credits


def alignment(embedder: Embedder, vectors_for: Embed) -> Credits:
    """The cosine of each key point with the sentence that is nearest to it."""

    def credits(question: Question, answer: str) -> list[float]:
        sentences = [segment.of(answer) for segment in segments(answer)]
        if not sentences:
            return [0.0 for _ in question.points]
        near = embedder.embed(sentences) @ vectors_for([point.says for point in question.points]).T
        return [float(value) for value in near.max(0)]

    return credits


class Offline:
    """A version of the offline grader: who judges by a question of the bank, and who by what came with an answer."""

    def __init__(
        self, name: str, of_bank: Grader, of_given: Grader, bank: Bank, embedder: Embedder, files: Sequence[Path]
    ) -> None:
        self.name = name
        digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
        self.version = f"{of_bank.name}, {of_given.name}, sha256 {digest}"
        self._of_bank = of_bank
        self._batch = _batch(bank, embedder, of_bank, of_given)

    def judge(self, case: Case) -> Outcome:
        """As an interview judges it, or as `viva grade` judges a line; an outage is no judgement, and ends it all."""
        return asyncio.run(self._of_lines(case) if case.lines else self._of_question(case))

    async def _of_question(self, case: Case) -> Outcome:
        question, part = case.rubrics[0], Part(case.answer, about=case.about)
        verdict = checked(await self._of_bank.grade(question, part), question, case.answer)
        self._refuse_outage(verdict.retry, case, verdict.why_not or "")
        score = grade(question, [Part(case.answer, verdict=verdict)]).score
        if case.about is not None and score is not None:
            score = _credit(verdict.marks, case.about)
        return Outcome(score, [(mark.point, mark.verdict, mark.confidence) for mark in verdict.marks])

    async def _of_lines(self, case: Case) -> Outcome:
        """The best of the lines: a right answer need not be that of every reference."""
        judged = [(await self._batch.judged(json.dumps(line).encode())).data for line in case.lines]
        for one in judged:
            self._refuse_outage(ONCE_MORE in one["why_not"], case, one["why_not"])
        scores = [one["score"] for one in judged if one["graded"]]
        return Outcome(max(scores) if scores else None)

    def _refuse_outage(self, out: bool, case: Case, why: str) -> None:
        if out:
            raise GraderUnavailable(f"{self.name} could not judge the answer {case.id}: {why}")


def _credit(marks: Sequence[Mark], point: str) -> float:
    return next(mark.credit for mark in marks if mark.point == point)


def _batch(bank: Bank, embedder: Embedder, of_bank: Grader, of_given: Grader) -> Batch:
    """What `viva grade` judges a line with, for lines that bring along what they are judged by."""
    from bot.app.batch import Batch, Judges
    from bot.knowledge.rubrics import Rubrics
    from bot.lab.syntax.reading import LimitedReader

    async def no_search(text: str, k: int) -> Sequence[Passage]:
        return ()

    return Batch(Rubrics(bank, no_search, embedder), Judges(of_bank, of_given, None, LimitedReader()))


def contenders(bank: Bank, embedder: Recalling, whole: WholeAnswers | None = None) -> tuple[Contender, ...]:
    """Everybody who is measured, in the order of the tables' rows; the last one is who judges today."""
    from bot.offline.grader import OfflineGrader
    from bot.offline.references import ReferenceGrader

    shared, vectors_for = Shared(embedder), embedder.vectors_for
    of_given = ReferenceGrader(shared, vectors_for)
    baselines = (
        Baseline("word overlap", overlap),
        Baseline("cosine", cosine(shared, vectors_for)),
        Baseline("alignment", alignment(shared, vectors_for)),
    )
    first = Offline("offline 1", OfflineGrader(shared, vectors_for), of_given, bank, shared, SENTENCES)
    if whole is None:
        return (*baselines, first)
    reading = OfflineGrader(shared, vectors_for, whole=whole)
    of_given = ReferenceGrader(shared, vectors_for, whole)
    return (*baselines, first, Offline(f"offline {whole.version}", reading, of_given, bank, shared, WHOLE))
