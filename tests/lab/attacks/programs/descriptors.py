"""Uses open descriptors that it has inherited: reads them, and looks up from folders among them."""

from __future__ import annotations

import os
from typing import Any

from tests.lab.attacks.programs.inside import secrets_in


def attack(world: dict[str, Any]) -> dict[str, Any]:
    found, open_ones = b"", []
    for number in range(3000):
        try:
            about = os.fstat(number)
        except OSError:
            continue
        open_ones.append([number, about.st_mode >> 12])
        if about.st_mode >> 12 == 8:
            found += os.pread(number, 65536, 0)
    return {"open": open_ones, "secrets": secrets_in(found)}
