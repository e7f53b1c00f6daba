"""Talks to the kernel over sockets: routes, packets as they are on the wire, its ciphers, the hypervisor."""

from __future__ import annotations

import socket
from typing import Any

KINDS = {
    "netlink": (16, socket.SOCK_RAW, 0),
    "packet": (17, socket.SOCK_RAW, 0x300),
    "raw": (2, socket.SOCK_RAW, 1),
    "ciphers": (38, socket.SOCK_SEQPACKET, 0),
    "hypervisor": (40, socket.SOCK_STREAM, 0),
    "bluetooth": (31, socket.SOCK_RAW, 1),
    "can": (29, socket.SOCK_RAW, 1),
    "tipc": (30, socket.SOCK_RDM, 0),
    "inet": (2, socket.SOCK_STREAM, 0),
    "inet6": (10, socket.SOCK_STREAM, 0),
}


def attack(world: dict[str, Any]) -> list[str]:
    done = []
    for name, kind in KINDS.items():
        try:
            socket.socket(*kind).close()
            done.append(name)
        except OSError:
            pass
    return done
