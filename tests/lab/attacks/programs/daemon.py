"""A daemon: forked twice, in a session of its own, deaf to all signals, its pipes closed."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import Any


def attack(world: dict[str, Any]) -> str:
    if os.fork() == 0:
        try:
            os.setsid()
        except OSError:
            os.setpgid(0, 0)
        if os.fork():
            time.sleep(0.1)  # long enough for the host to have seen the child
            os._exit(0)
        for number in range(1, 64):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_IGN)
        os.closerange(0, 64)
        time.sleep(600)
        os._exit(0)
    time.sleep(0.2)
    return "started"
