"""Connects by TCP to a server on the host's loopback, and on each of its addresses, IPv6 as well."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any


def attack(world: dict[str, Any]) -> list[str]:
    done = []
    for address in (*world["addresses"], "::1", "10.0.2.2", "169.254.169.254"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with suppress(OSError), socket.socket(family) as connection:
            connection.settimeout(0.2)
            connection.connect((address, world["tcp"]))
            done.append(address)
    return done
