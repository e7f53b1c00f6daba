"""Sends a datagram to the host's loopback."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any


def attack(world: dict[str, Any]) -> int:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        return connection.sendto(b"hello", ("127.0.0.1", world["udp"]))
    return 0
