"""Reaches the host's files through roots and working folders of processes, and by going up from its own."""

from __future__ import annotations

import os
from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    starts = ["/..", "/../..", "/work/../..", "/proc/self/root", "/proc/self/cwd/../.."]
    starts += [f"/proc/{pid}/{name}" for pid in os.listdir("/proc") if pid.isdigit() for name in ("root", "cwd/../..")]
    return secrets_in(b"".join(read(start + file) for start in starts for file in world["files"]))
