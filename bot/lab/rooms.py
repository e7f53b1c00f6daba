"""What a sandbox is given so that the harness can train in it: command, files, environment. Nothing is started here."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.core.training import Limits
from bot.lab.gpu_room import GpuRoom
from bot.lab.sandbox import Bind, Room, interpreter

HARNESS = Path(__file__).parent / "harness"
INSIDE, DATA = "/viva/harness", "/viva/data"
#: What a waiting slot allows, whatever comes: jobs with wider limits get a sandbox of their own.
WAITING = Limits(seconds=120.0, memory=2048)
#: Processor seconds besides those by the clock: for importing, predicting, and a second thread. The clock comes first.
SPARE_SECONDS = 180
THREADS = 1
#: All that a program finds in its environment.
ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/work",
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": str(THREADS),
    "MKL_NUM_THREADS": str(THREADS),
    "OPENBLAS_NUM_THREADS": str(THREADS),
    "OMP_WAIT_POLICY": "PASSIVE",  # threads that spin while they wait cost others their core
}


def room(
    limits: Limits, data: Path | None, device: str = "cpu", gpu: GpuRoom | None = None, warm: bool = False
) -> Room:
    """The room of one program; `warm` lets the harness take a dummy step before there is one."""
    binds = [*interpreter(), Bind(HARNESS, INSIDE), *([Bind(data, DATA)] if data else [])]
    command = (
        *(sys.executable, "-I", "-B", f"{INSIDE}/main.py", "--data", DATA),
        *("--device", device, "--threads", str(THREADS), *(() if warm else ("--cold",))),
    )
    return Room(
        command,
        binds=(*binds, *(gpu.binds if gpu else ())),
        memory=limits.memory,
        cpu_seconds=math.ceil(4 * limits.seconds) + SPARE_SECONDS,
        devices=gpu.devices if gpu else (),
        sys_readonly=gpu.sys_readonly if gpu else False,
        environment={**ENVIRONMENT, **(gpu.environment if gpu else {})},
    )


def fits_waiting(limits: Limits) -> bool:
    """Whether a slot that waits allows as much."""
    return limits.seconds <= WAITING.seconds and limits.memory <= WAITING.memory
