"""Makes a file that lies in no folder, and so under no folder's cap."""

from __future__ import annotations

import ctypes
import os
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> bool:
    try:
        os.write(call("memfd_create", ctypes.c_char_p(b"x"), 0), b"x")
    except OSError:
        return False
    return True
