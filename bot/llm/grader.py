"""The grader that asks a language model: one call an answer, checked by code, beside the offline grader's reading.

What it cannot settle is not graded, or graded offline, as the owner chose; nothing is guessed. It adds nothing up
(core/marking.py does), and its credits have three steps.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NoReturn, Protocol, TypeVar

from pydantic import BaseModel

from bot.core.made import Made
from bot.core.marking import Mark, Part, Verdict
from bot.core.question import Point, Question
from bot.errors import IndexUnavailable
from bot.llm.asking_to_grade import GradingCall, grading_call, judged_of, quotations
from bot.llm.chat import Filled
from bot.llm.checking import Checked, Reading, checked, finds_anything
from bot.llm.faults import Kind, ModelFault
from bot.llm.prompts import Prompt
from bot.llm.shapes import AnswerRead, ClaimsRead, Said
from bot.llm.usage import Tally
from bot.ports import Grader, Passage

Shape = TypeVar("Shape", bound=BaseModel)
#: Seconds for everything that one answer is asked about.
PATIENCE = 20.0
#: Tokens that a reply may take: a line for each point, with its quotation.
MOST_REPLY = 1_200
CREDITS: Mapping[Said, float] = {"met": 1.0, "partial": 0.5, "missing": 0.0, "wrong": 0.0}
#: Two readings of a point that lie further apart than this (in credit) are settled by the quotation alone.
BAND = 0.5
#: How sure a mark is: both readings agree; the quotation alone decided; it could not.
AGREED, SETTLED, UNSURE = 0.9, 0.7, 0.3
#: After so many replies in a row that cannot be used, it is said that this model cannot grade.
MOST_UNUSABLE = 5
#: What the words of an answer can bring about by themselves, each time anew: nobody escapes a mark by them.
BY_WORDS = frozenset({Kind.CREDULOUS, Kind.FILTERED, Kind.REFUSED, Kind.TOO_LONG})
#: What a second call replies by which nothing is settled: no outage, nor what an answer's own words may aim at.
UNSETTLED = frozenset({Kind.UNREADABLE, Kind.EMPTY, Kind.TRUNCATED})
#: What a model fails in at one answer, and may at no other: it replied, or was kept from it by the words.
AT_THIS_ONE = BY_WORDS | {Kind.UNREADABLE, Kind.EMPTY, Kind.TRUNCATED, Kind.UNFOUNDED}
CUT = "Only the first {length:,} characters were judged."
INSTEAD = "{fault} So the offline grader judged this answer."


class Model(Protocol):
    """What fills in a form; see `bot.llm.chat.LangChainModel`."""

    name: str

    async def fill(
        self,
        system: str,
        user: str,
        shape: type[Shape],
        seconds: float,
        most_tokens: int,
        tally: Tally | None = None,
        patience: float | None = None,
    ) -> Filled[Shape]: ...

    def fault(self, kind: Kind, **more: Any) -> ModelFault: ...


@dataclass(frozen=True)
class Beside:
    """What a model's reading is held against, and helped by: the offline grader, the index, what is no evidence."""

    offline: Grader
    reference: Callable[[str], Awaitable[Passage | None]]
    pleads: Callable[[str], bool]


@dataclass
class Work:
    """The judging of one answer: until when, and what went into it so far."""

    end: float
    tally: Tally = field(default_factory=Tally)
    prompts: dict[str, str] = field(default_factory=dict)
    passages: tuple[str, ...] = ()

    def made(self, model: str) -> Made | None:
        return self.tally.made(model, [f"{act} {mark}" for act, mark in self.prompts.items()], self.passages)


class ModelGrader:
    """Implements bot.ports.Grader."""

    def __init__(
        self,
        model: Model,
        prompts: Mapping[str, Prompt],
        beside: Beside,
        on_failure: Literal["wait", "offline"] = "wait",
        patience: float = PATIENCE,
        fence: Callable[[], str] = lambda: f"answer-{secrets.token_hex(4)}",
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._beside = beside
        self._on_failure = on_failure
        self._patience = patience
        self._fence = fence
        self._unusable = 0
        self.name = f"{model.name} ({prompts['grade'].act} {prompts['grade'].mark})"

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """One mark per key point. What is found exactly, a number or in a program, needs no model."""
        by_words = [p for p in question.points if not p.exact]
        offline = await self._beside.offline.grade(question, part, facts)
        some_exact = any(p.exact and not p.measured for p in question.points)
        alone = offline.judged or (offline.retry and not some_exact)  # what is exact, the offline grader alone finds
        if facts is not None or not by_words or not alone:
            return offline
        work = Work(asyncio.get_running_loop().time() + self._patience)
        try:
            verdict = await self._judged(question, part, by_words, offline, work)
        except ModelFault as fault:
            verdict = self._failed(fault, offline)
        return replace(verdict, made=work.made(self._model.name))

    async def _judged(
        self, question: Question, part: Part, points: Sequence[Point], offline: Verdict, work: Work
    ) -> Verdict:
        text = judged_of(part.text)
        note = CUT.format(length=len(text)) if text != part.text else ""
        passage = await self._passage(question, work)
        read = await self._read(question, points, text, passage, work)
        if read.open:  # once more, by themselves
            more = await self._read(question, read.open, text, passage, work)
            pleaded = read.pleaded or more.pleaded
            read = replace(read, readings={**read.readings, **more.readings}, pleaded=pleaded)
        if any(point.id not in read.readings for point in points):
            if read.pleaded:
                raise self._model.fault(Kind.CREDULOUS)
            self._cannot_be_used()
        self._unusable = 0
        marks = await self._settled(points, read.readings, offline, work)
        exact = [mark for mark in offline.marks if mark.point not in read.readings]
        return Verdict(self.name, (*marks, *exact), read.beliefs, offline.beyond, note=note)

    async def _read(self, question: Question, points: Sequence[Point], text: str, passage: str, work: Work) -> Checked:
        call = grading_call(self._prompts["grade"], question, points, text, passage, self._fence())
        reply = await self._filled(call, work)
        return checked(reply, question, points, text, self._beside.pleads)

    async def _filled(self, call: GradingCall, work: Work) -> AnswerRead:
        try:
            reply = (await self._fill("grade", (call.system, call.user), AnswerRead, work)).value
        except ModelFault as fault:
            if fault.kind in (Kind.UNREADABLE, Kind.EMPTY, Kind.TRUNCATED):
                self._cannot_be_used(fault)
            raise
        if finds_anything(reply, call.control):  # the candidate's doing may be: it counts nothing against the model
            raise self._model.fault(Kind.CREDULOUS)
        return reply

    async def _settled(
        self, points: Sequence[Point], readings: Mapping[str, Reading], offline: Verdict, work: Work
    ) -> tuple[Mark, ...]:
        """Marks by both readings: where they lie apart, the words that one of them rests on are judged alone."""
        other = {mark.point: mark for mark in offline.marks}
        apart = {p.id: words for p in points if (words := _in_dispute(readings[p.id], other.get(p.id))) is not None}
        alone = await self._alone([p for p in points if p.id in apart], apart, work) if apart else {}
        return tuple(_mark(p, readings[p.id], other.get(p.id), alone.get(p.id), apart.get(p.id)) for p in points)

    async def _alone(self, points: Sequence[Point], words: Mapping[str, str], work: Work) -> Mapping[str, str]:
        """What quotations say, each held by itself against its key point; none that the reply leaves open is there."""
        messages = self._prompts["settle"].filled(claims=quotations([(p, words[p.id]) for p in points]))
        try:
            reply = (await self._fill("settle", messages, ClaimsRead, work)).value
        except ModelFault as fault:
            if fault.kind not in UNSETTLED:
                raise
            return {}
        said = {(claim.id, claim.verdict) for claim in reply.claims}
        times = Counter(point for point, _ in said)
        return {point: verdict for point, verdict in said if times[point] == 1}

    async def _fill(self, act: str, messages: tuple[str, str], shape: type[Shape], work: Work) -> Filled[Shape]:
        left = work.end - asyncio.get_running_loop().time()
        if left <= 0:
            raise self._model.fault(Kind.SLOW, seconds=self._patience)
        try:
            work.prompts[act] = self._prompts[act].mark
            return await self._model.fill(*messages, shape, left, MOST_REPLY, work.tally, self._patience)
        except ModelFault as fault:
            if fault.kind is not Kind.SLOW:
                raise
            raise self._model.fault(Kind.SLOW, seconds=self._patience) from fault  # in all, not in what was left

    async def _passage(self, question: Question, work: Work) -> str:
        """The reference as the index has it; without it, the key points must do."""
        try:
            passage = await self._beside.reference(question.id)
        except IndexUnavailable:
            passage = None
        if passage is None:
            return question.reference
        work.passages = (passage.id,)
        return passage.text

    def _cannot_be_used(self, fault: ModelFault | None = None) -> NoReturn:
        self._unusable += 1
        if self._unusable >= MOST_UNUSABLE:
            raise self._model.fault(Kind.UNFIT, times=self._unusable)
        raise fault or self._model.fault(Kind.UNFOUNDED)

    def _failed(self, fault: ModelFault, offline: Verdict) -> Verdict:
        """What the owner chose. What an answer's own words bring about is no outage."""
        if offline.judged and (self._on_failure == "offline" or fault.kind in BY_WORDS):
            return replace(offline, note=" ".join(filter(None, [INSTEAD.format(fault=fault), offline.note])))
        only_this = fault.kind in AT_THIS_ONE
        return Verdict(by=self.name, why_not=str(fault), retry=True, only_this=only_this)


def _in_dispute(reading: Reading, other: Mark | None) -> str | None:
    """The words that decide between two readings which lie apart; None where they do not."""
    if other is None or abs(CREDITS[reading.verdict] - other.credit) <= BAND:
        return None
    return reading.quote or other.evidence


def _mark(point: Point, reading: Reading, other: Mark | None, alone: str | None, words: str | None) -> Mark:
    if words is None:
        return Mark(point.id, CREDITS[reading.verdict], AGREED if other else SETTLED, reading.verdict, reading.quote)
    verdicts: Mapping[str, Said] = {"says": "met", "half": "partial", "contradicts": "wrong", "no": "missing"}
    if alone is None:
        return Mark(point.id, CREDITS["partial"], UNSURE, "partial", words, unsure=True)
    verdict = verdicts[alone]
    if verdict == "missing":
        return Mark(point.id, 0.0, SETTLED, "missing")
    return Mark(point.id, CREDITS[verdict], SETTLED, verdict, words)
