"""The loop of an interview: hear, do, write, say. It decides nothing (core does) and touches nothing but its doors."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core import duties as d
from bot.core import events as e
from bot.core import plan
from bot.core.asking import Asking, Contribution
from bot.core.dialogue import owed, receive
from bot.core.marking import Question, Verdict, checked
from bot.core.records import rubric_hash
from bot.core.reply import Reply, Text
from bot.core.scene import Scene
from bot.core.session import Session, fold
from bot.core.speech import open_again, recap, speak
from bot.errors import CodeUnreadable, GraderUnavailable, IndexUnavailable, StoreError, WrongUsage
from bot.ports import Bank, CodeReader, Flow, Grader, Interviewer, Mouth, Retriever, Stands, Step, Store

#: Seconds that one process keeps the right to work on a session, and after which it renews it.
LEASE = 60.0
RENEW = 20.0
#: How many works the closing report names.
MOST_READING = 5
#: The kinds of reply that put a question before the candidate.
PUTTING = frozenset({"question", "follow_up", "repeat"})


@dataclass(frozen=True)
class Doors:
    """Everything that an interview reaches the world through."""

    store: Store
    bank: Bank
    interviewer: Interviewer
    grader: Grader
    retriever: Retriever
    code_reader: CodeReader
    holder: str
    #: Called once the first words are on screen, to load what the first answer will need.
    warm: Callable[[], None] = lambda: None


class Interview:
    """One sitting. `begin` or `resume` it, then `hear` each message; every call says all that it causes."""

    def __init__(
        self, session_id: str, doors: Doors, started: e.Started | None = None, flow: Flow | None = None
    ) -> None:
        self.session_id = session_id
        self._doors = doors
        self._started = started
        self._flow = flow
        self._session = Session()
        self._book: dict[str, Question] = {}
        self._noticed = False
        self._put = False
        self._renewal: asyncio.Task[None] | None = None
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

    @property
    def session(self) -> Session:
        """Where the interview stands."""
        return self._session

    @property
    def book(self) -> Mapping[str, Question]:
        """The questions as they were asked, by rubric hash."""
        return self._book

    async def begin(self, mouth: Mouth) -> None:
        """Opens a new sitting and asks its first question."""
        if self._started is None:
            raise RuntimeError("a sitting without a plan can only be resumed")
        await self._hold()
        await self._write([("start", self._started)])
        await self._work(mouth)
        self._doors.warm()

    async def resume(self, mouth: Mouth) -> None:
        """Goes on where the log stands: a recap, then whatever is owed, then what stands open once more."""
        await self._hold()
        store = self._doors.store
        self._session = fold(await store.load(self.session_id))
        self._book = await store.rubrics(self.session_id)
        started = self._session.started
        if self._flow is None and started is not None:
            with contextlib.suppress(WrongUsage):  # the flow is gone; its plan is in the log
                self._flow = self._doors.bank.flow(started.flow)
        await mouth.say(self._session.seq, recap(self._session, self._book))
        self._put = False
        await self._judge_late()
        await self._work(mouth)
        if not self._put:
            await mouth.say(self._session.seq, open_again(self._session, self._book))
        self._doors.warm()

    async def _judge_late(self) -> None:
        """Judges, in an interview that is over, what an outage kept from being judged; its report then says so."""
        if self._session.ended is None or not self._waiting():
            return
        events = [await self._graded(asking, part) for asking, part in self._waiting()]
        causes = [(f"late:{self._session.seq}:{event.part}", event) for event in events if not event.retry]
        if causes:
            await self._write([*causes, (f"late:{self._session.seq}:ended", self._session.ended)])

    async def hear(
        self,
        mouth: Mouth,
        message_id: str,
        text: str,
        code: str | None = None,
        kept: Callable[[], Awaitable[None]] | None = None,
    ) -> bool:
        """Writes the words down, says so through `kept`, then does all that they cause.

        False when a message of this id was heard before: nothing is done twice.
        """
        records = await self._write([(message_id, e.Heard(text, code))])
        if kept is not None:
            await kept()
        if not records:
            return False
        if self._session.ended is not None:
            await mouth.say(records[-1].seq, [self._over()])
            return True
        await self._work(mouth)
        return True

    def stands(self) -> Stands:
        """Where the sitting stands, for a status line and for what is owed."""
        session = self._session
        asking = session.addressed
        minutes, of = round(session.seconds / 60), len(session.started.plan) if session.started else 0
        if asking is None or session.ended is not None:
            return Stands("nothing", of=of, minutes=minutes)
        question = self._book[asking.rubric]
        return Stands(
            owes="code" if asking.awaits_program else "answer",
            question=asking.question,
            title=question.title,
            wording=asking.probing.wording if asking.probing else asking.wording,
            number=asking.number,
            of=of,
            hints=asking.hints,
            minutes=minutes,
            follow_up=asking.probing is not None,
            starter=question.starter or "",
        )

    async def close(self) -> None:
        """Gives the session back; another process may work on it from now on."""
        if self._renewal is not None:
            self._renewal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewal
            self._renewal = None
        await self._doors.store.release(self.session_id, self._doors.holder)

    async def _hold(self) -> None:
        await self._doors.store.lease(self.session_id, self._doors.holder, LEASE)
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            try:
                await self._doors.store.lease(self.session_id, self._doors.holder, LEASE)
            except StoreError as error:  # who took it over is told when the next word is written
                logging.getLogger(__name__).warning("the lease was not renewed: %s", error)

    async def _work(self, mouth: Mouth) -> None:
        """Does what is owed, writes it down and says it, until it is the candidate's turn."""
        while (duty := owed(self._session)) is not None:
            if isinstance(duty, d.Say):
                await self._say(mouth, duty)
                continue
            events = await self._duties[type(duty)](duty)
            causes = [(f"{duty.cause}#{n}", event) for n, event in enumerate(events)]
            if not await self._write(causes):
                raise RuntimeError(f"{duty.cause} was done before, and is owed still")
            await self._notice(mouth)

    async def _notice(self, mouth: Mouth) -> None:
        """Says once what does not work as it should: keyword search alone, say."""
        notice = None if self._noticed else self._doors.retriever.notice()
        if notice is not None:
            self._noticed = True
            await mouth.say(self._session.seq, [Reply("notice", (Text(notice),))])

    async def _write(self, events: Sequence[tuple[str, e.Event]]) -> list[e.Record]:
        asked = [event.rubric for _, event in events if isinstance(event, e.Asked)]
        rubrics = {key: self._book[key] for key in asked}
        records = await self._doors.store.append(self.session_id, self._session.seq, events, rubrics)
        self._session = fold(records, self._session)
        return records

    async def _say(self, mouth: Mouth, duty: d.Say) -> None:
        """Says what an event gives to say, and notes it: said at least once.

        A question is noted first where the mouth cannot drop duplicates: what stands open is repeated on a resume.
        """
        noted_first = mouth.once and isinstance(duty.event, e.Asked)
        replies = speak(self._session, self._book, duty.event)
        note = [(f"said:{duty.answers}", e.Said(duty.answers))]
        if noted_first:
            await self._write(note)
        self._put = self._put or any(reply.kind in PUTTING for reply in replies)
        if replies:
            await mouth.say(duty.answers, replies)
        if not noted_first:
            await self._write(note)

    def _over(self) -> Reply:
        return Reply("notice", (Text(Scene(self._session, self._book).say("over")),))

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
        return [await self._graded(asking, next(c for c in asking.contributions if c.seq == duty.part))]

    async def _graded(self, asking: Asking, contribution: Contribution) -> e.Graded:
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
        late = [await self._graded(asking, part) for asking, part in self._waiting()]
        reading = tuple(await self._reading())
        if session.stopping:
            return [*late, e.Ended("stopped", reading)]
        return [*late, e.Ended("time" if session.agenda else "finished", reading)]

    def _waiting(self) -> list[tuple[Asking, Contribution]]:
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
