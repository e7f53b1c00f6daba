"""Ignores every signal that can be ignored, and sleeps for ever."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import Any


def attack(world: dict[str, Any]) -> None:
    for number in range(1, 64):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    os.write(3, b'{"name": "deaf", "said": "deaf"}\n')
    time.sleep(600)
