"""Loads a program into the kernel (BPF)."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> bool:
    try:
        call("bpf", 0, ctypes.create_string_buffer(struct.pack("4I", 2, 4, 8, 1), 128), 128)  # a map of one entry
    except OSError:
        return False
    return True
