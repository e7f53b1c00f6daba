"""The harness as a bare child process, without any sandbox: pipes on fd 0 to 3, as the host has them.

A cold one is forked off a Python that has PyTorch already, for its import is nearly all that most jobs would cost;
`fresh` ones, those that are warm, and all that run in a sandbox (tests/lab/test_lab.py) start as the host starts them.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from bot.core.training import Case, Curve, Fault
from bot.lab import protocol as p
from bot.lab.harness import main as harness
from tests.lab.harness import nursery

MAIN = Path(harness.__file__)
NONCE = "a nonce of the tests"


@dataclass
class Told:
    """All that came of one job."""

    said: list[p.Said] = field(default_factory=list)
    curve: Curve = field(default_factory=Curve)
    times: dict[str, float] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""
    dropped: int = 0
    resident: int = 0  # KiB, while it waited for its job

    def one(self, kind: type) -> Any:
        found = [said for said in self.said if isinstance(said, kind)]
        assert len(found) == 1, f"{len(found)} of {kind.__name__} among {self.said}\n{self.stderr}"
        return found[0]

    @property
    def seen(self) -> Any:
        return self.one(p.Finished).seen

    @property
    def fault(self) -> Fault:
        fault: Fault = self.one(p.Failed).fault
        return fault


def write_npy(path: Path, data: bytes, kind: str, shape: tuple[int, ...]) -> None:
    """NumPy's format 1.0."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(117) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def run(
    source: str,
    data: Path,
    held: bytes = b"",
    cases: tuple[Case, ...] = (),
    function: str = "",
    lengths: tuple[int, ...] = (),
    cold: bool = True,
    fresh: bool = False,
    seconds: float = 60,
) -> Told:
    """One job from warm-up to its end."""
    told = Told()
    hearing = p.Hearing(rows=len(held) // p.PIXELS, lengths=lengths or tuple(len(case.expects) for case in cases))
    begin = child_of_the_nursery if cold and not fresh else process
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        job = begin([*(["--cold"] if cold else []), "--data", str(data)], out, err)
        try:
            converse(job, hearing, told, source, held, cases, function, time.monotonic() + seconds)
        finally:
            job.end()
        out.seek(0)
        err.seek(0)
        told.stdout, told.stderr = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    told.curve, told.dropped = hearing.curve, hearing.dropped
    return told


@dataclass
class Job:
    """A harness that waits for its job, and the ends of its pipes that are ours."""

    pid: int
    given: IO[bytes]
    channel: int
    killed: Callable[[], object]

    def end(self) -> None:
        self.killed()
        os.close(self.channel)
        self.given.close()


def process(options: list[str], out: Any, err: Any) -> Job:
    """A Python of its own, as the host starts it."""
    ours, theirs = os.pipe()
    shell = f'exec "$@" 3>&{theirs} {theirs}>&-'
    command = ["bash", "-c", shell, "bash", sys.executable, "-I", "-B", str(MAIN), *options]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": out, "stderr": err, "pass_fds": [theirs]}
    child = subprocess.Popen(command, bufsize=0, env=surroundings(), **pipes)
    os.close(theirs)
    assert child.stdin is not None

    def killed() -> None:
        child.kill()
        child.wait()

    return Job(child.pid, child.stdin, ours, killed)


def child_of_the_nursery(options: list[str], out: Any, err: Any) -> Job:
    """A fork of the Python that has PyTorch."""
    asking = nursery_of_this_process()
    ours, theirs = os.pipe()
    source, given = os.pipe()
    words = json.dumps(options).encode()
    socket.send_fds(asking, [words], [source, out.fileno(), err.fileno(), theirs])
    pid = int(asking.recv(64))
    os.close(source)
    os.close(theirs)

    def killed() -> None:
        asking.send(b"end")
        assert asking.recv(64) == b"gone"

    return Job(pid, os.fdopen(given, "wb", buffering=0), ours, killed)


@cache
def nursery_of_this_process() -> socket.socket:
    """Our end of its socket; it ends when that is closed, as it is at the latest when we end."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-I", "-B", nursery.__file__, str(MAIN), str(theirs.fileno())]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=surroundings())
    theirs.close()

    def end() -> None:
        ours.close()
        child.wait()

    atexit.register(end)
    return ours


def surroundings() -> dict[str, str]:
    """What a job finds in its environment: a home that is not there."""
    with tempfile.TemporaryDirectory() as home:
        return {"PATH": os.environ["PATH"], "HOME": home}


def converse(
    job: Job,
    hearing: p.Hearing,
    told: Told,
    source: str,
    held: bytes,
    cases: tuple[Case, ...],
    function: str,
    until: float,
) -> None:
    began = time.perf_counter()
    while time.monotonic() < until:
        if not select.select([job.channel], [], [], 1)[0]:
            continue
        data = os.read(job.channel, 1 << 16)
        if not data:
            return
        for said in hearing.feed(data):
            told.said.append(said)
            told.times.setdefault(type(said).__name__, time.perf_counter() - began)
            if isinstance(said, p.Warm):
                told.resident = resident(job.pid)
                hearing.nonce = NONCE
                began = time.perf_counter()
                measure: Any = "call" if function else "classify"
                job.given.write(p.job(source, 7, NONCE, measure=measure, function=function))
            if isinstance(said, p.Ready):
                job.given.write(p.cases(cases) if function else p.held(held))
    raise AssertionError(f"not over in time; so far {told.said}")


def resident(pid: int) -> int:
    """KiB of its own: pages of PyTorch's files are shared by all slots, and the kernel maps as many as it likes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem")))
