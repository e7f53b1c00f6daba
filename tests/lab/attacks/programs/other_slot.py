"""Looks for what the program in another sandbox has: its files, its sockets, its processes, its memory."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> dict[str, Any]:
    connected = False
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + world["slot"])
        connected = True
    pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
    files = [f"{folder}/slot" for folder in ("/work", "/tmp", "/dev/shm")]
    files += [f"/proc/{pid}/root{file}" for pid in pids for file in files]
    found = b"".join(map(read, files)) + b"".join(read(f"/proc/{pid}/cmdline") for pid in pids)
    for pid in world["slot_pids"]:
        with suppress(OSError):
            os.kill(pid, 9)
            connected = True
    return {"secrets": secrets_in(found), "connected": connected}
