"""A fork bomb: as many processes as there can be, 200 at most."""

from __future__ import annotations

import os
import time
from typing import Any


def attack(world: dict[str, Any]) -> int:
    made = 0
    for _ in range(200):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        except OSError:
            break
        made += 1
    time.sleep(0.2)
    return made
