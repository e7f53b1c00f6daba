"""A bomb of memory, 600 MB at most."""

from __future__ import annotations

import time
from typing import Any


def attack(world: dict[str, Any]) -> int:
    kept = [b"x" * (20 << 20) for _ in range(30)]
    time.sleep(0.3)
    return len(kept) * 20
