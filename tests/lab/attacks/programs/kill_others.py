"""Ends a process of the host by its number."""

from __future__ import annotations

import os
import signal
from typing import Any


def attack(world: dict[str, Any]) -> list[int]:
    done = []
    for pid in (world["prey"],):
        for way in (
            lambda pid: os.kill(pid, signal.SIGTERM),
            lambda pid: signal.pidfd_send_signal(os.pidfd_open(pid), 15),
        ):
            try:
                way(pid)
                done.append(pid)
            except OSError:
                pass
    return done
