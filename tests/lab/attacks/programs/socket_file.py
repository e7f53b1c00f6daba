"""Connects to a socket of the host by its path."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any


def attack(world: dict[str, Any]) -> list[str]:
    done = []
    for path in (
        world["socket"],
        "/run/dbus/system_bus_socket",
        "/run/docker.sock",
        "/var/run/docker.sock",
        "/run/systemd/private",
    ):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            done.append(path)
    return done
