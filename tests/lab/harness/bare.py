"""The harness as a bare child process, without any sandbox: pipes on fd 0 to 3, as the host has them."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.training import Case, Curve, Fault
from bot.lab import protocol as p
from bot.lab.harness import main as harness

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
    code: int = 0
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
    seconds: float = 60,
) -> Told:
    """One job from warm-up to its end."""
    told = Told()
    hearing = p.Hearing(rows=len(held) // p.PIXELS, lengths=lengths or tuple(len(case.expects) for case in cases))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child, channel = start([*(["--cold"] if cold else []), "--data", str(data)], out, err)
        try:
            converse(child, channel, hearing, told, source, held, cases, function, time.monotonic() + seconds)
        finally:
            child.kill()
            told.code = child.wait()
            os.close(channel)
            if child.stdin:
                child.stdin.close()
        out.seek(0)
        err.seek(0)
        told.stdout, told.stderr = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    told.curve, told.dropped = hearing.curve, hearing.dropped
    return told


def start(options: list[str], out: Any, err: Any) -> tuple[subprocess.Popen[bytes], int]:
    """The child, and our end of its fd 3."""
    ours, theirs = os.pipe()
    shell = f'exec "$@" 3>&{theirs} {theirs}>&-'
    command = ["bash", "-c", shell, "bash", sys.executable, "-I", "-B", str(MAIN), *options]
    with tempfile.TemporaryDirectory() as home:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
            pass_fds=[theirs],
            bufsize=0,
            env={"PATH": os.environ["PATH"], "HOME": home},
        )
    os.close(theirs)
    return child, ours


def converse(
    child: subprocess.Popen[bytes],
    channel: int,
    hearing: p.Hearing,
    told: Told,
    source: str,
    held: bytes,
    cases: tuple[Case, ...],
    function: str,
    until: float,
) -> None:
    assert child.stdin is not None
    began = time.perf_counter()
    while time.monotonic() < until:
        if not select.select([channel], [], [], 1)[0]:
            continue
        data = os.read(channel, 1 << 16)
        if not data:
            return
        for said in hearing.feed(data):
            told.said.append(said)
            told.times.setdefault(type(said).__name__, time.perf_counter() - began)
            if isinstance(said, p.Warm):
                told.resident = resident(child.pid)
                hearing.nonce = NONCE
                began = time.perf_counter()
                measure: Any = "call" if function else "classify"
                child.stdin.write(p.job(source, 7, NONCE, measure=measure, function=function))
            if isinstance(said, p.Ready):
                child.stdin.write(p.cases(cases) if function else p.held(held))
    raise AssertionError(f"not over in time; so far {told.said}")


def resident(pid: int) -> int:
    """KiB of its own: pages of PyTorch's files are shared by all slots, and the kernel maps as many as it likes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem")))
