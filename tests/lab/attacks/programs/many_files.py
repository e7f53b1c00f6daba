"""A bomb of empty files, which need no room in a folder but in the kernel; 150,000 at most."""

from __future__ import annotations

import os
from typing import Any


def attack(world: dict[str, Any]) -> int:
    made = 0
    for number in range(150_000):
        try:
            os.mknod(f"/work/{number}")
        except OSError:
            break
        made += 1
    return made
