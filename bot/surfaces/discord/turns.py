"""Hands what a person pressed, typed or attached to their interview, and finds which one that is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from weakref import WeakKeyDictionary

from bot.core.asking import Asking
from bot.core.dialogue import owed
from bot.core.speech import open_again
from bot.errors import SittingBusy, StoreError, VivaError, WrongUsage
from bot.interview import Interview
from bot.ports.groups import Place, Who
from bot.surfaces.discord import words
from bot.surfaces.discord.acknowledging import Acknowledgement
from bot.surfaces.discord.desk import Desk
from bot.surfaces.discord.minding import beside, stopped
from bot.surfaces.discord.mouth import ChannelMouth, PrivateMouth
from bot.surfaces.discord.pages import Block, Page
from bot.surfaces.discord.posting import AGAIN_AFTER, NotSaid, Posts, Unreachable
from bot.surfaces.discord.reading_along import ReadingAlong
from bot.surfaces.discord.sittings import Sittings


@dataclass(frozen=True)
class Given:
    """What a person gave: words or a program, and the id by which it counts once.

    The question that they meant is named by `to`, or by `seq`, the event that put it; else it is the one on the table.
    """

    cause: str
    text: str
    code: str | None = None
    to: str = ""
    seq: int = 0
    probes: int | None = None

    def meant(self, interview: Interview) -> str:
        """The question meant; empty for the one on the table."""
        asking = None if self.to else asked_by(interview, self.seq)
        return asking.question if asking is not None else self.to


def asked_by(interview: Interview, seq: int) -> Asking | None:
    """The question that an event put."""
    return next((asking for asking in interview.session.askings.values() if asking.seq == seq), None)


class Turns:
    """The sittings of this process, as Discord's events reach them."""

    def __init__(self, desk: Desk, posts: Posts, sittings: Sittings) -> None:
        self.desk = desk
        self.posts = posts
        self.reading_along = ReadingAlong(posts, desk.groups)
        self._sittings = sittings
        self.ending = False  # from then on words are written down, and nothing is done with them
        self._later: dict[str, asyncio.Task[None]] = {}
        self._judging: dict[str, asyncio.Task[None]] = {}
        self._apart: WeakKeyDictionary[Interview, asyncio.Lock] = WeakKeyDictionary()

    @contextlib.asynccontextmanager
    async def at(self, place: Place) -> AsyncIterator[Interview]:
        """The interview that goes on at a place."""
        who = Who(place.account, await self.desk.groups.person(place.account), place.server)
        try:
            async with self._sittings.at(place.session, lambda: self.desk.take_up(place.session, who)) as interview:
                yield interview
        except Unreachable:
            raise
        except NotSaid:
            self._say_later(place.session)
            raise

    async def begin(self, place: Place, interview: Interview) -> None:
        """Opens a new sitting where it takes place."""

        async def opened() -> Interview:
            return interview

        try:
            async with self._sittings.at(place.session, opened), self.speaking(interview, place) as mouth:
                await interview.begin(mouth)
        except Unreachable:
            raise
        except NotSaid:
            self._say_later(place.session)
            raise

    def _say_later(self, session: str) -> None:
        """Takes a turn up again by itself that Discord took no message of."""
        if session not in self._later:
            self._later[session] = beside(self._until_said(session), "saying it again", session)

    async def _until_said(self, session: str) -> None:
        try:
            for wait in AGAIN_AFTER:
                await asyncio.sleep(wait)
                if await self.go_on(session):
                    return
        except VivaError as error:
            logging.getLogger(__name__).warning("a turn was not finished: %s", error, extra={"session": session})
        finally:
            del self._later[session]

    async def close(self) -> None:
        """Says nothing again, and judges nothing late any more; the next process does."""
        await stopped(*self._later.values(), *self._judging.values())
        await self.reading_along.close()

    async def hear(self, place: Place, given: Given, kept: Callable[[], Awaitable[None]] | None = None) -> bool:
        """Hands it over and says what it causes; False where it was heard before."""
        if given.code is not None:
            await self.may_run(place)
        async with self.at(place) as interview:
            return await self.heard(interview, place, given, kept)

    async def heard(
        self, interview: Interview, place: Place, given: Given, kept: Callable[[], Awaitable[None]] | None = None
    ) -> bool:
        """The same at an interview that is open."""
        apart = self.apart(interview)
        await apart.acquire()
        waiting = [apart]

        async def written() -> None:
            waiting.pop().release()
            if kept is not None:
                await kept()

        try:
            to = given.meant(interview)
            if self.ending:
                new = await interview.keep(given.cause, given.text, given.code, to, given.probes)
                await written()
                return new
            async with self.speaking(interview, place) as mouth:
                heard = await interview.hear(mouth, given.cause, given.text, given.code, written, to, given.probes)
            self._judge_beside(interview)
            return heard
        finally:
            if waiting:
                apart.release()

    def apart(self, interview: Interview) -> asyncio.Lock:
        """Held while words are written down that the place is to hear the answer to, and while somebody is answered in
        private: what is said in the middle of that would be answered in private too."""
        return self._apart.setdefault(interview, asyncio.Lock())

    async def ask(
        self, place: Place, given: Given, answer: Acknowledgement, kept: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """The same for what is answered to the person alone."""
        async with self.at(place) as interview, self.apart(interview):
            async with self.speaking(interview, place) as mouth:
                await interview.go_on(mouth)  # what the group was still to be told
            await interview.hear(PrivateMouth(answer, self.desk), given.cause, given.text, None, kept)

    async def may_run(self, place: Place) -> None:
        """WrongUsage where a person has handed in as many programs today as their server allows."""
        groups = self.desk.groups
        server = await groups.counting(place.session)  # also where it has moved to direct messages
        most = (await groups.settings(server)).runs_a_day if server else 0
        if not most:
            return
        since = self.desk.now() - timedelta(days=1)
        sessions = await groups.sessions_of(place.account, server, since)
        if sum([await self.desk.runs(session, since) for session in sessions]) >= most:
            raise WrongUsage(words.enough_runs(most))

    async def go_on(self, session: str) -> bool:
        """Takes up a turn that broke off; False where it could not be said."""
        place = await self.desk.groups.placed(session)
        if place is None:
            return True
        try:
            async with self.at(place) as interview, self.speaking(interview, place) as mouth:
                await interview.go_on(mouth)
        except NotSaid as error:
            logging.getLogger(__name__).warning("a turn was not finished: %s", error, extra={"session": session})
            return False
        return True

    def _judge_beside(self, interview: Interview) -> None:
        """Has judged, once the turn is over, what an outage kept from being judged, now that a model judges again."""
        session = interview.session_id
        if interview.waits and not self.ending and session not in self._judging:
            self._judging[session] = beside(self._judge(session), "judging late", session)

    async def _judge(self, session: str) -> None:
        try:
            await self.judge_late(session)
        finally:
            del self._judging[session]

    async def judge_late(self, session: str) -> bool:
        """Has what waits in a sitting judged, and says what came of it there; False where the model is out of order."""
        place = await self.desk.groups.placed(session)
        if place is None:
            return True
        async with self.at(place) as interview:
            await interview.judge_late()
            if owed(interview.session) is not None:  # also what was judged before, and not said
                async with self.apart(interview), self.speaking(interview, place) as mouth:
                    await interview.go_on(mouth)
            return not interview.out_of_order

    async def reached(self, place: Place) -> Place:
        """Where a person who speaks from elsewhere can follow: the place itself, or direct messages if it is gone."""
        if not place.server or await self.posts.reaches(place):
            return place
        return await self.move(place, words.MOVED)

    async def move(self, place: Place, note: str = "") -> Place:
        """Goes on in direct messages, where what stands open is said once more."""
        moved = await self.posts.direct(place)
        async with self.at(moved) as interview, self.apart(interview):
            place = await self.posts.now(place)
            if place.channel == moved.channel:  # by another press of the same button
                return moved
            if interview.session.ended is not None:
                raise WrongUsage(words.OVER)
            await interview.come_back()  # what was said there before is not for this interview
            await self.desk.groups.put(moved)  # first: a turn that is being worked on says the rest of it there, too
            again = open_again(interview.session, interview.book)
            try:
                async with self.speaking(interview, moved, note) as mouth:
                    mouth.fresh = True  # how one answers there is said, too
                    if again:
                        await mouth.say(interview.session.seq, again)
            except NotSaid:
                await self.desk.groups.put(place)
                raise
        return moved

    @contextlib.asynccontextmanager
    async def speaking(self, interview: Interview, place: Place, note: str = "") -> AsyncIterator[ChannelMouth]:
        """A mouth for one turn, however the turn ends; `note` stands above what it says first."""
        mouth = ChannelMouth(self.posts, self.desk, interview, place, self.reading_along)
        mouth.note = note
        try:
            yield mouth
        finally:
            await mouth.close()

    async def place_of(self, account: str, channel: str | None) -> tuple[Place | None, str]:
        """The sitting that somebody means in a channel; else none, and the sentence that says why."""
        groups = self.desk.groups
        here = await groups.in_channel(channel) if channel else None
        if here is not None and here.account == account:
            return here, ""
        for sitting in await self.desk.running(await groups.person(account)):
            place = await groups.placed(sitting.id)
            if place is not None and place.account == account:
                return place, ""
        return None, words.NOT_YOURS if here is not None else words.NO_SITTING


def why(error: VivaError) -> str:
    """What went wrong, in this surface's words. What ails the records is for who runs us, and is logged."""
    if isinstance(error, SittingBusy):
        return words.ELSEWHERE
    if isinstance(error, StoreError):
        logging.getLogger(__name__).error("the records: %s", error)
        return words.RECORDS
    return words.said_here(str(error))


def not_taken(error: VivaError) -> str:
    """Why somebody's words or file were not taken, by whose fault that was."""
    theirs = isinstance(error, WrongUsage | SittingBusy)
    return (words.NOT_TAKEN if theirs else words.NOT_KEPT).format(why=why(error))


async def told(
    answer: Acknowledgement, work: Awaitable[object], safe: Sequence[bool] = (), given: Sequence[Block] = ()
) -> None:
    """Does some work; what goes wrong with it is said to the person alone, in a sentence.

    `safe` is filled once their words are written down; until then what they had `given` is given back with it.
    """
    try:
        await work
    except NotSaid as error:
        logging.getLogger(__name__).warning("%s", error)
        await answer.say(Page((str(error), *(() if safe else given))), ephemeral=True)
    except VivaError as error:
        said = (why(error),) if safe else (not_taken(error), *given)
        await answer.say(Page(said), ephemeral=True)
    except Exception:
        logging.getLogger(__name__).exception("an interaction failed")
        lost = words.NOT_KEPT.format(why=words.FAULT_OF_OURS)
        await answer.say(Page((words.WENT_WRONG,) if safe else (lost, *given)), ephemeral=True)
