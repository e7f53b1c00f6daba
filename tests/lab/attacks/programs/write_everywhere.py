"""Leaves a file in every folder that is known to it, the host's among them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

FOLDERS = (
    *("/", "/bin", "/dev", "/dev/pts", "/dev/shm", "/etc", "/etc/alternatives", "/lib", "/proc", "/proc/self", "/run"),
    *("/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/var", "/viva", "/viva/data", "/work"),
    *("/viva/tests/lab/attacks/programs", sys.prefix, sys.prefix + "/lib", sys.base_prefix + "/lib"),
)


def attack(world: dict[str, Any]) -> list[str]:
    written = []
    for folder in (*FOLDERS, *world["folders"]):
        try:
            Path(folder, world["name"]).write_text("planted")
        except OSError:
            continue
        written.append(folder)
        Path(folder, world["name"]).unlink()
    return written
