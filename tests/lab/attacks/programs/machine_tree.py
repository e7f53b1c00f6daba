"""Looks at the machine's devices and control groups in /sys, and makes a control group."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def attack(world: dict[str, Any]) -> list[str]:
    found = [
        folder
        for folder in ("/sys", "/sys/class/net", "/sys/fs/cgroup", "/sys/kernel")
        if Path(folder).exists() and os.listdir(folder)
    ]
    for folder in ("/sys/fs/cgroup", "/sys/fs/cgroup/memory"):
        try:
            Path(folder, world["name"]).mkdir()
            found.append(f"made {folder}")
        except OSError:
            pass
    return found
