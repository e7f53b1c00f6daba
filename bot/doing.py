"""Does one duty through its door and says, as events, what happened. It writes nothing down and says nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.core import duties as d
from bot.core import events as e
from bot.core import plan
from bot.core.asking import Asking, Contribution
from bot.core.dialogue import receive
from bot.core.flow import Flow, Step
from bot.core.marking import Verdict, checked
from bot.core.question import Question
from bot.core.records import rubric_hash
from bot.core.scene import Scene
from bot.core.session import Session
from bot.errors import CodeUnreadable, GraderUnavailable, IndexUnavailable, WrongUsage
from bot.ports import Doors

#: How many works the closing report names.
MOST_READING = 5


class Doing:
    """What can be done where a session stands. A question that is put is entered in `book` under its rubric's hash."""

    def __init__(self, doors: Doors, session: Session, book: dict[str, Question], flow: Flow | None) -> None:
        self._doors = doors
        self._session = session
        self._book = book
        self._flow = flow
        self._duties: Mapping[type[d.Duty], Callable[[Any], Awaitable[Sequence[e.Event]]]] = {
            d.Read: self._read,
            d.Inspect: self._inspect,
            d.Judge: self._judge,
            d.Clarify: self._clarify,
            d.Consider: self._consider,
            d.Settle: self._settle,
            d.Ask: self._ask,
            d.Return: self._return,
            d.Finish: self._finish,
        }

    async def do(self, duty: d.Duty) -> Sequence[e.Event]:
        """Does the duty; what came of it."""
        return await self._duties[type(duty)](duty)

    async def _read(self, duty: d.Read) -> Sequence[e.Event]:
        act = self._doors.interviewer.read(self._session, duty.heard.text, duty.heard.code)
        return receive(self._session, duty.answers, act)

    async def _inspect(self, duty: d.Inspect) -> Sequence[e.Event]:
        try:
            facts = await self._doors.code_reader.facts(duty.code)
        except CodeUnreadable as error:
            return [e.Inspected(duty.question, duty.answers, problem=str(error))]
        return [e.Inspected(duty.question, duty.answers, facts)]

    async def _judge(self, duty: d.Judge) -> Sequence[e.Event]:
        asking = self._session.askings[duty.question]
        return [await self.graded(asking, next(c for c in asking.contributions if c.seq == duty.part))]

    async def graded(self, asking: Asking, contribution: Contribution) -> e.Graded:
        """What the grader finds in one contribution; an outage is a verdict that says so."""
        verdict = await self._verdict(self._book[asking.rubric], contribution)
        return e.Graded(
            asking.question,
            contribution.seq,
            verdict.by,
            verdict.marks,
            verdict.misconceptions,
            verdict.beyond,
            verdict.why_not,
            verdict.retry,
            verdict.note,
        )

    async def _verdict(self, question: Question, contribution: Contribution) -> Verdict:
        grader = self._doors.grader
        try:
            verdict = await grader.grade(question, contribution.part, contribution.facts)
        except GraderUnavailable as error:
            return Verdict(by=grader.name, why_not=str(error), retry=True)
        return checked(verdict, question, contribution.part.text)

    async def _clarify(self, duty: d.Clarify) -> Sequence[e.Event]:
        asking = self._session.current
        title = self._book[asking.rubric].title.casefold().split() if asking else []
        if title and set(duty.term.casefold().split()) <= set(title):
            return [e.Clarified(duty.answers, duty.term, subject=True)]
        unshown = {a.question for a in self._session.askings.values() if not a.shown}
        try:
            passage = await self._doors.retriever.explain(duty.term, frozenset({*self._session.agenda, *unshown}))
            known = passage or await self._doors.retriever.explain(duty.term, frozenset())
        except IndexUnavailable:
            passage = known = None
        if passage is None:  # what would answer a question of this interview is not explained in it
            return [e.Clarified(duty.answers, duty.term, subject=known is not None)]
        return [e.Clarified(duty.answers, duty.term, passage.text, passage.sources)]

    async def _consider(self, duty: d.Consider) -> Sequence[e.Event]:
        asking = self._session.askings[duty.question]
        question = self._book[asking.rubric]
        if asking.unjudged:
            wording = Scene(self._session, self._book).say("again")
            return [e.FollowedUp(asking.question, "", "again", wording)]
        follow_up = self._doors.interviewer.probe(asking, question, asking.grade(question))
        if follow_up is None:
            return [await self._settled(asking)]
        return [e.FollowedUp(asking.question, follow_up.point, follow_up.when, follow_up.ask)]

    async def _settle(self, duty: d.Settle) -> Sequence[e.Event]:
        return [await self._settled(self._session.askings[duty.question])]

    async def _settled(self, asking: Asking) -> e.Settled:
        if not self._unchanged(asking):  # the bank has moved on: what was asked is in the log
            asked = self._book[asking.rubric]
            return e.Settled(asking.question, asked.reference, asked.sources)
        try:
            passage = await self._doors.retriever.reference(asking.question)
        except IndexUnavailable:
            passage = None
        if passage is None:
            return e.Settled(asking.question)
        return e.Settled(asking.question, passage.text, passage.sources)

    def _unchanged(self, asking: Asking) -> bool:
        """True while the bank holds the question just as it was asked."""
        try:
            return rubric_hash(self._doors.bank.question(asking.question)) == asking.rubric
        except WrongUsage:
            return False

    async def _ask(self, duty: d.Ask) -> Sequence[e.Event]:
        facts = self._session.facts
        step = self._step(duty.slot)
        question = self._held(plan.instead(duty.slot, step.instead, facts)) or self._held(duty.slot)
        if question is None:
            return [e.Dropped(duty.slot)]
        rubric = rubric_hash(question)
        self._book[rubric] = question
        number = len(self._session.askings) + 1
        code = question.kind == "code"
        transition = step.transition if number > 1 else ""
        return [e.Asked(question.id, rubric, plan.wording(question, facts), number, transition, code)]

    def _held(self, question_id: str) -> Question | None:
        try:
            return self._doors.bank.question(question_id)
        except WrongUsage:
            return None

    def _step(self, slot: str) -> Step:
        steps = self._flow.steps if self._flow else ()
        return next((step for step in steps if step.question == slot), Step(slot))

    async def _return(self, duty: d.Return) -> Sequence[e.Event]:
        return [e.Returned(duty.question)]

    async def _finish(self, duty: d.Finish) -> Sequence[e.Event]:
        session = self._session
        late = [await self.graded(asking, part) for asking, part in self.waiting()]
        reading = tuple(await self._reading())
        if session.stopping:
            return [*late, e.Ended("stopped", reading)]
        return [*late, e.Ended("time" if session.agenda else "finished", reading)]

    def waiting(self) -> list[tuple[Asking, Contribution]]:
        """What an outage kept from being judged, all over the interview."""
        every = [(asking, part) for asking in self._session.in_order for part in asking.judged]
        return [(a, c) for a, c in every if c.part.verdict is not None and c.part.verdict.retry]

    async def _reading(self) -> Sequence[tuple[str, str]]:
        """What to read next: the works on what went least well."""
        scores = {a.question: a.grade(self._book[a.rubric]).score or 0.0 for a in self._session.in_order}
        weak = sorted((question for question in scores if scores[question] < 0.8), key=lambda q: scores[q])
        try:
            works = await self._doors.retriever.reading(weak)
        except IndexUnavailable:
            return ()
        return list(works)[:MOST_READING]
