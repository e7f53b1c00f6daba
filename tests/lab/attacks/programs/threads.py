"""A bomb of threads, 300 at most."""

from __future__ import annotations

import threading
import time
from typing import Any


def attack(world: dict[str, Any]) -> int:
    made = 0
    threading.stack_size(65536)
    for _ in range(300):
        try:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            break
        made += 1
    time.sleep(0.2)
    return made
