"""Reads every file that can be seen, but for the system's programs and the interpreter."""

from __future__ import annotations

import os
import sys
from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


PASSED = ("/usr", "/proc", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32", "/sys", sys.prefix, sys.base_prefix)


def attack(world: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in PASSED]
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                found += secrets_in(read(path))
    return found
