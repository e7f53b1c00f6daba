"""Fills the folders that it may write to, 600 MB at most."""

from __future__ import annotations

import os
from typing import Any


def attack(world: dict[str, Any]) -> dict[str, int]:
    written: dict[str, int] = {}
    for folder in ("/work", "/tmp", "/dev/shm", "/viva", "/dev", "/run", "/"):
        size = 0
        try:
            file = os.open(f"{folder}/bomb", os.O_CREAT | os.O_WRONLY)
            while size < 200 << 20 and sum(written.values()) + size < 600 << 20:
                size += os.write(file, b"x" * (1 << 20))
        except OSError:
            pass
        written[folder] = size >> 20
    return written
