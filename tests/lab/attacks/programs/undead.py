"""Leaves many dead children that nobody buries, and one that lives."""

from __future__ import annotations

import os
import time
from typing import Any


def attack(world: dict[str, Any]) -> str:
    for _ in range(50):
        if os.fork() == 0:
            os._exit(0)
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(0.1)
    return "left"
