"""Measures the bot in Discord against a bare discord.py bot, on the same loopback Discord in the same run.

`python -m benchmarks.serving [quick]` prints Markdown tables. The loopback and all people live in this process, each
bot in its own; the two bots take turns, so that both meet the same neighbours.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.candidates import ROOT
from tests.loopback import Loopback

ROUNDS = {1: 150, 10: 40, 50: 20}
SERVERS, PEOPLE, ACTIVE = 50, 500, 50
ANSWERS = (
    "It is a weighted sum of the inputs plus a bias, followed by an activation function such as ReLU.",
    "Gradient descent moves the weights against the gradient of the loss, a small step at a time.",
    "Because without a non-linearity the layers collapse into a single linear map.",
    "I would look at the validation loss: where it rises while the training loss falls, the network overfits.",
)


@dataclass
class Bot:
    """A bot in a process of its own."""

    discord: Loopback
    command: Sequence[str]
    environment: dict[str, str]
    app: Any
    cores: frozenset[int] = frozenset(os.sched_getaffinity(0))
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> float:
        """Starts it; the seconds until it is ready."""
        began = time.perf_counter()
        base = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "DISCORD_"))}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, *self.command, cwd=ROOT, env=base | self.environment, stderr=asyncio.subprocess.DEVNULL
        )
        os.sched_setaffinity(self.process.pid, self.cores)
        await self.discord.ready(60, app=self.app)
        return time.perf_counter() - began

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    def megabytes(self) -> float:
        """Resident memory of its process."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000


@contextlib.asynccontextmanager
async def bots(home: Path, **settings: str) -> AsyncIterator[tuple[Loopback, Bot, Bot]]:
    """A Discord with a bare bot and Viva, both ready."""
    async with Loopback.running(validate=False) as discord:
        given = {"VIVA_HOME": str(home), "VIVA_LAB": "off", **settings}
        viva = Bot(discord, ("-m", "bot", "serve"), {**discord.environment, **given}, discord.app)
        other = discord.application("bare")
        bare = Bot(discord, ("-m", "tests.loopback.bare"), {**discord.environment, "DISCORD_TOKEN": other.token}, other)
        try:
            await bare.start()
            await viva.start()
            yield discord, bare, viva
        finally:
            await bare.stop()
            await viva.stop()


@dataclass
class Seated:
    """A person with an interview, and its thread."""

    person: Any
    thread: Any
    answered: int = 0

    async def answer(self) -> float | None:
        """Answers by the newest button; the seconds until the modal was acknowledged."""
        message = next((m for m in reversed(self.thread.said) if "Answer" in m.buttons), None)
        if message is None:
            return None
        shown = await self.person.click(message, "Answer")
        if not shown.modal:
            return shown.took
        self.answered += 1
        sent = await self.person.submit(shown, ANSWERS[self.answered % len(ANSWERS)])
        return max(shown.took or 9.9, sent.took or 9.9)


async def seat(discord: Loopback, people: int, servers: int, apps: Sequence[Any], pace: float = 0.15) -> list[Seated]:
    """People with interviews begun, spread over servers."""
    groups = [discord.server(f"Group {n}", channels=["general"]) for n in range(servers)]
    for group in groups:
        for app in apps:
            discord.invites(group.server, app)
    seated: list[Seated] = []
    for n in range(people):
        group = groups[n % servers]
        person = group.member(f"person {len(discord.world.users)}")
        shown = await person.slash(group["general"], "interview", flow="mixed", questions=20)
        if shown.failed:
            raise RuntimeError(shown.failed)
        seated.append(Seated(person, await person.sees_thread(group["general"])))
        await asyncio.sleep(pace)
    return seated


async def acknowledgements(
    seated: Sequence[Seated], bare: Bot, at_once: int, rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds to the first response of `/ping` at the bare bot and of `/hint` at Viva, by turns."""
    floor: list[float] = []
    ours: list[float] = []
    for number in range(rounds):
        chosen = [seated[(number * at_once + k) % len(seated)] for k in range(at_once)]
        pings = [one.person.slash(one.thread, "ping", app=bare.app) for one in chosen]
        hints = [one.person.slash(one.thread, "hint") for one in chosen]
        for found, calls in ((floor, pings), (ours, hints)):
            found += [shown.took or 9.9 for shown in await asyncio.gather(*calls)]
            await asyncio.sleep(0.05 + 0.02 * at_once)
    return floor, ours


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(what: str, floor: Sequence[float], ours: Sequence[float], bars: str) -> str:
    def both(share: float) -> str:
        a, b = quantile(floor, share), quantile(ours, share)
        return f"{1e3 * a:.1f} → {1e3 * b:.1f} ms, {b / a:.2f} ×"

    return f"| {what} (n = {len(ours)}) | {both(0.5)} | {both(0.99)} | {bars} |"


def told(what: str, measured: str, bar: str) -> None:
    print(f"| {what} | {measured} | {bar} |", flush=True)


async def grading(seated: Sequence[Seated], stopped: asyncio.Event) -> None:
    """Keeps the grader busy with answers."""
    turn = 0
    while not stopped.is_set():
        await seated[turn % len(seated)].answer()
        turn += 1


async def programs(home: Path, stopped: asyncio.Event) -> None:
    """Keeps one program running in the lab beside both bots."""
    reference = ROOT / "corpus" / "tasks" / "mnist-mlp" / "reference.py"
    environment = {**os.environ, "VIVA_HOME": str(home)}
    while not stopped.is_set():
        command = (sys.executable, "-m", "bot", "lab", "run", str(reference), "--json")
        run = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        await run.wait()


async def crowd(home: Path, people: int, minutes: float) -> None:
    """Many sittings open on many servers, some people answering: what they wait for, and what the process holds."""
    async with bots(home) as (discord, bare, viva):
        await bare.stop()
        seated = await seat(discord, people // 10, SERVERS, [], pace=0.1)
        await asyncio.sleep(10)
        few = viva.megabytes()
        seated += await seat(discord, people - len(seated), SERVERS, [], pace=0.1)
        await asyncio.sleep(10)
        many = viva.megabytes()
        began, limited = time.monotonic(), len(discord.own_limited)
        waits = await asyncio.gather(*(active(one, began + 60 * minutes) for one in seated[:ACTIVE]))
        took = [wait for each in waits for wait in each]
        p50, p99 = (1e3 * quantile(took, share) for share in (0.5, 0.99))
        late = sum(wait > 3 for wait in took)
        told(
            f"{people} sittings open on {SERVERS} servers, {ACTIVE} people answering for {minutes:.0f} min",
            f"{len(took)} answers, p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {max(took):.2f} s; later than 3 s: {late}",
            "none later than 3 s",
        )
        told("request limits hit in it", f"{len(discord.own_limited) - limited}", "0")
        each = 1000 * (many - few) / (people - people // 10)
        told("memory of an open sitting", f"{each:.0f} kB ({many:.0f} MB with {people})", "50 kB")
        await viva.stop()
        told(f"ready after a restart with {people} open", f"{await viva.start():.1f} s", "5 s")


async def active(one: Seated, until: float) -> list[float]:
    """A person who answers, and thinks in between as people do; the seconds that acknowledgements took."""
    took: list[float] = []
    pause = random.Random(one.person.name)
    await asyncio.sleep(pause.uniform(0, 20))
    while time.monotonic() < until:
        if (seconds := await one.answer()) is not None:
            took.append(seconds)
        await asyncio.sleep(pause.uniform(10, 30))
    return took


async def alone() -> None:
    """A start with an empty home, and what ten people who answer take with the lab off."""
    with tempfile.TemporaryDirectory() as home:
        async with Loopback.running(validate=False) as discord:
            given = {**discord.environment, "VIVA_HOME": home, "VIVA_LAB": "off"}
            viva = Bot(discord, ("-m", "bot", "serve"), given, discord.app, frozenset([0]))
            told("ready with an empty home", f"{await viva.start():.1f} s", "5 s")
            seated = await seat(discord, 10, 1, [])
            until = time.monotonic() + 30
            await asyncio.gather(*(active(one, until) for one in seated))
            told("ten people answering, lab off, on one core", f"{viva.megabytes():.0f} MB", "600 MB")
            await viva.stop()


async def main(quick: bool) -> None:
    print("| slash acknowledgement | p50, bare → Viva | p99, bare → Viva | bars |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as home:
        async with bots(Path(home)) as (discord, bare, viva):
            seated = await seat(discord, 60, 5, [bare.app], pace=0.1)
            await asyncio.sleep(2)
            for at_once, rounds in ROUNDS.items():
                floor, ours = await acknowledgements(seated, bare, at_once, rounds // (4 if quick else 1))
                print(row(f"{at_once} at once", floor, ours, "1.5 ×, 2 ×"), flush=True)
            stopped = asyncio.Event()
            busy = [
                asyncio.create_task(grading(seated[:10], stopped)),
                asyncio.create_task(programs(Path(home), stopped)),
            ]
            await asyncio.sleep(3)
            floor, ours = await acknowledgements(seated[10:], bare, 1, ROUNDS[1] // (4 if quick else 1))
            stopped.set()
            await asyncio.gather(*busy)
            print(row("while answers are graded and a program runs", floor, ours, "–, 5 ×"), flush=True)
            await viva.stop()
    print("\n| what | measured | bar |\n| --- | --- | --- |")
    await alone()
    with tempfile.TemporaryDirectory() as home:
        await crowd(Path(home), PEOPLE // (5 if quick else 1), 1 if quick else 2)


if __name__ == "__main__":
    asyncio.run(main("quick" in sys.argv))
