"""Takes a processor from others, with several processes at once, for 1.2 seconds."""

from __future__ import annotations

import os
import time
from typing import Any


def attack(world: dict[str, Any]) -> float:
    os.sched_setaffinity(0, {world["processor"]})
    until = time.monotonic() + 1.2
    for _ in range(3):
        if os.fork() == 0:
            break
    while time.monotonic() < until:
        pass
    return time.process_time()
