"""Reads and writes another process's memory by process_vm_readv and process_vm_writev."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> bool:
    kept = ctypes.create_string_buffer(b"here", 4)
    pid = os.fork()
    if pid == 0:
        kept.raw = b"seen"
        while True:
            os.sched_yield()
    try:
        taken = ctypes.create_string_buffer(4)
        own = ctypes.create_string_buffer(struct.pack("PN", ctypes.addressof(taken), 4))
        other = ctypes.create_string_buffer(struct.pack("PN", ctypes.addressof(kept), 4))
        for _ in range(200):
            call("process_vm_readv", pid, own, 1, other, 1, 0)
            if taken.raw == b"seen":
                return True
            os.sched_yield()
        return False
    except OSError:
        return False
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
