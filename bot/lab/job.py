"""One job in one sandbox: hands the program in, follows what it says, measures what it left, and ends the sandbox.

It starts no sandbox and keeps no queue. Whatever happens, the sandbox is ended when it returns.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.training import Fault, Limits, Outcome, Progress, Seconds, Status
from bot.lab import claims, endings
from bot.lab.output import Output
from bot.lab.started import Started, TooMuch
from bot.lab.verdicts import Measuring, Verdict, assumed

#: Seconds from handing in to the program's first line: PyTorch's import from a cold disk, on a busy machine.
START = 90.0
#: Seconds for predictions, once a program has ended in time.
MEASURE = 20.0
#: Seconds between two words on how it goes.
TOLD = 0.1
#: Seconds for what is still in the pipes when all is over.
REST = 2.0


@dataclass(frozen=True)
class Work:
    """What a job is given: the frame that hands it in and its nonce, its limits, and how it is measured.

    `also` returns, with a sentence, when the job is to be ended for what it holds elsewhere (a GPU).
    """

    frame: bytes
    nonce: str
    limits: Limits
    measuring: Measuring
    device: str = "cpu"
    also: Callable[[], Awaitable[str]] | None = None


class Job:
    """One program in one sandbox. `heard` is told how it goes; `start` is how long the first line may take."""

    def __init__(
        self,
        work: Work,
        slot: Started,
        heard: Callable[[Progress], None],
        start: float = START,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work = work
        self._slot = slot
        self._heard = heard
        self._start = start
        self._clock = clock
        self._output = Output(work.limits.output)
        self._stage: Literal["starting", "running", "measuring"] = "starting"
        self._handed_in = clock()
        self._began: float | None = None
        self._ended: float | None = None
        self._told = float("-inf")
        self._finished = claims.Finished({}, None, "")
        self._fault: Fault | None = None
        self._verdict: Verdict | None = None
        self._held = ""
        self._until = asyncio.Timeout(None)

    async def run(self) -> Outcome:
        """Follows the job to its end. Cancelling the call ends the sandbox at once."""
        confined = self._slot.confined
        talking = asyncio.ensure_future(self._follow())
        reading = asyncio.ensure_future(self._output.read(confined.stdout, confined.stderr))
        also = asyncio.ensure_future(self._watch_also())
        tasks = (talking, reading, also)
        try:
            why = await self._wait(talking, reading, also)
            status = why or self._result(talking)
            code = await self._code() if status is None else None
            talking.cancel()
            await self._slot.kill()
            await asyncio.wait({talking, reading}, timeout=REST)
            return self._outcome(status, code)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.shield(self._slot.kill())
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(
        self, talking: asyncio.Future[None], reading: asyncio.Future[None], also: asyncio.Future[None]
    ) -> Status | None:
        """Waits until the job has said all, or must be ended: then why."""
        try:
            async with asyncio.timeout(self._start) as self._until:
                while not talking.done():
                    waiting = {task for task in (talking, reading, also) if not task.done()}
                    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                    if self._output.over:
                        return "output_limit"
                    if self._held:
                        return "memory_limit"
        except TimeoutError:
            return "time_limit"
        return None

    async def _code(self) -> int | None:
        """How a process ended that has hung up; None when it lives on without its channel."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REST):
                return await self._slot.confined.wait()
        return None

    async def _watch_also(self) -> None:
        if self._work.also is not None:
            self._held = await self._work.also()

    def _result(self, talking: asyncio.Future[None]) -> Status | None:
        """How the conversation ended, when nobody had to end it; None when the job broke it off."""
        if talking.cancelled():
            return None
        if isinstance(error := talking.exception(), TooMuch):
            return "output_limit"
        if error is not None:
            raise error
        if self._fault is not None:
            return "memory_limit" if endings.lacked_memory(self._fault) else "crashed"
        return self._verdict.status if self._verdict is not None else None

    async def _follow(self) -> None:
        """The whole conversation, until there is a verdict, an error, or nobody there."""
        measuring = self._work.measuring
        self._tell()
        await self._slot.hand_in(self._work.frame, self._work.nonce, measuring.rows, measuring.lengths)
        async for said in self._slot.said():
            match said:
                case claims.Began():
                    self._begins()
                case claims.Points() | claims.Validation():
                    self._tell(TOLD)
                case claims.Finished():
                    self._ends()
                    self._finished = said
                case claims.Failed():
                    self._ends()
                    self._fault = said.fault
                    return
                case claims.Ready():
                    await self._ask(measuring)
                case claims.Predictions() | claims.Values() | claims.Nothing():
                    self._verdict = measuring.judged(said, self._finished.predicted_by)
                    return
                case claims.Warm():
                    pass

    def _begins(self) -> None:
        self._began, self._stage = self._clock(), "running"
        self._until.reschedule(asyncio.get_running_loop().time() + self._work.limits.seconds)
        self._tell()

    def _ends(self) -> None:
        if self._ended is None:
            self._ended = self._clock()

    async def _ask(self, measuring: Measuring) -> None:
        """Predictions have a time of their own: how many there are is not the program's doing."""
        self._stage = "measuring"
        self._until.reschedule(asyncio.get_running_loop().time() + min(MEASURE, self._work.limits.seconds))
        self._tell()
        await self._slot.send(measuring.asked())

    def _tell(self, pause: float = 0.0) -> None:
        now = self._clock()
        if now - self._told >= pause:
            self._told = now
            begun = self._began if self._began is not None else now
            self._heard(Progress(self._stage, seconds=now - begun, curve=self._slot.hearing.curve))

    def _outcome(self, status: Status | None, code: int | None) -> Outcome:
        """All that came of it. `status` is None when the job just hung up, `code` its exit code if it has ended."""
        limits, began = self._work.limits, self._began is not None
        ran = Outcome(
            "crashed",
            device=self._work.device,
            seconds=self._seconds(),
            error=self._fault,
            stdout=self._output.text(),
            curve=self._slot.hearing.curve,
            seen=self._finished.seen,
            parameters=self._finished.parameters,
            predicted_by=self._finished.predicted_by,
        )
        if self._slot.confined.died_of_memory() and status not in ("measured", "output_limit"):
            return replace(ran, status="memory_limit", why=endings.memory(limits, began))
        if not began and status != "output_limit":
            return replace(ran, status="unavailable", why=endings.never_began(self._start, status, ran.stdout, code))
        if status is None:
            return replace(ran, error=endings.ended_by_itself(code, self._stage))
        if self._verdict is not None and status == self._verdict.status:
            verdict = self._verdict
            ran = replace(ran, accuracy=verdict.accuracy, of=verdict.of, cases=verdict.cases)
            note = assumed(ran.seen, ran.predicted_by) if verdict.accuracy is not None else ""
            return replace(ran, status=status, why=verdict.why, notes=(note,) if note else ())
        ended = self._held or endings.why(status, limits, self._stage, MEASURE, self._fault)
        return replace(ran, status=status, why=ended)

    def _seconds(self) -> Seconds:
        now = self._clock()
        began = self._began if self._began is not None else now
        ended = self._ended if self._ended is not None else now
        return Seconds(start=began - self._handed_in, train=max(0.0, ended - began), total=now - self._handed_in)
