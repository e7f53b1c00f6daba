"""Counts what the processor does, by which one program watches another's secrets."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from tests.lab.attacks.programs.inside import call

# PERF_TYPE_SOFTWARE, its size, PERF_COUNT_SW_TASK_CLOCK; disabled, neither kernel nor hypervisor.
ATTRIBUTES = struct.pack("IIQQQQQ", 1, 128, 1, 0, 0, 0, 0b1100001)


def attack(world: dict[str, Any]) -> bool:
    try:
        call("perf_event_open", ctypes.create_string_buffer(ATTRIBUTES, 128), 0, -1, -1, 0)
    except OSError:
        return False
    return True
