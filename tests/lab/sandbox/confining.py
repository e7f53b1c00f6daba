"""What tests of the sandbox share: running a few lines of Python in one, and looking for what was left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.lab.sandbox import Room, Sandbox, interpreter
from bot.lab.sandbox.cgroup import find
from bot.lab.sandbox.watching import tree

#: A user whom nobody is.
SPARE = 61234
PATIENCE = 30.0
EMPTY = Room(())


@dataclass(frozen=True)
class Said:
    """How a job ended, and what it said."""

    code: int
    out: str
    err: str
    channel: str
    died_of_memory: bool


def confining(sandbox: Sandbox) -> Sandbox:
    """The sandbox; where there is none to be had the test is skipped, except in CI."""
    if why := sandbox.unavailable():
        if os.environ.get("VIVA_CI"):
            pytest.fail(why)
        pytest.skip(why)
    return sandbox


def python(code: str, room: Room = EMPTY) -> Room:
    """A room in which the running interpreter runs the code, its packages left out."""
    return replace(room, command=(sys.executable, "-I", "-S", "-B", "-c", code), binds=(*interpreter(), *room.binds))


async def ran(sandbox: Sandbox, room: Room) -> Said:
    """Runs it to its end."""
    job = await sandbox.start(room, nice=0)
    try:
        async with asyncio.timeout(PATIENCE):
            said = await asyncio.gather(job.stdout.read(), job.stderr.read(), job.channel.read())
            out, err, channel = (part.decode(errors="replace") for part in said)
            return Said(await job.wait(), out, err, channel, job.died_of_memory())
    finally:
        await job.kill()


def left() -> dict[str, object]:
    """What a sandbox could leave behind: processes, mounts, control groups, descriptors."""
    places = find()
    groups = [str(path) for place in places.all() for path in place.glob(f"viva-{os.getpid()}-*")] if places else []
    return {
        "processes": len(tree(os.getpid())),
        "mounts": Path("/proc/self/mountinfo").read_text(),
        "groups": groups,
        "descriptors": len(os.listdir("/proc/self/fd")),
        "files": sorted(os.listdir("/run")),
    }
