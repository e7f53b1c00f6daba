"""Judges what an outage kept from being judged, beside what goes on. It says nothing: a later turn does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.core import events as e
from bot.core.asking import Asking, Contribution
from bot.core.objecting import Objection
from bot.core.session import Session
from bot.doing import Doing
from bot.errors import VivaError

#: As many are judged at a time.
MOST = 20
#: What stands in the log of a judgement that was given up, or came too late: it is about no answer any more.
NOTHING = "Nothing came of this judgement: it was given up, or the answer was judged or taken back before it came."


class Late:
    """What waits in one sitting. `doing` is how it stands now, `look` looks at the budgets, `write` writes events.

    `may` says whether the candidate knows who would judge: what they said is sent to nobody of whom they were not told.
    `over` says that a budget is used up, where one is. `write` writes nothing where what it is given beside them is not
    so any more once it is its turn.
    """

    def __init__(
        self,
        doing: Callable[[], Doing],
        look: Callable[[], Awaitable[object]],
        session: Callable[[], Session],
        write: Callable[..., Awaitable[Sequence[e.Record]]],
        may: Callable[[], bool],
        over: Callable[[], str],
    ) -> None:
        self._may = may
        self._over = over
        self._doing = doing
        self._look = look
        self._session = session
        self._write = write
        self._judging: asyncio.Task[bool] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._works = False
        #: Whether the last round ended at an outage.
        self.failed = False

    def saw(self, events: Sequence[tuple[str, e.Event]]) -> None:
        """Takes note of what was written: a model that has just judged something may judge what waits, too."""
        for _, event in events:
            if isinstance(event, e.Graded) and event.part and not event.only_this:
                self._works = not event.retry and (self._works or event.made is not None)

    @property
    def worth_trying(self) -> bool:
        """True where something waits, and what was judged last was judged."""
        return self._works and self._hopeful

    @property
    def _hopeful(self) -> bool:
        return bool(self._session().hopeful(self._doing().judge) or self._session().put_off)

    def begin(self, anyway: bool = False) -> None:
        """Begins to judge what waits, if that is worth trying and not being done already; nobody waits for it."""
        if self._judging is not None and not self._judging.done():
            return
        if self.worth_trying or (anyway and (self._session().waiting or self._session().put_off)):
            self._judging = asyncio.create_task(self._beside())

    async def stop(self) -> None:
        """Gives up what was begun; what was judged so far is kept."""
        if self._judging is not None:
            self._judging.cancel()
            await asyncio.gather(self._judging, return_exceptions=True)
            self._judging = None

    async def judge(self) -> bool:
        """Judges one after another until there is an outage; True where something was judged."""
        async with self._one_at_a_time:
            return await self._judge()

    async def _judge(self) -> bool:
        tried, some = set[int](), False
        self.failed = False
        while self._may() and len(tried) < MOST and not self.failed:
            await self._look()
            doing = self._doing()
            left = [(asking, part) for asking, part in self._session().hopeful(doing.judge) if part.seq not in tried]
            if not left:
                break
            asking, part = left[0]
            tried.add(part.seq)
            event = await self._graded(doing, asking, part)
            self.failed = event.retry and not event.only_this
            written = await self._keep(asking, part, event)
            some = some or (written and not event.retry)
        return await self._reconsider_all() or some

    async def _reconsider_all(self) -> bool:
        """Judges objections that wait, until there is an outage; True where one was judged."""
        some = False
        for asking, objection in self._session().put_off[:MOST]:
            if not self._may() or self.failed:
                break
            await self._look()
            some = await self._reconsider(asking, objection) or some
        return some

    async def _reconsider(self, asking: Asking, objection: Objection) -> bool:
        doing, cause = self._doing(), f"late:{self._session().seq}:{objection.seq}"
        readings: list[e.Regraded] = []
        try:
            found = await doing.reconsidered(self._session().askings[asking.question], objection, readings)
        except asyncio.CancelledError:
            for made in (*(reading.made for reading in readings), doing.begun):
                await self._count(asking, made)
            raise
        outages = [one for one in found if isinstance(one, e.Reconsidered) and one.outcome == "waits"]
        self.failed = any(not one.only_this for one in outages)
        self._works = self._works and not self.failed
        told = [event for event in found if isinstance(event, e.Regraded | e.Reconsidered)]
        kept = [reading for reading in readings if reading.made] if outages else told
        events = [(f"{cause}#{n}", replace(event, late=True)) for n, event in enumerate(kept)]

        def waits() -> bool:
            return any(other.seq == objection.seq for _, other in self._session().put_off)

        if events and await self._write(events, waits):
            return not outages
        for reading in readings:  # it was judged in the meantime, or is about to be
            await self._count(asking, reading.made)
        return False

    async def _graded(self, doing: Doing, asking: Asking, part: Contribution) -> e.Graded:
        try:
            return replace(await doing.graded(asking, part), late=True)
        except asyncio.CancelledError:
            await self._count(asking, doing.begun)
            raise

    async def _keep(self, asking: Asking, part: Contribution, event: e.Graded) -> bool:
        """Writes a verdict down where one is still waited for; of a try in vain, what it took and that it was one."""

        def waits() -> bool:
            return any(other.seq == part.seq for _, other in self._session().waiting)

        if self.failed:
            self._works = False
        if event.retry and event.made is None and not event.only_this:
            return False
        if await self._write(self._told(asking, part, event), waits):
            return True
        await self._count(asking, event.made)  # it was judged, or taken back, in the meantime
        return False

    async def _count(self, asking: Asking, made: e.Made | None) -> None:
        """Writes down what was spent on a judgement that nothing came of."""
        if made is not None:
            nothing = e.Graded(asking.question, 0, made.model, why_not=NOTHING, made=made, late=True)
            await self._write([(f"late:{self._session().seq}:nothing", nothing)])

    async def _beside(self) -> bool:
        try:
            return await self.judge()
        except VivaError as error:
            logging.getLogger(__name__).warning("nothing was judged late: %s", error)
        except Exception:
            logging.getLogger(__name__).exception("nothing was judged late")
        return False

    async def judge_again(self) -> tuple[tuple[e.Regraded, ...], str]:
        """Has everything judged once more by whoever judges now; what they found, and why they found no more.

        Nothing of it counts. What they had judged in the first place is left out.
        """
        made: list[e.Regraded] = []
        for asking in self._session().in_order:
            for part in asking.judged:
                first = part.part.verdict
                if first is None or part.otherwise:
                    continue
                await self._look()
                if over := self._over():
                    return tuple(made), over
                found = await self._doing().graded(asking, part)
                again = e.Regraded(
                    asking.question, part.seq, found.by, found.marks, found.why_not, found.note, found.made
                )
                if found.by != first.by or found.made is not None:  # what was paid for is kept in any case
                    await self._write([(f"again:{self._session().seq}:{part.seq}", again)])
                if found.retry:
                    return tuple(made), found.why_not or ""
                if found.by != first.by:
                    made.append(again)
        return tuple(made), ""

    def _told(self, asking: Asking, part: Contribution, event: e.Graded) -> list[tuple[str, e.Event]]:
        """The verdict; with it that it came late, once all of a question is judged that the candidate has left."""
        cause = f"late:{self._session().seq}:{part.seq}"
        if event.retry:
            return [(cause, event)]
        waits = sum(other.question == asking.question for other, _ in self._session().waiting)
        open_still = self._session().askings[asking.question].status == "open" and self._session().ended is None
        late = [] if waits > 1 or open_still else [(f"{cause}:told", e.JudgedLate(asking.question))]
        return [(cause, event), *late]
