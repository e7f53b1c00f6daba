"""The lab: takes a program from the door to the outcome, by queue, sandbox, harness and measuring. A `bot.ports.Lab`.

It joins what stands behind it, each in a module of its own. Nothing is done before the first call.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.core.training import Limits, Outcome, Progress, Submission
from bot.errors import LabUnavailable
from bot.lab import protocol, sizing
from bot.lab.datasets import Digits, digits_ready, open_digits
from bot.lab.download import PUBLISHED, Source
from bot.lab.gpu import TAKE_TORCH, Devices, Gpu, Offer, offer, read_devices, torch_version_file
from bot.lab.gpu_room import find_libraries, gpu_room
from bot.lab.gpu_turn import GpuTurn
from bot.lab.handing_in import objection
from bot.lab.job import Job, Work
from bot.lab.measuring import HeldOut
from bot.lab.queue import Ask, Given, LocalPlaces, Places, QueueFull, Shares
from bot.lab.rooms import WAITING, fits_waiting, room
from bot.lab.sandbox import Room, Sandbox
from bot.lab.sizing import Machine
from bot.lab.slots import Keeping, Slots
from bot.lab.started import Started, started
from bot.lab.verdicts import Measuring, OnCases, OnImages

#: A program, and what is made ready for one, gets about half of what others get where they want the same core: a
#: conversation beside it stays quick, and its own limit by the clock is not eaten up by a busy machine.
NICE = 3
#: Slots that wait once a code round nears, where no setting says how many.
WARM = 1

Heard = Callable[[Progress], None]


@dataclass(frozen=True)
class Wanted:
    """What the settings say of the lab. `idle` is after how many seconds without a program no slot waits any more.

    MNIST is downloaded from `source` where no folder is named; `told` hears how that goes.
    """

    home: Path
    mnist: Path | None = None
    device: str = "auto"
    warm: int | None = None
    idle: float | None = 600.0
    source: Source = PUBLISHED
    told: Callable[[str], None] = lambda sentence: None


class BubblewrapLab:
    """A `bot.ports.Lab` on this machine. The other arguments are what it works with, for tests and for clusters."""

    def __init__(
        self,
        wanted: Wanted,
        sandbox: Sandbox | None = None,
        shares: Shares | None = None,
        machine: Callable[[], Machine] = sizing.read_machine,
        devices: Callable[[], Devices] = read_devices,
        clock: Callable[[], float] = time.monotonic,
        secret: Callable[[], int] = lambda: secrets.randbits(128),
    ) -> None:
        self._wanted = wanted
        self._sandbox = sandbox or Sandbox()
        self._shares = shares or Shares()
        self._machine = machine
        self._read_devices = devices
        self._clock = clock
        self._secret = secret
        self._digits: Digits | None = None
        self._reading = asyncio.Lock()
        self._running: set[asyncio.Task[Outcome]] = set()

    async def run(self, submission: Submission, heard: Heard = lambda progress: None) -> Outcome:
        """See `bot.ports.Lab.run`."""
        if objected := objection(submission):
            return Outcome("refused", why=objected)
        if why := self.unavailable():
            raise LabUnavailable(why)
        running = asyncio.ensure_future(self._run(submission, heard))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await running

    def unavailable(self) -> str | None:
        """See `bot.ports.Lab.unavailable`."""
        if torch_version_file() is None:
            return f"Programs cannot be run here: PyTorch is not installed. Get it with `{TAKE_TORCH}`."
        return self._sandbox.unavailable()

    def near(self) -> None:
        """See `bot.ports.Lab.near`."""
        if self.unavailable() is None:
            self._slots.near()

    async def close(self) -> None:
        """See `bot.ports.Lab.close`."""
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if "_slots" in vars(self):
            await self._slots.close()

    def describe(self) -> Mapping[str, Any]:
        """How the lab stands, for `viva lab status`."""
        standing, machine = self._places.standing(), self._machine()
        warm, becoming = self._slots.waiting()
        return {
            "unavailable": self.unavailable(),
            "sandbox": self._sandbox.describe(),
            "devices": standing.devices,
            "says": self._offer.says,
            "queue": {"places": standing.places, "running": standing.running, "waiting": standing.waiting},
            "slots": {"warm": warm, "becoming warm": becoming, "at most": self._most()},
            "machine": {"cores": machine.cores, "free (MiB)": machine.free},
        }

    def slot_memory(self) -> list[int]:
        """Bytes that each waiting slot holds, as its sandbox counts them."""
        return [slot.confined.memory() for slot in self._slots.warm()]

    @cached_property
    def _offer(self) -> Offer:
        return offer(self._wanted.device, self._read_devices())

    @cached_property
    def _places(self) -> Places:
        at_once = sizing.parallel(self._machine(), Limits().memory)
        return LocalPlaces(at_once, tuple(gpu.device for gpu in self._offer.gpus), self._shares, self._clock)

    @cached_property
    def _slots(self) -> Slots[Started]:
        device = self._offer.gpus[0].device if self._offer.gpus else "cpu"
        keeping = Keeping(self._most, self._quiet, self._wanted.idle)
        return Slots(lambda: self._warm(device), keeping, device, self._clock)

    def _most(self) -> int:
        return sizing.slots(self._machine(), WARM if self._wanted.warm is None else self._wanted.warm)

    def _quiet(self) -> bool:
        standing = self._places.standing()
        return standing.running < standing.places

    async def _run(self, submission: Submission, heard: Heard) -> Outcome:
        began = self._clock()
        ask = Ask(submission.person, submission.place, submission.device, submission.limits.seconds)
        try:
            if self._digits is None:  # they may have to be downloaded first
                heard(Progress("starting"))
            digits = await self._data(submission)
            async with self._places.place(ask, lambda w: heard(Progress("queued", w.position, w.wait))) as given:
                heard(Progress("starting"))
                outcome = await self._placed(submission, given, digits, heard)
        except QueueFull as full:
            return Outcome("cancelled", why=str(full))
        finally:
            self._slots.look()
        if outcome.status == "unavailable":
            raise LabUnavailable(outcome.why)
        seconds = replace(outcome.seconds, queued=given.queued, total=self._clock() - began)
        return replace(outcome, seconds=seconds)

    async def _data(self, submission: Submission) -> Digits | None:
        """The digits; a task that does not measure on them goes without where there are none."""
        try:
            return await self._all_digits()
        except LabUnavailable:
            if submission.task.measure == "classify":
                raise
            return None

    async def _all_digits(self) -> Digits:
        async with self._reading:
            if self._digits is None:
                wanted = self._wanted
                self._digits = await digits_ready(
                    lambda progress: open_digits(wanted.mnist, wanted.home, progress, wanted.source), wanted.told
                )
        return self._digits

    async def _placed(self, submission: Submission, given: Given, digits: Digits | None, heard: Heard) -> Outcome:
        """Runs it on the device that it was given, or on the CPU where others are on that GPU."""
        gpu = self._offer.gpu(given.device)
        async with GpuTurn(gpu) as turn:
            gpu = None if turn.busy else gpu
            outcome = await self._on(submission, gpu, digits, turn, heard)
        notes = (*(digits.notes if digits and outcome.of else ()), given.note, turn.busy, self._missing_gpu())
        return replace(
            outcome,
            data=digits.name if digits and outcome.of else "",
            device_name=gpu.name if gpu else "",
            notes=(*outcome.notes, *filter(None, notes)),
        )

    def _missing_gpu(self) -> str:
        """A GPU that was named in the settings and cannot be had is no secret."""
        return self._offer.says if self._wanted.device.startswith("cuda") and not self._offer.gpus else ""

    async def _on(
        self, submission: Submission, gpu: Gpu | None, digits: Digits | None, turn: GpuTurn, heard: Heard
    ) -> Outcome:
        """In a warm slot where one waits; one that fails before the program began is no loss."""
        device = gpu.device if gpu else "cpu"
        if fits_waiting(submission.limits) and (slot := await self._slots.take(device)) is not None:
            slot.confined.cap_memory(submission.limits.memory)
            outcome = await self._job(submission, slot, device, digits, turn, heard)
            if outcome.status != "unavailable":
                return outcome
        cold = await started(self._sandbox, self._room(submission.limits, digits, gpu), NICE)
        return await self._job(submission, cold, device, digits, turn, heard)

    async def _job(
        self, submission: Submission, slot: Started, device: str, digits: Digits | None, turn: GpuTurn, heard: Heard
    ) -> Outcome:
        task, nonce = submission.task, f"{self._secret():032x}"
        work = Work(
            protocol.job(submission.source, submission.seed, nonce, device, task.measure, task.function),
            nonce,
            submission.limits,
            self._measuring(submission, digits),
            device,
            turn.over(slot.confined.pid),
        )
        return await Job(work, slot, heard, clock=self._clock).run()

    def _measuring(self, submission: Submission, digits: Digits | None) -> Measuring:
        if digits is None or submission.task.measure == "call":
            return OnCases(submission.task.cases)
        return OnImages(HeldOut(digits.held_images, digits.held_labels), self._secret())

    def _room(self, limits: Limits, digits: Digits | None, gpu: Gpu | None, warm: bool = False) -> Room:
        given = gpu_room(gpu, self._libraries) if gpu else None
        return room(limits, digits.folder if digits else None, gpu.device if gpu else "cpu", given, warm)

    @cached_property
    def _libraries(self) -> Mapping[str, Path]:
        return find_libraries()

    async def _warm(self, device: str) -> Started:
        """A slot for whatever program comes next."""
        digits = await self._all_digits()
        return await started(
            self._sandbox, self._room(WAITING, digits, self._offer.gpu(device), warm=True), NICE, warm=True
        )
