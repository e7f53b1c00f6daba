"""Makes a ring by which the kernel works past every filter of system calls."""

from __future__ import annotations

import ctypes
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> bool:
    try:
        call("io_uring_setup", 4, ctypes.create_string_buffer(256))
    except OSError:
        return False
    return True
