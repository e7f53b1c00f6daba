"""A bomb of memory that is mapped and shared, in which limits of a process do not count it; 600 MB at most."""

from __future__ import annotations

import mmap
import time
from typing import Any


def attack(world: dict[str, Any]) -> int:
    kept = [mmap.mmap(-1, 20 << 20) for _ in range(30)]
    for one in kept:
        one.write(b"x" * (20 << 20))
    time.sleep(0.3)
    return len(kept) * 20
