"""Learns what the machine is called, and calls it something else."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> dict[str, Any]:
    named = False
    try:
        name = os.uname().nodename.encode()
        named = call("sethostname", ctypes.c_char_p(name), len(name)) == 0  # as it is called already
    except OSError:
        pass
    return {"name": os.uname().nodename, "named": named}
