"""Starts one sandbox's first program with everything that it hands on: pipes, plan, arguments, filters."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import LabUnavailable
from bot.lab.sandbox import arguments
from bot.lab.sandbox.arguments import Machine
from bot.lab.sandbox.confined import DYING, Memory
from bot.lab.sandbox.policy import Policy
from bot.lab.sandbox.room import Room
from bot.lab.sandbox.watching import tree

LAUNCH = Path(__file__).with_name("launch.py")
PIPES = ("stdin", "stdout", "stderr", "channel", "started")


@dataclass
class Ends:
    """Both ends of the pipes of one start; those that are left open are closed with it."""

    pairs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, name: str, end: int) -> int:
        """The descriptor, which is the taker's from now on."""
        pair = self.pairs[name]
        self.pairs[name] = (-1, pair[1]) if end == 0 else (pair[0], -1)
        return pair[end]

    def close(self, names: Sequence[str], end: int) -> None:
        for name in names:
            if (descriptor := self.take(name, end)) >= 0:
                os.close(descriptor)

    def close_childs(self) -> None:
        """The ends that a child was given: its end is seen only when nobody else holds them."""
        self.close(("stdin",), 0)
        self.close(("stdout", "stderr", "channel", "started"), 1)


@dataclass(frozen=True)
class Start:
    """One start: what in, by which policy, on which machine. `uid` is None where there is no root to drop."""

    room: Room
    policy: Policy
    machine: Machine
    filters: tuple[bytes, ...]
    cgroups: tuple[Path, ...]
    nice: int
    uid: int | None

    def spawn(self, ends: Ends) -> subprocess.Popen[bytes]:
        """Starts launch.py. The child's ends of the pipes are closed here."""
        given: list[int] = []
        try:
            given += [_kept("\0".join(self._words()).encode()), *map(_kept, self.filters)]
            plan = self._plan([ends.pairs["channel"][1], ends.pairs["started"][1], *given])
            given.append(_kept(json.dumps(plan).encode()))
            return subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", str(LAUNCH), str(given[-1])],
                stdin=ends.pairs["stdin"][0],
                stdout=ends.pairs["stdout"][1],
                stderr=ends.pairs["stderr"][1],
                pass_fds=(ends.pairs["channel"][1], ends.pairs["started"][1], *given),
                env=plan["environment"],
                start_new_session=self.policy.session,
            )
        finally:
            for descriptor in given:
                os.close(descriptor)
            ends.close_childs()

    def _words(self) -> list[str]:
        """bubblewrap's arguments, once all that they name has been found to be there."""
        room = self.room
        if gone := next((path for path in [*self._sources(), *room.devices] if not path.exists()), None):
            raise LabUnavailable(f"Programs cannot be run here: {gone}, which they need, is not there.")
        shown = room if self.uid is None else arguments.staged(room, self._place())
        words = arguments.bubblewrap(shown, self.policy, self.machine)
        if any("\0" in word for word in words):
            raise ValueError("a path or a value of the environment with a NUL in it")
        return words

    def _plan(self, descriptors: Sequence[int]) -> dict[str, Any]:
        inside = arguments.command(self.room, self.policy, self.machine)
        return arguments.plan(
            self.policy,
            [self.machine.bwrap, "--args", str(arguments.ARGUMENTS), "--", *inside],
            descriptors,
            parent=os.getpid(),
            uid=self.uid,
            place=self._place(),
            sources=self._sources(),
            cgroups=self.cgroups,
            nice=self.nice,
            environment=os.environ,
        )

    def _sources(self) -> list[Path]:
        return [bind.host for bind in self.room.binds]

    def _place(self) -> str:
        return arguments.staging([*self._sources(), Path(self.machine.bwrap)])


@contextlib.contextmanager
def pipes() -> Iterator[Ends]:
    """New ones, closed in the end except for what was taken."""
    ends = Ends()
    try:
        for name in PIPES:
            ends.pairs[name] = os.pipe()
        yield ends
    finally:
        ends.close(list(ends.pairs), 0)
        ends.close(list(ends.pairs), 1)


def ended(process: subprocess.Popen[bytes]) -> None:
    """Kills a start that came to nothing."""
    for pid in tree(process.pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def removed(memory: Memory) -> None:
    """Removes what such a start was put into, once that is empty."""
    until = time.monotonic() + DYING
    while not memory.remove() and time.monotonic() < until:
        time.sleep(0.002)


def _kept(content: bytes) -> int:
    """A descriptor that reads the content from its start."""
    descriptor = os.memfd_create("viva")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
