"""A bomb of memory over many processes, none of which has much; 600 MB at most."""

from __future__ import annotations

import os
import time
from typing import Any


def attack(world: dict[str, Any]) -> int:
    for _ in range(30):
        if os.fork() == 0:
            kept = b"x" * (20 << 20)
            time.sleep(60)
            os._exit(len(kept) & 1)
        time.sleep(0.02)
    time.sleep(0.5)
    return 600
