"""Starts sandboxes, and says whether that is possible here. What they may do stands in policy.py."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import LabUnavailable
from bot.lab.sandbox import cgroup, host, missing, seccomp, spawning
from bot.lab.sandbox.arguments import Machine
from bot.lab.sandbox.confined import Confined, Memory, Pipes
from bot.lab.sandbox.host import Tools
from bot.lab.sandbox.policy import MIB, Policy
from bot.lab.sandbox.room import Room
from bot.lab.sandbox.spawning import Start
from bot.lab.sandbox.watching import Watch

#: Users whom a root becomes, one for each sandbox: of Debian's range for allocations by hand, which is all but unused,
#: and under 65536, as containers often know no more.
SPARE = range(64512, 65024)
#: Seconds by the clock; a start takes some 50 ms.
PATIENCE = 15.0
SAID = 4096


class Sandbox:
    """Made once for a process. `policy` and `tools` are for tests; no setting reaches them."""

    def __init__(self, policy: Policy | None = None, tools: Tools | None = None) -> None:
        self._policy = policy or Policy()
        self._tools = tools or Tools()
        self._probed = False
        self._why: str | None = None
        self._machine: dict[bool, Machine] = {}
        self._filters: dict[bool, tuple[bytes, bytes]] = {}
        self._places: cgroup.Places | None = None
        self._numbers = itertools.count(1)

    def unavailable(self) -> str | None:
        """What is missing and how to get it; None when programs can be confined, which one really was, once."""
        if not self._probed:
            self._why = self._probe()
            self._probed = True
        return self._why

    def describe(self) -> Mapping[str, Any]:
        """For `viva lab status`."""
        if why := self.unavailable():
            return {"isolation": None, "unavailable": why}
        policy = self._policy
        return {
            "isolation": _first_line([str(self._tools.path(self._tools.bwrap)), "--version"]),
            "runs as": "a spare user (root was dropped)" if self._drops() else "the user",
            "seccomp": f"libseccomp {seccomp.version(self._tools.libseccomp)}" if policy.seccomp else None,
            "memory": f"cgroup v{self._places.version}" if self._places else "watchdog",
            "limits": {
                "processes": policy.processes,
                "open files": policy.open_files,
                "file size (MiB)": policy.file_size // MIB,
                **{f"{folder} (MiB)": size // MIB for folder, size in policy.folders},
            },
        }

    async def start(self, room: Room, nice: int = 10) -> Confined:
        """A sandbox whose command begins now. LabUnavailable where there is none to be had.

        From the main thread's loop alone: a sandbox dies with the thread that started it.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("Sandboxes are started in the main thread: they die with the thread that started them.")
        if why := self.unavailable():
            raise LabUnavailable(why)
        try:
            memory = self._memory(room, nice)
        except OSError as error:
            raise LabUnavailable(missing.refused(str(error))) from error
        try:
            return await self._started(room, memory, nice)
        except BaseException as error:  # a call that is cancelled leaves nothing either
            memory.kill()
            spawning.removed(memory)
            if isinstance(error, OSError):  # no descriptor or no process is left to be had
                raise LabUnavailable(missing.refused(str(error))) from error
            raise

    async def _started(self, room: Room, memory: Memory, nice: int) -> Confined:
        with spawning.pipes() as ends:
            process = self._start(room, memory, nice).spawn(ends)
            pipes = Pipes()
            try:
                stderr = await pipes.reader(ends.take("stderr", 0))
                begun = await pipes.reader(ends.take("started", 0))
                async with asyncio.timeout(PATIENCE):
                    if not await begun.read(1):
                        raise LabUnavailable(missing.refused((await stderr.read(SAID)).decode(errors="replace")))
                stdin = await pipes.writer(ends.take("stdin", 1))
                stdout = await pipes.reader(ends.take("stdout", 0))
                channel = await pipes.reader(ends.take("channel", 0))
            except BaseException as error:  # nor here
                spawning.ended(process)
                await pipes.close()
                if isinstance(error, TimeoutError):
                    raise LabUnavailable(f"{missing.BEGINS}: a sandbox took more than {PATIENCE:.0f} s.") from None
                raise
        if isinstance(memory, Watch):
            memory.begin(process.pid)
        reserve = self._policy.reserve if self._policy.limits else None
        return Confined(process, memory, pipes, (stdin, stdout, stderr, channel), reserve)

    def _probe(self) -> str | None:
        """Why not, by really running `true`."""
        if why := missing.parts(self._tools):
            return why
        bwrap = str(self._tools.path(self._tools.bwrap))
        helped = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False)
        usage = helped.stdout
        if why := missing.refused(helped.stderr) if helped.returncode else missing.old(usage):
            return why
        for with_gpu in (False, True):
            self._machine[with_gpu] = Machine(
                bwrap,
                str(self._tools.path(self._tools.prlimit)),
                tuple(host.system()),
                tuple(host.masked(with_gpu)),
                "--disable-userns" in usage,
            )
        if self._policy.memory and (places := cgroup.find()):
            cgroup.sweep(places)
            self._places = places
            if self._tried() is None:
                return None
            self._places = None  # they look usable and are not
        return self._tried()

    def _tried(self) -> str | None:
        """Runs `true` in a sandbox; why that did not work, or None."""
        room = Room(("/bin/sh", "-c", "exit 0"), memory=64)
        try:
            memory = self._memory(room, 0)
        except OSError as error:
            return missing.refused(str(error))
        try:
            with spawning.pipes() as ends:
                process = self._start(room, memory, 0).spawn(ends)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    spawning.ended(process)
                begun = os.read(ends.pairs["started"][0], 1)
                return None if begun else missing.refused(os.read(ends.pairs["stderr"][0], SAID).decode())
        except OSError as error:
            return missing.refused(str(error))
        finally:
            spawning.removed(memory)

    def _memory(self, room: Room, nice: int) -> Memory:
        if not self._policy.memory or self._places is None:
            watch = Watch(tuple(folder for folder, _ in self._policy.folders))
            if self._policy.memory:
                watch.cap(room.memory * MIB)
            return watch
        group = cgroup.Group(self._places, cgroup.fresh_name())
        group.make(room.memory * MIB, self._policy.processes + 2, nice)  # and bubblewrap's own two
        return group

    def _start(self, room: Room, memory: Memory, nice: int) -> Start:
        return Start(
            room,
            self._policy,
            self._machine[room.sys_readonly],
            self._filter(bool(room.devices)),
            tuple(memory.folders),
            nice,
            self._spare() if self._drops() else None,
        )

    def _filter(self, devices: bool) -> tuple[bytes, ...]:
        if not self._policy.seccomp:
            return ()
        if devices not in self._filters:
            self._filters[devices] = seccomp.filters(devices, self._tools.libseccomp)
        return self._filters[devices]

    def _drops(self) -> bool:
        return os.geteuid() == 0 and self._policy.drop_root

    def _spare(self) -> int:
        """A user of this sandbox alone, whom the system does not know."""
        import pwd  # not on Windows, where this module is imported, too

        begin = os.getpid() + next(self._numbers)
        for n in range(len(SPARE)):
            uid = SPARE[(begin + n) % len(SPARE)]
            try:
                pwd.getpwuid(uid)
            except KeyError:
                return uid
        return SPARE[0]


def _first_line(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
