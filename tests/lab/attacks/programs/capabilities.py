"""Looks which of root's rights it has, and takes the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import libc


def attack(world: dict[str, Any]) -> list[str]:
    library = libc()
    for capability in range(41):
        library.prctl(47, 2, capability, 0, 0)  # PR_CAP_AMBIENT_RAISE
    library.prctl(38, 0, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS, which cannot be taken back
    lines = Path("/proc/self/status").read_text().splitlines()
    return [line for line in lines if line.startswith("Cap") and line.split()[1].strip("0")]
