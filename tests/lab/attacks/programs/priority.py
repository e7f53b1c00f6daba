"""Puts itself before others: for the processor, in real time, and out of the way when memory is short."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any


def attack(world: dict[str, Any]) -> dict[str, Any]:
    before = os.nice(0)
    for way in (
        lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
        lambda: os.setpriority(os.PRIO_PROCESS, 0, 0),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        lambda: Path("/proc/self/oom_score_adj").write_text("-1000"),
        lambda: Path("/proc/self/oom_score_adj").write_text("0"),
        lambda: Path("/proc/self/autogroup").write_text("-20"),
    ):
        with contextlib.suppress(OSError, ValueError):
            way()
    return {
        "nice": [before, os.nice(0)],
        "scheduler": os.sched_getscheduler(0),
        "badness": int(Path("/proc/self/oom_score_adj").read_text()),
    }
