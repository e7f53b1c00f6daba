"""The loop of an interview: hear, do, write, say. It decides nothing (core does); `doing` does what is owed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.core import duties as d
from bot.core import events as e
from bot.core.beside import is_beside
from bot.core.budgets import Reached
from bot.core.dialogue import OBJECTS, REQUESTS, owed
from bot.core.flow import Flow
from bot.core.folding import fold
from bot.core.phrasing import to_word
from bot.core.question import Question
from bot.core.reply import Reply, Text
from bot.core.scene import Scene
from bot.core.session import Session
from bot.core.speech import open_again, recap, speak
from bot.doing import Doing
from bot.errors import WrongUsage
from bot.holding import Holding
from bot.late import Late
from bot.patience import Patience
from bot.ports import Doors, Mouth, Stands
from bot.running import Running, Runs
from bot.spending import Spending
from bot.standing import stands
from bot.voicing import word

#: Seconds that one process keeps the right to work on a session, and after which it renews it.
LEASE = 60.0
RENEW = 20.0
#: The kinds of reply that put a question before the candidate.
PUTTING = frozenset({"question", "follow_up", "repeat"})


class Interview:
    """One sitting. `begin` or `resume` it, then `hear` each message; every call says all that it causes."""

    def __init__(self, session_id: str, doors: Doors, begins: Sequence[e.Event] = (), flow: Flow | None = None) -> None:
        self.session_id = session_id
        self._doors = doors
        self._begins = begins
        self._flow = flow
        self._session = Session()
        self._book: dict[str, Question] = {}
        self._noticed = False
        self._put = False
        self._writing = asyncio.Lock()
        self._working = False
        self._gathered: dict[int, tuple[Reply, ...]] = {}
        self._holding = Holding(doors.store, session_id, doors.holder, LEASE, RENEW)
        self._runs = Runs()
        self._patience = Patience()
        self._spending = Spending()
        self._late = Late(
            self._doing,
            self._spend,
            lambda: self._session,
            self._write,
            lambda: self.told or not self._doors.grader_is_remote,
            lambda: self._spending.over,
        )

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
        if not self._begins:
            raise RuntimeError("a sitting without a plan can only be resumed")
        await self._holding.take()
        begins = [
            replace(event, told=self._doors.notice) if isinstance(event, e.Started) else event for event in self._begins
        ]
        await self._write([(f"start#{n}" if n else "start", event) for n, event in enumerate(begins)])
        await self._work(mouth)
        self._doors.warm()

    async def resume(self, mouth: Mouth) -> None:
        """Goes on where the log stands: a recap, then whatever is owed, then what stands open once more."""
        await self.take_up()
        await self.come_back()
        await mouth.say(self._session.seq, recap(self._session, self._book))
        await self.tell(mouth)
        self._put = False
        if (ended := self._session.ended) is not None and await self._late.judge():  # its report says so, then
            await self._write([(f"late:{self._session.seq}:ended", ended)])
        await self._work(mouth)
        if not self._put:
            await mouth.say(self._session.seq, open_again(self._session, self._book))
        self._late.begin(anyway=True)
        self._doors.warm()

    async def take_up(self) -> None:
        """Reads where the log stands, and says nothing: the first half of a resume, or all of it between two turns."""
        await self._holding.take()
        store = self._doors.store
        self._session = fold(await store.load(self.session_id))
        self._book = await store.rubrics(self.session_id)
        started = self._session.started
        if self._flow is None and started is not None:
            with contextlib.suppress(WrongUsage):  # the flow is gone; its plan is in the log
                self._flow = self._doors.bank.flow(started.flow)

    async def come_back(self) -> None:
        """Notes that the candidate is here again, where nothing is said of it."""
        if self._session.ended is None:
            await self._write([(f"back:{self._session.seq}", e.CameBack())])

    async def go_on(self, mouth: Mouth) -> None:
        """Does and says what is still owed since a turn broke off; nothing where nothing is."""
        if not self._working:
            await self._work(mouth)

    @property
    def waits(self) -> bool:
        """True where something could not be judged yet, and a model judges again."""
        return self._late.worth_trying

    async def judge_late(self) -> bool:
        """Judges what an outage kept from being judged; True where something was. `go_on` says what came of it."""
        return await self._late.judge()

    @property
    def told(self) -> bool:
        """True where the candidate knows which language models have a part in this now."""
        return self._session.told == self._doors.notice

    @property
    def out_of_order(self) -> bool:
        """True where what was tried last to be judged late met an outage, which would befall others, too."""
        return self._late.failed

    async def judge_again(self) -> tuple[Sequence[e.Regraded], str]:
        """Has an interview that is over judged once more, beside its marks; see `Late.judge_again`."""
        return await self._late.judge_again()

    async def hear(
        self,
        mouth: Mouth,
        message_id: str,
        text: str,
        code: str | None = None,
        kept: Callable[[], Awaitable[None]] | None = None,
        to: str = "",
        probes: int | None = None,
    ) -> bool:
        """Writes the words down, says so through `kept`, then does all that they cause; see `Heard` for `to`, `probes`.

        False when a message of this id was heard before: nothing is done twice. What is heard while a turn is being
        worked on is written down at once, and done by that turn.
        """
        unread = len(self._session.unread)
        new = await self.keep(message_id, text, code, to, probes)
        if kept is not None:
            await kept()
        if not new:
            return False
        ended = self._session.ended is not None
        await self.go_on(mouth)
        if ended and len(self._session.unread) > unread and not OBJECTS.match(text):  # it came too late to be read
            await mouth.say(self._session.seq, [self._over()])
        if not mouth.by_turns:  # who speaks by turns gives the sitting back after each, and has it judged beside
            self._late.begin()
        return True

    async def keep(
        self, message_id: str, text: str, code: str | None = None, to: str = "", probes: int | None = None
    ) -> bool:
        """Writes the words down and does nothing yet; False when a message of this id was heard before."""
        working = self._working
        new = bool(await self._write([(message_id, e.Heard(text, code, to, probes))]))
        if new and working and self._doors.interviewer.read(self._session, text, code).meaning == "stop":
            self._patience.end()
        return new

    async def change(self, message_id: str, change_id: str, text: str) -> bool:
        """Has a message say something else from now on; False where something was made of it already."""
        async with self._writing:
            seq, unread = 0, dict(self._session.unread)
            for record in await self._doors.store.load(self.session_id):
                changed = isinstance(record.event, e.Heard) and seq and record.event.instead == seq
                seq = record.seq if changed or record.cause == message_id else seq
            if seq in unread:
                await self._append([(change_id, replace(unread[seq], text=text, instead=seq))])
            return seq in unread

    def asks(self, text: str) -> bool:
        """True for words that ask something of the interviewer, to which nobody adds anything before it answers."""
        return self._doors.interviewer.read(self._session, text, None).meaning in REQUESTS

    def stop_run(self) -> bool:
        """Ends the run of a program that is going on; False when there is none."""
        return self._runs.stop()

    def stands(self) -> Stands:
        """Where the sitting stands, for a status line and for what is owed."""
        return stands(self._session, self._book)

    async def close(self) -> None:
        """Gives the session back; another process may work on it from now on.

        One whose turn broke off is not given back: by the claim on it the next process finds it, and takes it up.
        """
        await self._late.stop()
        duty = owed(self._session)
        in_its_time = isinstance(duty, d.Say) and is_beside(duty.event)
        await self._holding.leave(give_back=duty is None or in_its_time)

    async def _work(self, mouth: Mouth) -> None:
        """Does what is owed, writes it down and says it, until it is the candidate's turn."""
        self._working, over = True, self._session.ended is not None
        # A turn that broke off is said by itself once more, before what came since is read: a mouth that drops
        # duplicates knows it again then, and what came since begins a turn of its own.
        broken = {seq for seq, _ in self._session.unsaid}
        try:
            while (duty := owed(self._unspoken())) is not None or self._gathered:
                read_on = isinstance(duty, d.Read) and bool(broken & self._gathered.keys())
                if duty is None or isinstance(duty, d.Run) or read_on:
                    await self._say_gathered(mouth)  # who waits for a run sees what was said before it
                if duty is not None:
                    await self._due(mouth, duty)
            if self._session.ended is not None and self._session.unread and not over:  # too late to be read
                await mouth.say(self._session.seq, [self._over()])
        finally:
            self._working, self._gathered = False, {}
        self._doing(mouth).make_ready()

    async def _due(self, mouth: Mouth, duty: d.Duty) -> None:
        if isinstance(duty, d.Say):
            await self._say(mouth, duty)
            return
        if isinstance(duty, d.Judge | d.Reconsider):
            await self.tell(mouth)
            await self._look(mouth)
        if isinstance(duty, d.Read):
            written = await self._read(mouth, duty)
        else:
            causes = await self._done(mouth, duty)
            if isinstance(duty, d.Finish) and self._session.unread:  # said while the end was prepared: that comes first
                return
            written = bool(await self._write(causes))
        if not written:
            raise RuntimeError(f"{duty.cause} was done before, and is owed still")
        await self._notice(mouth)

    async def _read(self, mouth: Mouth, duty: d.Read) -> bool:
        """Finds out what words mean; until that is written down they may be changed, and are read anew then."""
        self._patience.begin()
        async with self._writing:
            changed = owed(self._unspoken()) != duty
            return changed or bool(await self._append(await self._done(mouth, duty)))

    async def _done(self, mouth: Mouth, duty: d.Duty) -> list[tuple[str, e.Event]]:
        """What a duty comes to, with its causes."""
        events = await self._doing(mouth).do(duty)
        return [(f"{duty.cause}#{n}", event) for n, event in enumerate(events)]

    def _unspoken(self) -> Session:
        """The session without what is worded already and will be said with the rest of the turn."""
        if not self._gathered:
            return self._session
        return replace(self._session, unsaid=tuple(u for u in self._session.unsaid if u[0] not in self._gathered))

    async def _say_gathered(self, mouth: Mouth) -> None:
        """Says to a mouth that speaks by turns what was gathered for it, and notes it."""
        gathered, self._gathered = self._gathered, {}
        if replies := [reply for said in gathered.values() for reply in said]:
            await mouth.say(max(gathered), replies)  # what is gathered anew with more in it is another turn
        if gathered:
            await self._write([(f"said:{seq}", e.Said(seq)) for seq in gathered])

    def _doing(self, mouth: Mouth | None = None) -> Doing:
        progress = mouth.progress if mouth is not None else lambda question, progress: None
        running = Running(self._doors, self._session, self._book, self._runs, progress)
        return Doing(self._spending.left(self._doors), self._session, self._book, self._flow, running, self._patience)

    async def _notice(self, mouth: Mouth) -> None:
        """Says once what does not work as it should, keyword search alone, say, where who set it up is listening."""
        notice = None if self._noticed or mouth.by_turns else self._doors.retriever.notice()
        if notice is not None:
            self._noticed = True
            await mouth.say(self._session.seq, [Reply("notice", (Text(notice),))])

    async def _write(
        self, events: Sequence[tuple[str, e.Event]], still: Callable[[], bool] = lambda: True
    ) -> list[e.Record]:
        async with self._writing:  # words may come in while a duty is being done
            return await self._append(events) if still() else []

    async def _append(self, events: Sequence[tuple[str, e.Event]]) -> list[e.Record]:
        asked = [event.rubric for _, event in events if isinstance(event, e.Asked)]
        rubrics = {key: self._book[key] for key in asked}
        records = await self._doors.store.append(self.session_id, self._session.seq, events, rubrics)
        self._session = fold(records, self._session)
        self._late.saw(events)
        return records

    async def _say(self, mouth: Mouth, duty: d.Say) -> None:
        """Says what an event gives to say, and notes it: said at least once.

        A question is noted first where the mouth cannot drop duplicates: what stands open is repeated on a resume.
        """
        over = isinstance(duty.event, e.Ended)
        if not over:
            await self._word(mouth, duty)
        replies = self._spoken(duty)
        if mouth.by_turns:
            self._gathered[duty.answers] = replies
            return
        if over and self._doors.voice is not None:  # the report waits for no voice, the farewell may
            await mouth.say(duty.answers, replies[:-1])
            await self._word(mouth, duty)
            replies = self._spoken(duty)[-1:]
        noted_first = mouth.once and isinstance(duty.event, e.Asked)
        note = [(f"said:{duty.answers}", e.Said(duty.answers))]
        if noted_first:
            await self._write(note)
        self._put = self._put or any(reply.kind in PUTTING for reply in replies)
        if replies:
            await mouth.say(duty.answers, replies)
        if not noted_first:
            await self._write(note)

    async def _word(self, mouth: Mouth, duty: d.Say) -> None:
        """Has a voice word what is to be said, where there is one; that is noted, and not worded twice."""
        line = to_word(self._session, self._book, duty.event) if self._doors.voice is not None else None
        if line is None or duty.answers in self._session.phrased:
            return
        await self.tell(mouth)
        await self._look(mouth)
        if self._spending.left(self._doors).voice is None or not self.told or self._session.stopping:
            return  # who ends the interview waits for no model

        async def uttered(sentence: str) -> None:
            if not mouth.by_turns:
                await mouth.utter(duty.answers, sentence)

        phrased = await word(self._doors, self._patience, duty.answers, line, uttered)
        if phrased is not None:
            await self._write([(f"phrased:{duty.answers}", phrased)])

    def _spoken(self, duty: d.Say) -> tuple[Reply, ...]:
        """What an event gives to say; with the opening comes what a candidate is to know before they say a word."""
        event = duty.event
        replies = tuple(speak(self._session, self._book, event, self._session.phrased.get(duty.answers)))
        told = isinstance(event, e.Started) and event.told
        return (*replies, Reply("notice", (Text(told),))) if told else replies

    async def tell(self, mouth: Mouth) -> None:
        """Tells what a candidate is to know before a word of theirs is judged, if it has come up since they began."""
        no_more = Scene(self._session, self._book).say("no_model_any_more") if self._session.told else ""
        notice = self._doors.notice or no_more
        if notice and self._session.told != notice and self._session.ended is None:
            await self._say_gathered(mouth)
            await self._say_new(mouth, f"told:{self._session.seq}", e.CameBack(notice, aloud=True))
            await self._say_gathered(
                mouth
            )  # it is not to wait for the rest of the turn, which a model may have a hand in

    async def _look(self, mouth: Mouth) -> None:
        """Looks at the budgets before a model is asked; tells once what of them is reached."""
        for one in await self._spend():
            event = e.BudgetReached(one.budget, one.level, int(one.share * 100), aloud=True)
            await self._say_new(mouth, f"budget:{one.budget}:{one.level}", event)

    async def _say_new(self, mouth: Mouth, cause: str, event: e.Event) -> None:
        """Writes down something that is to be said, and says it before what is being said."""
        for record in await self._write([(cause, event)]):
            await self._say(mouth, d.Say(record.seq, record.event))

    async def _spend(self) -> tuple[Reached, ...]:
        return await self._spending.look(self._doors, self.session_id, self._session)

    def _over(self) -> Reply:
        return Reply("notice", (Text(Scene(self._session, self._book).say("over")),))
