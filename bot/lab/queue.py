"""Who may run a program next: fair across servers and the people in them, within limits. It runs nothing itself.

`Places` is the door: `LocalPlaces` hands out the places of this machine, and a cluster may stand behind it later.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

#: Seconds that a program is taken to need before any was seen, and how much a new one moves the estimate.
USUAL_SECONDS = 8.0
WEIGHT = 0.3


@dataclass(frozen=True)
class Ask:
    """A wish for a place. `device` is auto, cpu or cuda:N; `most` the seconds that the program may take at most."""

    person: str
    place: str
    device: str = "auto"
    most: float = 30.0


@dataclass(frozen=True)
class Given:
    """A place: the device to run on, how long it was waited for, and a sentence where the wish was not met."""

    device: str
    queued: float
    note: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many come before, and the seconds until one's turn, as far as can be told."""

    position: int
    wait: float


@dataclass(frozen=True)
class Standing:
    """The queue at a glance. `places` is how many programs run at once."""

    places: int
    running: int
    waiting: int
    devices: tuple[str, ...] = ("cpu",)


@dataclass(frozen=True)
class Shares:
    """How much one person, one server and all together may have running and waiting."""

    person_running: int = 1
    person_waiting: int = 2
    place_running: int = 4
    place_waiting: int = 24
    waiting: int = 200


class QueueFull(Exception):
    """The limits allow no more to wait; the message is for the candidate."""


class Places(Protocol):
    """Where programs find a place to run: on this machine, or on others."""

    def place(self, ask: Ask, heard: Callable[[Waiting], None]) -> AbstractAsyncContextManager[Given]:
        """Waits for a place, holds it for the block. QueueFull when even waiting is not allowed."""
        ...

    def standing(self) -> Standing: ...


@dataclass(eq=False)
class Ticket:
    """A wish that waits, or that has its place: then `device` is set, and `since` is when it got it."""

    ask: Ask
    number: int
    since: float
    device: str = ""
    note: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class LocalPlaces:
    """The places of this machine: `cpus` programs at once, and at most one of them on each of the `gpus`."""

    def __init__(
        self,
        cpus: int,
        gpus: tuple[str, ...] = (),
        shares: Shares = Shares(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cpus = max(1, cpus)
        self._gpus = gpus
        self._shares = shares
        self._clock = clock
        self._waiting: list[Ticket] = []
        self._running: list[Ticket] = []
        self._usual = USUAL_SECONDS
        self._turns = 0
        #: When a server, and a person in it, last had their turn: the longest ago is next.
        self._served: dict[tuple[str, ...], int] = {}
        self._outlook: dict[int, Waiting] | None = None

    @contextlib.asynccontextmanager
    async def place(self, ask: Ask, heard: Callable[[Waiting], None]) -> AsyncIterator[Given]:
        """See `Places.place`."""
        ticket = self._enter(ask)
        try:
            queued = await self._turn(ticket, heard)
            yield Given(ticket.device, queued, ticket.note)
            self._usual += WEIGHT * (self._clock() - ticket.since - self._usual)
        finally:
            self._leave(ticket)

    def standing(self) -> Standing:
        """How things stand."""
        return Standing(self._cpus, len(self._running), len(self._waiting), ("cpu", *self._gpus))

    def _enter(self, ask: Ask) -> Ticket:
        self._turns += 1
        ticket = Ticket(ask, self._turns, self._clock())
        self._waiting.append(ticket)
        self._deal()
        if not ticket.device and (why := self._too_many(ask)):
            self._waiting.remove(ticket)
            raise QueueFull(why)
        return ticket

    def _too_many(self, ask: Ask) -> str:
        """Why this wish may not even wait; it is in the list already."""
        shares, others = self._shares, [ticket.ask for ticket in self._waiting[:-1]]
        mine = sum(_person(other) == _person(ask) for other in others)
        ours = sum(other.place == ask.place for other in others)
        if mine >= shares.person_waiting:
            return (
                f"{_programs(mine)} of yours already {'waits' if mine == 1 else 'wait'} to be run, and no more may. "
                "Let one end, or cancel one; then hand this one in again."
            )
        if ours >= shares.place_waiting or len(others) >= shares.waiting:
            many, where = (ours, " from this server") if ours >= shares.place_waiting else (len(others), "")
            return (
                f"{_programs(many)}{where} already wait to be run, and no more may wait. That is not your program's "
                "fault: hand it in again in a few minutes."
            )
        return ""

    async def _turn(self, ticket: Ticket, heard: Callable[[Waiting], None]) -> float:
        """Waits until the ticket has its place, and says how it stands each time that it changes."""
        began, told = ticket.since, None
        while not ticket.device:
            ticket.changed.clear()
            stands = self._stands(ticket)
            if told is None or stands.position != told.position:
                heard(told := stands)
            await ticket.changed.wait()
        return ticket.since - began

    def _leave(self, ticket: Ticket) -> None:
        if ticket in self._running:
            self._running.remove(ticket)
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
        if not self._waiting and not self._running:
            self._served.clear()
        self._deal()

    def _deal(self) -> None:
        """Gives away what places there are, and wakes everyone who waits."""
        while len(self._running) < self._cpus and (ticket := self._next()) is not None:
            self._waiting.remove(ticket)
            ticket.device, ticket.note = self._device(ticket.ask) or "", self._note(ticket.ask)
            ticket.since = self._clock()
            self._running.append(ticket)
            self._turns += 1
            for name in _names(ticket.ask):
                self._served[name] = self._turns
            ticket.changed.set()
        self._outlook = None
        for ticket in self._waiting:
            ticket.changed.set()

    def _next(self) -> Ticket | None:
        """Whose turn it is among those that could start now."""
        people = Counter(_person(ticket.ask) for ticket in self._running)
        places = Counter(ticket.ask.place for ticket in self._running)
        able = [
            ticket
            for ticket in self._waiting
            if people[_person(ticket.ask)] < self._shares.person_running
            and places[ticket.ask.place] < self._shares.place_running
            and self._device(ticket.ask) is not None
        ]
        return next(_in_order(able, self._served), None)

    def _device(self, ask: Ask) -> str | None:
        """The device that a wish gets now; None when the GPU that it names is taken. `auto` takes the CPU then."""
        taken = {ticket.device for ticket in self._running}
        if ask.device not in ("auto", "cpu"):
            return None if ask.device in self._gpus and ask.device in taken else self._known(ask.device)
        free = [gpu for gpu in self._gpus if gpu not in taken]
        return free[0] if ask.device == "auto" and free else "cpu"

    def _known(self, device: str) -> str:
        return device if device in self._gpus else "cpu"

    def _note(self, ask: Ask) -> str:
        if ask.device == "auto" and self._gpus and self._device(ask) == "cpu":
            return "The GPU is busy with another program, so yours ran on the CPU."
        if ask.device not in ("auto", "cpu", *self._gpus):
            return f"There is no {ask.device} that programs may use here, so yours ran on the CPU."
        return ""

    def _stands(self, ticket: Ticket) -> Waiting:
        if self._outlook is None:
            self._outlook = self._look_ahead()
        return self._outlook[ticket.number]

    def _look_ahead(self) -> dict[int, Waiting]:
        """How all who wait stand, by number: as if each program took what programs usually take."""
        now = self._clock()
        left = [(other, max(0.0, self._seconds(other) - (now - other.since))) for other in self._running]
        free = [seconds for _, seconds in left] + [0.0] * (self._cpus - len(left))
        heapq.heapify(free)
        outlook = {}
        for position, ticket in enumerate(_in_order(self._waiting, self._served)):
            mine = sorted(seconds for other, seconds in left if _person(other.ask) == _person(ticket.ask))
            own = mine[0] if mine and len(mine) >= self._shares.person_running else 0.0
            outlook[ticket.number] = Waiting(position, max(free[0], own))
            heapq.heapreplace(free, free[0] + self._seconds(ticket))
        return outlook

    def _seconds(self, ticket: Ticket) -> float:
        return min(self._usual, ticket.ask.most)


def _in_order(tickets: Iterable[Ticket], served: Mapping[tuple[str, ...], int]) -> Iterator[Ticket]:
    """The order of turns: the server that was served longest ago, in it the person, and of theirs the oldest."""
    lines: dict[tuple[str, str], deque[Ticket]] = {}
    for ticket in tickets:
        lines.setdefault(_person(ticket.ask), deque()).append(ticket)
    people: dict[str, list[tuple[int, int, tuple[str, str]]]] = {}
    for person, line in lines.items():
        heapq.heappush(people.setdefault(person[0], []), (served.get(person, 0), line[0].number, person))
    places = [(served.get((place,), 0), heap[0][1], place) for place, heap in people.items()]
    heapq.heapify(places)
    turn = max(served.values(), default=0)
    while places:
        turn += 1
        place = heapq.heappop(places)[-1]
        person = heapq.heappop(people[place])[-1]
        yield lines[person].popleft()
        if lines[person]:
            heapq.heappush(people[place], (turn, lines[person][0].number, person))
        if people[place]:
            heapq.heappush(places, (turn, people[place][0][1], place))


def _names(ask: Ask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (ask.place,), _person(ask)


def _person(ask: Ask) -> tuple[str, str]:
    return ask.place, ask.person


def _programs(count: int) -> str:
    return "One program" if count == 1 else f"{count} programs"
