"""Reads every file that can be seen, but for the system's programs and the interpreter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in

PASSED = ("/usr", "/proc", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32", "/sys")


def attack(world: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk("/"):
        folders[:] = [
            name for name in folders if f"{folder}/{name}".replace("//", "/") not in (*PASSED, *world["passed"])
        ]
        for name in names:
            if Path(folder, name).is_file():
                found += secrets_in(read(f"{folder}/{name}"))
    return found
