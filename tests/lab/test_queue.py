"""The queue: whose turn it is, how long it takes, what is refused. Time is a number that the tests move."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.lab.queue import Ask, Given, LocalPlaces, QueueFull, Shares, Waiting

MANY = Shares(person_running=99, person_waiting=99, place_running=99, place_waiting=99)


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Runs:
    """Programs that run until they are told to end; `order` is the order in which they got their places."""

    places: LocalPlaces
    order: list[str] = field(default_factory=list)
    told: dict[str, list[Waiting]] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    ends: dict[str, asyncio.Event] = field(default_factory=dict)

    async def add(self, *names: str, place: str = "a", device: str = "auto", person: str = "") -> None:
        for name in names:
            self.ends[name], self.told[name] = asyncio.Event(), []
            ask = Ask(person or name[0], place, device)
            self.tasks[name] = asyncio.create_task(self._run(name, ask))
        await settled()

    async def _run(self, name: str, ask: Ask) -> None:
        async with self.places.place(ask, self.told[name].append) as given:
            self.order.append(name)
            self.given[name] = given
            await self.ends[name].wait()

    async def end(self, *names: str) -> None:
        for name in names:
            self.ends[name].set()
            await self.tasks[name]
            await settled()

    async def end_all(self) -> list[str]:
        """Ends them one after another as they come, and says in which order they had their turns."""
        while len(self.order) < len(self.tasks):
            await self.end(self.order[-1])
        await self.end(self.order[-1])
        return self.order


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_one_waits_behind_anothers_ten_programs() -> None:
    runs = Runs(LocalPlaces(1, shares=MANY))
    await runs.add(*(f"x{n}" for n in range(10)))
    await runs.add("y0", "z0", "y1")
    assert (await runs.end_all())[:7] == ["x0", "y0", "z0", "x1", "y1", "x2", "x3"]


async def test_a_server_of_many_people_takes_turns_with_a_server_of_one() -> None:
    runs = Runs(LocalPlaces(1, shares=MANY))
    await runs.add("k0", "l0", "m0", "n0", place="large")
    await runs.add("s0", "s1", place="small")
    assert await runs.end_all() == ["k0", "s0", "l0", "s1", "m0", "n0"]


async def test_so_many_run_at_once_and_no_more_of_one_person_than_may() -> None:
    runs = Runs(LocalPlaces(3, shares=Shares(person_running=1, person_waiting=9)))
    await runs.add("x0", "x1", "y0", "z0", "w0")
    assert runs.order == ["x0", "y0", "z0"]
    await runs.end("y0")
    assert runs.order[3:] == ["w0"]
    await runs.end("x0")
    assert runs.order[4:] == ["x1"]
    await runs.end("x1", "z0", "w0")


async def test_a_server_runs_no_more_at_once_than_it_may() -> None:
    runs = Runs(LocalPlaces(4, shares=Shares(place_running=2)))
    await runs.add("x0", "y0", "z0", place="large")
    await runs.add("s0", place="small")
    assert runs.order == ["x0", "y0", "s0"]
    await runs.end("x0")
    assert runs.order[-1] == "z0"


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        (Shares(person_waiting=2), "2 programs of yours already wait to be run"),
        (Shares(person_waiting=1), "One program of yours already waits to be run"),
        (Shares(person_waiting=9, place_waiting=2), "2 programs from this server already wait to be run"),
        (Shares(person_waiting=9, waiting=2), "2 programs already wait to be run"),
    ],
)
async def test_what_is_too_much_is_refused_in_a_sentence(shares: Shares, says: str) -> None:
    runs = Runs(LocalPlaces(1, shares=shares))
    await runs.add("x0", "x1", "x2")
    with pytest.raises(QueueFull, match=says) as refused:
        async with runs.places.place(Ask("x", "a"), lambda waiting: None):
            pass
    assert "hand" in str(refused.value)
    assert runs.places.standing().waiting == min(2, shares.person_waiting)
    for task in runs.tasks.values():
        task.cancel()
    await asyncio.gather(*runs.tasks.values(), return_exceptions=True)


async def test_a_program_that_finds_a_place_is_not_refused_though_none_may_wait() -> None:
    runs = Runs(LocalPlaces(1, shares=Shares(person_waiting=0)))
    await runs.add("x0")
    assert runs.order == ["x0"]
    await runs.end("x0")


async def test_who_waits_is_told_how_many_come_before_and_for_how_long() -> None:
    clock = Clock()
    runs = Runs(LocalPlaces(1, shares=MANY, clock=clock))
    await runs.add("x0", "y0", "z0")
    assert runs.told["x0"] == []
    assert runs.told["z0"] == [Waiting(1, 16.0)]
    clock.now = 6.0
    await runs.end("x0")
    assert runs.told["y0"][-1].position == 0
    assert runs.told["z0"][-1].position == 0
    assert runs.told["z0"][-1].wait == pytest.approx(0.7 * 8 + 0.3 * 6)
    assert runs.given["y0"].queued == 6.0
    await runs.end("y0", "z0")


async def test_the_wait_is_no_longer_than_the_limits_of_those_before() -> None:
    places = LocalPlaces(1, clock=Clock())
    heard: list[Waiting] = []
    async with places.place(Ask("x", "a", most=2.0), heard.append):
        waits = asyncio.create_task(nothing_in(places, Ask("y", "a"), heard))
        await settled()
        assert heard == [Waiting(0, 2.0)]
    await waits


async def nothing_in(places: LocalPlaces, ask: Ask, heard: list[Waiting]) -> None:
    async with places.place(ask, heard.append):
        pass


async def test_cancelling_while_waiting_makes_room_for_the_next() -> None:
    runs = Runs(LocalPlaces(1, shares=MANY))
    await runs.add("x0", "y0", "z0")
    runs.tasks["y0"].cancel()
    await settled()
    assert runs.told["z0"][-1].position == 0
    await runs.end("x0")
    assert runs.order == ["x0", "z0"]
    await runs.end("z0")
    assert runs.places.standing().running == runs.places.standing().waiting == 0


async def test_cancelling_at_the_very_moment_of_ones_turn_loses_no_place() -> None:
    runs = Runs(LocalPlaces(1, shares=MANY))
    await runs.add("x0", "y0", "z0")
    runs.ends["x0"].set()
    await runs.tasks["x0"]
    runs.tasks["y0"].cancel()
    await settled()
    assert runs.order[-1] == "z0"
    await runs.end("z0")
    assert runs.places.standing().running == 0


async def test_who_cannot_be_told_leaves_the_queue_and_nobody_else_notices() -> None:
    runs = Runs(LocalPlaces(1))
    await runs.add("x0")

    def broken(waiting: Waiting) -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        async with runs.places.place(Ask("y", "a"), broken):
            pass
    assert runs.places.standing().waiting == 0
    await runs.end("x0")


async def test_one_program_a_gpu_and_the_next_takes_the_cpu_and_says_so() -> None:
    runs = Runs(LocalPlaces(3, ("cuda:0",)))
    await runs.add("x0", "y0", "z0")
    assert [runs.given[name].device for name in runs.order] == ["cuda:0", "cpu", "cpu"]
    assert not runs.given["x0"].note
    assert "GPU is busy" in runs.given["y0"].note
    await runs.end("x0", "y0", "z0")


async def test_who_names_a_gpu_waits_for_it_and_holds_up_nobody() -> None:
    runs = Runs(LocalPlaces(2, ("cuda:0",)))
    await runs.add("x0", "y0", device="cuda:0")
    await runs.add("z0", device="cpu")
    assert runs.order == ["x0", "z0"]
    await runs.end("x0")
    assert runs.given["y0"].device == "cuda:0"
    await runs.end("y0", "z0")


async def test_a_gpu_that_is_not_there_becomes_the_cpu_and_says_so() -> None:
    runs = Runs(LocalPlaces(2))
    await runs.add("x0", device="cuda:3")
    assert runs.given["x0"].device == "cpu"
    assert "no cuda:3" in runs.given["x0"].note
    await runs.end("x0")


async def test_a_hundred_people_all_get_their_turn() -> None:
    runs = Runs(LocalPlaces(4, ("cuda:0",), MANY))
    for n in range(100):
        await runs.add(f"p{n}", place=f"server {n % 7}", person=str(n))
    while len(runs.order) < 100 or runs.places.standing().running:
        open_ = next(name for name in runs.order if not runs.ends[name].is_set())
        await runs.end(open_)
    assert sorted(runs.order) == sorted(runs.tasks)
    assert runs.places.standing().waiting == 0
