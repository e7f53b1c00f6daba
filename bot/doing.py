"""Does one duty through its door and says, as events, what happened. It writes nothing down and says nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core import clock, plan, recall
from bot.core import duties as d
from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.dialogue import MOST_FOLLOW_UPS, receive
from bot.core.flow import Flow
from bot.core.marking import Verdict, checked
from bot.core.objecting import Objection
from bot.core.posing import pose
from bot.core.question import Question
from bot.core.questioning import about_bugs, at_the_end
from bot.core.quoting import shortened
from bot.core.records import rubric_hash
from bot.core.scene import Scene
from bot.core.session import Held, Session
from bot.errors import CodeUnreadable, GraderUnavailable, IndexUnavailable, WrongUsage
from bot.patience import Patience
from bot.ports import Doors
from bot.rereading import Rereading
from bot.running import Running

#: Why an answer was not judged whose candidate did not wait for it.
ENDED_BEFORE = "You ended the interview before this was judged."
WENT_ON = "The interview went on before this was judged."
NOT_TOLD = "A language model that you were not told of judges now, and what you said is not sent to it."
#: How many works the closing report names.
MOST_READING = 5


class Doing:
    """What can be done where a session stands. A question that is put is entered in `book` under its rubric's hash."""

    def __init__(
        self,
        doors: Doors,
        session: Session,
        book: dict[str, Question],
        flow: Flow | None,
        running: Running,
        patience: Patience,
    ) -> None:
        self._doors = doors
        self._session = session
        self._book = book
        self._flow = flow
        self._patience = patience
        self._duties: Mapping[type[d.Duty], Callable[[Any], Awaitable[Sequence[e.Event]]]] = {
            d.Read: self._read,
            d.Inspect: self._inspect,
            d.Launch: running.launch,
            d.Run: running.run,
            d.Judge: self._judge,
            d.Reconsider: self._reconsider,
            d.Clarify: self._clarify,
            d.Consider: self._consider,
            d.Settle: self._settle,
            d.Call: self._call,
            d.Ask: self._ask,
            d.Return: self._return,
            d.Finish: self._finish,
        }

    async def do(self, duty: d.Duty) -> Sequence[e.Event]:
        """Does the duty; what came of it."""
        return await self._duties[type(duty)](duty)

    async def _read(self, duty: d.Read) -> Sequence[e.Event]:
        heard = duty.heard
        act = self._doors.interviewer.read(self._session, heard.text, heard.code)
        act = replace(act, to=heard.to, probes=heard.probes)
        events = receive(self._session, duty.answers, act)
        return [*events, *self._claimed(events)]

    def _claimed(self, events: Sequence[e.Event]) -> Sequence[e.Event]:
        """What the candidate claims in an answer, to be come back to."""
        said = [event for event in events if isinstance(event, e.Answered) and event.role != "late"]
        found = [(event, self._doors.interviewer.claims(event.text)) for event in said]
        return [e.Claimed(event.question, event.heard, claims) for event, claims in found if claims]

    async def _inspect(self, duty: d.Inspect) -> Sequence[e.Event]:
        try:
            facts = await self._doors.code_reader.facts(duty.code)
        except CodeUnreadable as error:
            return [e.Inspected(duty.question, duty.answers, problem=str(error))]
        return [e.Inspected(duty.question, duty.answers, facts), *self._shown(duty, facts)]

    def _shown(self, duty: d.Inspect, facts: Mapping[str, Any]) -> Sequence[e.Event]:
        """What a program shows of the candidate's choices; a later version corrects an earlier one."""
        claims = self._doors.interviewer.claims_of_program(facts, duty.code)
        programs = [c for c in self._session.askings[duty.question].contributions if c.code]
        last = self._session.undoable
        heard = last.heard if last is not None and last.seq <= duty.answers else duty.answers
        again = tuple(replace(claim, corrects=True) for claim in claims) if len(programs) > 1 else claims
        return [e.Claimed(duty.question, heard, again)] if again else []

    async def _judge(self, duty: d.Judge) -> Sequence[e.Event]:
        asking = self._session.askings[duty.question]
        contribution = next(c for c in asking.contributions if c.seq == duty.part)
        if contribution.otherwise:
            return [
                e.Graded(
                    asking.question, contribution.seq, "", why_not=Scene(self._session, self._book).say("otherwise")
                )
            ]
        return [await self.graded(asking, contribution)]

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
            self._doors.price(verdict.made) if verdict.made is not None else None,
            verdict.only_this,
        )

    async def _reconsider(self, duty: d.Reconsider) -> Sequence[e.Event]:
        asking, told = self._session.askings[duty.question], self._session.told == self._doors.notice
        if self._doors.grader_is_remote and not told:  # over before: nobody is told any more who judges
            return [e.Reconsidered(asking.question, duty.dispute, "waits", why_not=NOT_TOLD)]
        return await self.reconsidered(asking, next(o for o in asking.objections if o.seq == duty.dispute))

    async def reconsidered(
        self, asking: Asking, objection: Objection, readings: list[e.Regraded] | None = None
    ) -> Sequence[e.Event]:
        """What the grader finds in the words that an objection points at; an outage puts it off. See `Rereading`."""
        question = self._book[asking.rubric]
        return await Rereading(self._verdict, self._doors.price, asking, question, objection).done(readings)

    @property
    def judge(self) -> str:
        """The name of who judges now."""
        return self._doors.grader.name

    @property
    def begun(self) -> e.Made | None:
        """What was spent on a judgement that was given up: a call of which nothing is known, where a model judges.

        A grader that asks a model is called by it, and by its prompts in brackets.
        """
        return e.Made(self.judge.partition(" (")[0]) if self._doors.grader_is_remote else None

    async def _verdict(self, question: Question, contribution: Contribution) -> Verdict:
        grader = self._doors.grader
        try:
            verdict = await self._patience.wait(grader.grade(question, contribution.part, contribution.evidence))
        except GraderUnavailable as error:
            return Verdict(by=grader.name, why_not=str(error), retry=True)
        if verdict is None:
            # The words that ended patience are not read yet: they may turn out to mean something else.
            why_not = ENDED_BEFORE if self._session.stopping else WENT_ON
            return Verdict(by=grader.name, why_not=why_not, retry=True, made=self.begun)
        return checked(verdict, question, contribution.part.text)

    async def _clarify(self, duty: d.Clarify) -> Sequence[e.Event]:
        asking = self._session.current
        title = self._book[asking.rubric].title.casefold().split() if asking else []
        if title and set(duty.term.casefold().split()) <= set(title):
            return [e.Clarified(duty.answers, duty.term, subject=True)]
        unshown = {a.question for a in self._session.askings.values() if not a.shown}
        try:
            avoid = frozenset(map(plan.base, {*self._session.agenda, *unshown}))
            passage = await self._doors.retriever.explain(duty.term, avoid)
            known = passage or await self._doors.retriever.explain(duty.term, frozenset())
        except IndexUnavailable:
            passage = known = None
        if passage is None:  # what would answer a question of this interview is not explained in it
            return [e.Clarified(duty.answers, duty.term, subject=known is not None)]
        return [e.Clarified(duty.answers, duty.term, passage.text, passage.sources)]

    async def _consider(self, duty: d.Consider) -> Sequence[e.Event]:
        asking = self._session.askings[duty.question]
        question = self._book[asking.rubric]
        apart = recall.contradiction(self._session)
        if apart is not None:
            return [self._put_together(asking, *apart)]
        if asking.contributions[-1].otherwise:
            return [await self._settled(asking)]
        if asking.task and asking.contributions[-1].code:
            task = self._doors.bank.task(asking.task)
            bugs = about_bugs(self._session, asking, question, task, self._bank())
            return [bugs] if bugs is not None else await self._closed(asking)
        if asking.unjudged:
            wording = Scene(self._session, self._book).say("again")
            return [e.FollowedUp(asking.question, "", "again", wording)]
        follow_up = None
        if asking.probes < MOST_FOLLOW_UPS:
            follow_up = self._doors.interviewer.probe(asking, question, asking.grade(question))
        if follow_up is None:
            return await self._closed(asking)
        return [e.FollowedUp(asking.question, follow_up.point, follow_up.when, follow_up.ask)]

    def _put_together(self, asking: Asking, earlier: Held, later: Held) -> e.FollowedUp:
        """Asks how two claims go together, in the candidate's own words."""
        quotes = {"earlier": shortened(earlier.claim.words), "later": shortened(later.claim.words)}
        scene = Scene(self._session, self._book)
        if earlier.question == asking.question:
            wording = scene.say("contradiction_same", **quotes)
        else:
            number = scene.asking(earlier.question).number
            wording = scene.say("contradiction", number=number, **quotes)
        return e.FollowedUp(asking.question, "", "recall", wording, (earlier.claim, later.claim))

    async def _settle(self, duty: d.Settle) -> Sequence[e.Event]:
        return await self._closed(self._session.askings[duty.question])

    async def _closed(self, asking: Asking) -> Sequence[e.Event]:
        """Closes the question; what is to be asked about its program comes next."""
        settled = await self._settled(asking)
        if not asking.task or asking.shown:
            return [settled]
        about = at_the_end(self._session, asking, self._doors.bank.task(asking.task), self._bank())
        return [settled, about] if about is not None else [settled]

    async def _settled(self, asking: Asking) -> e.Settled:
        """Closes the question with its reference as the index has it, or as it was asked: the bank may have moved on,
        the numbers may be this sitting's own, or the question drawn from notes."""
        asked = self._book[asking.rubric]
        as_asked = e.Settled(asking.question, asked.reference, asked.sources)
        if not self._unchanged(asking):
            return as_asked
        try:
            passage = await self._doors.retriever.reference(plan.base(asking.question))
        except IndexUnavailable:
            return e.Settled(asking.question)
        return e.Settled(asking.question, passage.text, passage.sources) if passage else as_asked

    def _unchanged(self, asking: Asking) -> bool:
        """True while the bank holds the question just as it was asked."""
        try:
            return rubric_hash(self._doors.bank.question(plan.base(asking.question))) == asking.rubric
        except WrongUsage:
            return False

    async def _call(self, duty: d.Call) -> Sequence[e.Event]:
        """Tells the time, and leaves out the least important of what it no longer holds."""
        left = round(max(0.0, clock.minutes_left(self._session) or 0.0))
        ahead = [slot for slot in self._session.agenda if slot not in self._session.askings]
        room = len(ahead) if duty.keep is None else max(0, duty.keep - (len(self._session.agenda) - len(ahead)))
        known = {slot: question for slot in ahead if (question := self._held(slot)) is not None}
        dropped = plan.least_important(known, room)
        lost = tuple(slot for slot in ahead if slot not in known) if dropped or room < len(ahead) else ()
        return [e.TimeCalled(duty.call, left, (*dropped, *lost), tuple(known[slot].title for slot in dropped))]

    async def _ask(self, duty: d.Ask) -> Sequence[e.Event]:
        bank = self._bank()
        posed = pose(self._session, self._book, bank, self._flow, duty.slot, self._experiments)
        if posed.question is not None:
            self._book[rubric_hash(posed.question)] = posed.question
        return posed.events

    def _bank(self) -> Mapping[str, Question]:
        return {question.id: question for question in self._doors.bank.questions()}

    def _experiments(self, task: str) -> tuple[str, ...]:
        try:
            return self._doors.bank.task(task).experiments
        except WrongUsage:
            return ()

    def make_ready(self) -> None:
        """Tells the lab when a program may be run soon: at the question on the table or the next one."""
        if self._doors.lab is None or self._session.ended is not None:
            return
        near = [question for slot in self._session.agenda[:2] if (question := self._held(slot)) is not None]
        if any(question.task or question.experiment for question in near):
            self._doors.lab.near()

    def _held(self, slot: str) -> Question | None:
        try:
            return self._doors.bank.question(plan.base(slot))
        except WrongUsage:
            return None

    async def _return(self, duty: d.Return) -> Sequence[e.Event]:
        return [e.Returned(duty.question)]

    async def _finish(self, duty: d.Finish) -> Sequence[e.Event]:
        session = self._session
        waiting = () if self._doors.grader_is_remote else session.waiting  # nobody waits for a machine at the end
        late: list[e.Event] = [await self.graded(asking, part) for asking, part in waiting]
        late += await self._put_off()
        reading = tuple(await self._reading())
        if session.stopping:
            return [*late, e.Ended("stopped", reading)]
        return [*late, e.Ended("time" if session.agenda else "finished", reading)]

    async def _put_off(self) -> Sequence[e.Event]:
        """What came of objections that waited, where nobody waits for a machine now; those that wait still are left."""
        waiting = () if self._doors.grader_is_remote else self._session.put_off
        # One of each question, as what comes of it decides whether another may be read; the others wait on.
        first = {asking.question: (asking, objection) for asking, objection in reversed(waiting)}
        found = [await self.reconsidered(asking, objection) for asking, objection in first.values()]
        return [event for events in found for event in events if not _waits_still(events)]

    async def _reading(self) -> Sequence[tuple[str, str]]:
        """What to read next: the works on what went least well, as the index has them, or the question itself."""
        book = self._book
        scores = {a.question: a.grade(book[a.rubric]).score or 0.0 for a in self._session.in_order}
        weak = [a for a in self._session.in_order if scores[a.question] < 0.8]
        works: dict[tuple[str, str], None] = {}
        for asking in sorted(weak, key=lambda a: scores[a.question]):
            if len(works) >= MOST_READING:
                break
            own = [(work.title, work.where) for work in book[asking.rubric].further]
            works |= dict.fromkeys(await self._indexed(plan.base(asking.question)) or own)
        return list(works)[:MOST_READING]

    async def _indexed(self, question: str) -> Sequence[tuple[str, str]]:
        """The works that the index has on a question; none on those about one's own program, which it leaves out."""
        try:
            return await self._doors.retriever.reading([question])
        except IndexUnavailable:
            return ()


def _waits_still(events: Sequence[e.Event]) -> bool:
    return any(isinstance(event, e.Reconsidered) and event.outcome == "waits" for event in events)
