"""Reads what other programs of the machine were started with."""

from __future__ import annotations

import os
from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> dict[str, Any]:
    pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
    return {"secrets": secrets_in(b"".join(read(f"/proc/{pid}/cmdline") for pid in pids)), "processes": len(pids)}
