"""Opens the machine's memory, its log and its disks, and makes devices of its own for them."""

from __future__ import annotations

import os
from typing import Any

NAMES = (
    "mem",
    "kmem",
    "port",
    "kmsg",
    "sda",
    "vda",
    "nvme0n1",
    "loop0",
    "loop-control",
    "fuse",
    "kvm",
    "net/tun",
    "vsock",
)


def attack(world: dict[str, Any]) -> list[str]:
    opened = []
    for name in NAMES:
        try:
            os.close(os.open(f"/dev/{name}", os.O_RDONLY))
            opened.append(name)
        except OSError:
            pass
    for number, (kind, major, minor) in enumerate(((0o060000, *world["disk"]), (0o020000, 1, 1))):
        path = f"/work/device{number}"
        try:
            os.mknod(path, kind | 0o666, os.makedev(major, minor))
            os.close(os.open(path, os.O_RDONLY))
            opened.append(path)
        except OSError:
            pass
    return opened
