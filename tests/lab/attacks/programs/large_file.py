"""Writes one file, larger than any may be: of holes, which no folder counts."""

from __future__ import annotations

import os
import signal
from typing import Any


def attack(world: dict[str, Any]) -> int:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    file = os.open("/work/large", os.O_CREAT | os.O_WRONLY)
    try:
        os.lseek(file, 2 << 30, 0)
        os.write(file, b"x")
    except OSError:
        pass
    return os.fstat(file).st_size
