"""Stops itself and all its children, so that nothing of it can end by itself."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


def attack(world: dict[str, Any]) -> None:
    for _ in range(3):
        if os.fork() == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(600)
    os.write(3, b'{"name": "stops", "said": "stopped"}\n')
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(600)
