"""Messages that belong together are one answer: each is written down as it comes, and the turn begins when their writer
has stopped. It reads nothing into them, and what is pressed or commanded waits for none of this."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import VivaError, WrongUsage
from bot.ports.groups import Place
from bot.surfaces.discord.minding import beside
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.posting import NotSaid
from bot.surfaces.discord.turns import Given, Turns, why

#: Seconds after a message in which its writer begins the next one, or has said all. Clients tell of typing with the
#: first letters, some of them a second and a half later; any longer, and an answer in one message would feel slow.
SILENCE = 2.5
#: The same in a thread where all that is said is an answer: people think aloud there.
TALKING = 8.0


@dataclass(frozen=True)
class Waits:
    """Seconds after a message, in direct messages and in threads; after somebody was seen typing; and at most.

    Discord shows somebody as typing for ten seconds, and their client says so again before these are over.
    """

    direct: float = SILENCE
    threads: float = SILENCE
    typing: float = 10.0
    longest: float = 90.0

    def after(self, place: Place) -> float:
        """After a message at this place."""
        return self.threads if place.server else self.direct


USUAL = Waits()


@dataclass
class _Answer:
    place: Place
    account: int
    end: float
    until: float = 0.0
    whole: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Line:
    """The messages of one person in one channel that have come and are not written down yet, in their order; `typed`
    is when they were seen typing after the last of them."""

    waiting: int = 0
    typed: float | None = None
    first: asyncio.Lock = field(default_factory=asyncio.Lock)


async def _changed(changed: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await changed.wait()


class Gathering:
    """Waits, for each place, until its candidate has stopped. `wait` ends after so many seconds, or with the event."""

    def __init__(
        self,
        turns: Turns,
        waits: Waits = USUAL,
        clock: Callable[[], float] | None = None,
        wait: Callable[[asyncio.Event, float], Awaitable[None]] = _changed,
    ) -> None:
        self._turns = turns
        self._waits = waits
        self._clock = clock
        self._wait = wait
        self._answers: dict[str, _Answer] = {}
        self._lines: dict[tuple[str, int], _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = False

    @contextlib.asynccontextmanager
    async def coming(self, channel: str, account: int) -> AsyncIterator[None]:
        """While a message is written down: those of one person in their order, and before their turn begins."""
        line = self._lines.setdefault((channel, account), _Line())
        line.waiting += 1
        line.typed = None
        try:
            async with line.first:
                yield
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[channel, account]
            for answer in self._at(channel):
                answer.changed.set()

    async def take(self, place: Place, given: Given, account: int, whole: bool = False) -> bool:
        """Writes words down; False where they were heard before.

        The turn begins later, or at once where they ask for something, or are the `whole` of an answer.
        """
        async with self._turns.at(place) as interview:
            if interview.session.ended is not None:
                return await self._turns.heard(interview, place, given)
            async with self._turns.apart(interview):
                meant = given.meant(interview)
                if not await interview.keep(given.cause, given.text, given.code, meant, given.probes):
                    return False
                whole = whole or interview.asks(given.text)
            self._wait_for(place, account, whole)
        return True

    async def change(self, place: Place, given: Given, account: int, change: str) -> bool:
        """Has words that were written down say something else; False where a turn has begun on them."""
        async with self._turns.at(place) as interview:
            if not await interview.change(given.cause, change, given.text):
                return False
            self._wait_for(place, account)
        return True

    def waits_at(self, place: Place) -> bool:
        """True while more is waited for at a place: its turn begins by itself."""
        return place.session in self._answers

    def typing(self, channel: str, account: int) -> None:
        """Somebody is typing in a channel."""
        if (line := self._lines.get((channel, account))) is not None:
            line.typed = self._now()
        for answer in self._at(channel):
            if answer.account == account:
                answer.until = max(answer.until, self._now() + self._waits.typing)

    def leave(self) -> None:
        """Begins no turn any more: what was waited with is taken up by the next process, with what comes until then."""
        self._left = True
        for answer in self._answers.values():
            answer.changed.set()

    def _now(self) -> float:
        return self._clock() if self._clock is not None else asyncio.get_running_loop().time()

    def _wait_for(self, place: Place, account: int, whole: bool = False) -> None:
        if self._turns.ending or self._left:
            return
        now = self._now()
        for other in self._at(place.channel):
            if other.place.session != place.session:  # of the sitting that went on here before: nothing more comes
                other.whole = True
                other.changed.set()
        answer = self._answers.get(place.session)
        if answer is None:
            answer = self._answers[place.session] = _Answer(place, account, now + self._waits.longest)
            self._tasks.add(task := beside(self._turn(answer), "a turn", place.session))
            task.add_done_callback(self._tasks.discard)
        answer.place = place  # they may have moved meanwhile
        line = self._lines.get((place.channel, account))
        typed = line.typed if line is not None else None
        answer.until = now + self._waits.after(place) if typed is None else typed + self._waits.typing
        answer.whole = answer.whole or whole
        answer.changed.set()

    async def _turn(self, answer: _Answer) -> None:
        """What comes after the silence is another answer: it is waited for by a task of its own."""
        place = answer.place
        try:
            async with self._turns.at(place) as interview:
                if not await self._silent(answer):
                    return
                self._over(answer)
                async with self._turns.speaking(interview, place) as mouth:
                    await interview.go_on(mouth)
        except NotSaid:  # it is said when it can be
            raise
        except VivaError as error:
            if isinstance(error, WrongUsage) and await self._turns.desk.groups.placed(place.session) is None:
                return  # they had all of it deleted meanwhile
            with contextlib.suppress(NotSaid):
                await self._turns.posts.send(answer.place, Page((why(error),)))
            raise
        finally:
            self._over(answer)

    async def _silent(self, answer: _Answer) -> bool:
        """Returns when nothing more comes; False where that is not waited for any more."""
        while not self._left:
            now = self._now()
            line = (answer.place.channel, answer.account) in self._lines
            until = answer.end if line else min(answer.until, answer.end)
            if answer.whole or now >= until:
                return True
            answer.changed.clear()
            await self._wait(answer.changed, until - now)
        return False

    def _at(self, channel: str) -> list[_Answer]:
        """What is waited with in a channel: where several sittings share one, more than one answer may be."""
        return [answer for answer in self._answers.values() if answer.place.channel == channel]

    def _over(self, answer: _Answer) -> None:
        if self._answers.get(answer.place.session) is answer:
            del self._answers[answer.place.session]
