"""Opens files until no more can be had, 2,000 at most."""

from __future__ import annotations

import os
from typing import Any


def attack(world: dict[str, Any]) -> int:
    made = 0
    for _ in range(2000):
        try:
            os.open("/dev/null", os.O_RDONLY)
        except OSError:
            break
        made += 1
    os.closerange(10, 3000)
    return made
