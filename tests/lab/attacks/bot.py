"""Stands for the bot, in a process of its own: on each line asked, runs attacks in a sandbox and tells what came of it.

What it inherits and holds is what a bot might: keys in its environment, a key ring, an open file, a terminal.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import json
import os
import signal
import sys
import termios
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.lab.sandbox import Bind, Confined, Policy, Room, Sandbox, interpreter
from bot.lab.sandbox.watching import tree
from tests.lab.attacks.programs.inside import call

PROGRAMS = Path(__file__).parent / "programs"
INSIDE = "/viva/tests/lab/attacks/programs"
OPENED = 50


def main() -> None:
    if sys.argv[1:] == ["terminal"]:
        fcntl.ioctl(2, termios.TIOCSCTTY, 0)  # what it writes its errors to becomes its own
    sandboxes: dict[str, Sandbox] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "hold" in asked:
            hold(**asked["hold"])
            answer: dict[str, Any] = {"why": Sandbox().unavailable(), "pid": os.getpid()}
        else:
            sandbox = sandboxes.setdefault(str(asked["policy"]), Sandbox(policy(asked["policy"])))
            answer = asyncio.run(ran(sandbox, asked))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def hold(key: str, key_secret: str, file: str) -> None:
    """Takes what a program inside would like to have."""
    with suppress(OSError):  # a kernel without key rings, a container that refuses them
        call("keyctl", 1, 0)  # KEYCTL_JOIN_SESSION_KEYRING: one of its own
        text = ctypes.c_char_p
        call("add_key", text(b"user"), text(key.encode()), text(key_secret.encode()), len(key_secret), -3)
    os.dup2(os.open(file, os.O_RDONLY), OPENED, inheritable=True)


def policy(changed: dict[str, Any]) -> Policy:
    folders = changed.get("folders")
    shaped = {"folders": tuple((name, size) for name, size in folders)} if folders else {}
    return replace(Policy(), **{**changed, **shaped})


def room(asked: dict[str, Any]) -> Room:
    binds = [Bind(PROGRAMS, INSIDE), *(Bind(Path(host), inside) for host, inside in asked["binds"])]
    return Room(
        (sys.executable, "-I", "-S", "-B", f"{INSIDE}/running.py"),
        (*interpreter(), *binds),
        memory=asked["memory"],
        cpu_seconds=asked["cpu_seconds"],
        environment={"HOME": "/work"},
    )


async def ran(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    """Runs the programs to their end or until `seconds` are over, and ends the sandbox."""
    other = await neighbour(sandbox, asked) if asked.get("neighbour") else None
    job = await sandbox.start(room(asked), asked["nice"])
    told = {
        **asked["world"],
        "bot": os.getpid(),
        "passed": [bind.inside for bind in interpreter()],
        **(slot_of(asked, other) if other else {}),
    }
    question = {"programs": asked["programs"], "world": told, "alone": asked["alone"]}
    job.stdin.write(json.dumps(question).encode() + b"\n")
    watched: dict[str, Any] = {"processes": 0, "threads": 0, "memory": 0, "cpu": 0.0, "seen": set()}
    watching = asyncio.create_task(watch(job, watched))
    reading = [asyncio.create_task(kept(stream)) for stream in (job.stdout, job.stderr, job.channel)]
    with suppress(TimeoutError):
        async with asyncio.timeout(asked["seconds"]):
            await asyncio.shield(asyncio.gather(*reading))
    look(job, watched)
    began = time.monotonic()
    await job.kill()
    took = time.monotonic() - began
    watching.cancel()
    out, err, channel = [(await task).decode(errors="replace") for task in reading]
    if other:
        await other.kill()
    survivors = [pid for pid, began in watched.pop("seen") if began in lives(pid)]
    for pid in survivors:
        os.kill(pid, signal.SIGKILL)
    return {
        "said": {line["name"]: line["said"] for line in map(json.loads, channel.splitlines()[:200]) if line}
        if not asked.get("raw")
        else len(channel),
        "out": out[-20000:],
        "err": err[-2000:],
        "code": await job.wait(),
        "died_of_memory": job.died_of_memory(),
        "took": took,
        "survivors": survivors,
        **watched,
    }


async def neighbour(sandbox: Sandbox, asked: dict[str, Any]) -> Confined:
    """Another sandbox, with secrets of its own."""
    job = await sandbox.start(room(asked), asked["nice"])
    question = {"programs": ["waits"], "world": asked["neighbour"], "alone": True}
    job.stdin.write(json.dumps(question).encode() + b"\n")
    await job.channel.readline()
    return job


def slot_of(asked: dict[str, Any], other: Confined) -> dict[str, Any]:
    return {"slot": asked["neighbour"]["slot"], "slot_pids": tree(other.pid)}


async def kept(stream: asyncio.StreamReader) -> bytes:
    """The beginning of what is said; all of it is read."""
    data = b""
    while piece := await stream.read(1 << 16):
        data += piece[: (1 << 20) - len(data)]
    return data


async def watch(job: Confined, watched: dict[str, Any]) -> None:
    while True:
        look(job, watched)
        await asyncio.sleep(0.03)


def look(job: Confined, watched: dict[str, Any]) -> None:
    """Counts, from outside, what there is of it."""
    pids = tree(job.pid)
    watched["seen"].update((pid, began) for pid in pids for began in lives(pid))
    threads = 0
    for pid in pids:
        with suppress(OSError):
            threads += len(os.listdir(f"/proc/{pid}/task"))
    watched["processes"] = max(watched["processes"], len(pids))
    watched["threads"] = max(watched["threads"], threads)
    watched["memory"] = max(watched["memory"], job.memory() >> 20)
    watched["cpu"] = max(watched["cpu"], sum(map(seconds, pids)))


def seconds(pid: int) -> float:
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def lives(pid: int) -> list[str]:
    """When it began, by which it is told apart from a later process of its number; nothing once it is dead."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return [fields[19]] if fields[0] not in "ZX" else []
    return []


if __name__ == "__main__":
    main()
