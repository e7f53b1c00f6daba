"""What is left when a bot is killed in the midst of a job, or a process between it and the job: within 2 s, nothing.

The bot is a process of its own that runs a program through the lab's door.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.errors import LabUnavailable
from bot.lab.sandbox import Room, Sandbox
from bot.lab.sandbox.cgroup import PREFIX, find
from bot.lab.sandbox.watching import tree
from tests.lab.labs import learnable, no_torch
from tests.lab.sandbox.confining import confining, left

slow = pytest.mark.slow
WITHIN = 2.0
#: A program that has processes, a daemon, files and shared memory.
PROGRAM = """
import mmap, os, time
from pathlib import Path
for folder in ("/work", "/tmp", "/dev/shm"):
    Path(folder, "left").write_bytes(b"x" * 65536)
shared = mmap.mmap(-1, 1 << 20)
for _ in range(3):
    if os.fork() == 0:
        os.setpgid(0, 0)
        if os.fork() == 0:
            os.closerange(0, 256)
        time.sleep(600)
print("running", flush=True)
time.sleep(600)
"""
#: Runs it through the lab's door.
LAB = """
import asyncio, sys
from pathlib import Path
from bot.core.training import Limits, Submission, Task
from bot.lab.lab import BubblewrapLab, Wanted
from bot.lab.sizing import Machine

async def main():
    home, mnist, source = sys.argv[1:]
    lab = BubblewrapLab(Wanted(Path(home), Path(mnist), "cpu", 0), machine=lambda: Machine(2, 16_000))
    heard = lambda progress: print(progress.stage, flush=True)
    await lab.run(Submission(Task("mnist-mlp", "A network"), source, Limits(seconds=60.0, memory=700)), heard)

asyncio.run(main())
"""
#: Runs it in a sandbox, without PyTorch.
PLAIN = """
import asyncio, sys
from bot.lab.sandbox import Room, Sandbox, interpreter

async def main():
    job = await Sandbox().start(Room((sys.executable, "-I", "-S", "-c", sys.argv[3]), interpreter()), nice=0)
    print((await job.stdout.readline()).decode(), flush=True)
    try:
        await job.wait()
    finally:
        await job.kill()

asyncio.run(main())
"""


@dataclass
class Running:
    """A bot whose job runs, and what there was before."""

    bot: subprocess.Popen[bytes]
    pids: dict[int, str]
    mounts: str
    files: dict[str, set[str]]

    def levels(self) -> dict[str, int]:
        """The processes from the bot to the program: each is the next one's parent."""
        chain = [self.bot.pid]
        while children := [pid for pid in tree(chain[-1])[1:] if parent(pid) == chain[-1]]:
            chain.append(children[0])
        return dict(zip(("bot", "bubblewrap", "first inside", "program"), chain, strict=False))

    def left(self) -> dict[str, Any]:
        """What of it is still there."""
        return {
            "processes": [pid for pid, began in self.pids.items() if pid != self.bot.pid and began == start(pid)],
            "mounts": set(Path("/proc/self/mountinfo").read_text().splitlines()) - set(self.mounts.splitlines()),
            "files": [
                name for place, names in self.files.items() for name in set(os.listdir(place)) - names if ours(name)
            ],
        }

    def nothing_left(self) -> dict[str, Any]:
        """What is left once nothing is, or when the time for that is over."""
        until = time.monotonic() + WITHIN
        while any((left := self.left()).values()) and time.monotonic() < until:
            time.sleep(0.02)
        return left


def ours(name: str) -> bool:
    """Of a bot or a sandbox; other tests run beside this one."""
    return "viva" in name or "bwrap" in name or name == "left"


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def start(pid: int) -> str:
    """When a process that lives began; empty for a dead one."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def groups(pid: int) -> list[Path]:
    places = find()
    return [folder for place in places.all() for folder in place.glob(f"{PREFIX}{pid}-*")] if places else []


@contextlib.contextmanager
def running(root: Path, tmp_path: Path, code: str) -> Iterator[Running]:
    confining(Sandbox())
    mounts = Path("/proc/self/mountinfo").read_text()
    files = {place: set(os.listdir(place)) for place in ("/tmp", "/run", "/dev/shm")}
    command = [sys.executable, "-c", code, str(tmp_path / "home"), str(tmp_path / "mnist"), PROGRAM]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    ) as bot:
        try:
            assert bot.stdout
            assert b"running\n" in iter(bot.stdout.readline, b"")
            until = time.monotonic() + 20
            while len(pids := tree(bot.pid)) < 9 and time.monotonic() < until:
                time.sleep(0.02)
            assert len(pids) >= 9, "the program's processes did not start"
            yield Running(bot, {pid: start(pid) for pid in pids}, mounts, files)
        finally:
            bot.kill()


def no_group_left(pid: int) -> bool:
    until = time.monotonic() + WITHIN
    while groups(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return groups(pid) == []


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, *(pytest.param(one, marks=slow) for one in (signal.SIGTERM, signal.SIGINT))]
)
def test_of_a_bot_that_is_killed_nothing_is_left(root: Path, tmp_path: Path, number: int) -> None:
    with running(root, tmp_path, PLAIN) as found:
        found.bot.send_signal(number)
        found.bot.wait(10)
        assert not any(found.nothing_left().values())
        if number != signal.SIGINT:  # the only one after which it clears away
            assert all((folder / "cgroup.procs").read_text() == "" for folder in groups(found.bot.pid))
            confining(Sandbox())  # the next one clears away what it could not
        assert groups(found.bot.pid) == []


@slow
def test_of_a_lab_that_is_killed_nothing_is_left(root: Path, tmp_path: Path) -> None:
    if no_torch():
        pytest.skip("PyTorch is not installed")
    learnable(tmp_path / "mnist")
    with running(root, tmp_path, LAB) as found:
        found.bot.kill()
        found.bot.wait(10)
        assert not any(found.nothing_left().values())
        confining(Sandbox())
        assert groups(found.bot.pid) == []


@pytest.mark.parametrize(
    "level", ["bubblewrap", *(pytest.param(level, marks=slow) for level in ("first inside", "program"))]
)
def test_of_a_job_whose_parents_are_killed_nothing_is_left(root: Path, tmp_path: Path, level: str) -> None:
    with running(root, tmp_path, PLAIN) as found:
        os.kill(found.levels()[level], signal.SIGKILL)
        assert not any(found.nothing_left().values())
        assert no_group_left(found.bot.pid)
        assert found.bot.wait(10) == 0, "the bot itself goes on"


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.02, 0.03, 0.04, 0.06])
async def test_of_a_start_that_is_killed_nothing_is_left(moment: float) -> None:
    """At these moments what is killed is the launcher, the same after it gave up root, or bubblewrap before its job."""
    sandbox = confining(Sandbox())
    before = left()
    starting = asyncio.create_task(sandbox.start(Room(("/bin/sleep", "600"))))
    while len(young := tree(os.getpid())) == before["processes"]:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    await asyncio.sleep(moment)
    for pid in young[1:2]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(LabUnavailable):
        await (await starting).kill()
    assert left() == before


async def test_killing_what_ends_by_itself_at_that_moment_does_no_harm() -> None:
    """Whoever kills then must not signal by a descriptor that is closed already, or somebody else's by now."""
    sandbox = confining(Sandbox())
    before = left()

    async def ended(moment: float) -> None:
        job = await sandbox.start(Room(("/bin/sh", "-c", "read x; exit 3")), nice=0)
        job.stdin.close()
        for _ in range(3):
            await asyncio.sleep(moment)
            await asyncio.gather(job.kill(), job.wait(), job.kill())
        assert job.memory() == 0

    for _ in range(3):
        await asyncio.gather(*(ended(moment / 500) for moment in range(6)))
    assert left() == before


async def test_two_doors_to_the_sandbox_do_not_meet() -> None:
    """Each counts its own, and both make control groups in the name of one process."""
    doors = [confining(Sandbox()) for _ in range(2)]
    jobs = [await door.start(Room(("/bin/sleep", "600"))) for _ in range(3) for door in doors]
    for job in jobs:
        await job.kill()
    assert {job.memory() for job in jobs} == {0}


@slow
def test_a_job_outlives_its_bot_where_that_defence_is_missing(root: Path, tmp_path: Path) -> None:
    code = PLAIN.replace("Sandbox()", "Sandbox(replace(Policy(), die_with_parent=False))")
    imports = "from dataclasses import replace\nfrom bot.lab.sandbox import Policy\n"
    with running(root, tmp_path, imports + code) as found:
        found.bot.kill()
        found.bot.wait(10)
        time.sleep(0.3)
        outlived = found.left()["processes"]
        for pid in outlived:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    assert len(outlived) >= 3
