"""No attack: the program in the other sandbox, which keeps secrets where a program can."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any


def attack(world: dict[str, Any]) -> None:
    for folder in ("/work", "/tmp", "/dev/shm"):
        Path(folder, "slot").write_text(world["slot_secret"])
        Path(folder, "slot").chmod(0o666)
    server = socket.socket(socket.AF_UNIX)
    server.bind("\0" + world["slot"])
    server.listen()
    os.write(3, b'{"name": "waits", "said": "waits"}\n')
    time.sleep(600)
