"""Connects to a socket of the host in the abstract namespace, which no file system hides."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any


def attack(world: dict[str, Any]) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + world["abstract"])
        return True
    return False
