"""Becomes root in a namespace of users of its own, from where more of the kernel is in reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import call, in_child


def attack(world: dict[str, Any]) -> str:
    return str(in_child(become_root))


def become_root() -> str:
    call("unshare", 0x10000000)
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1].strip("0") for line in lines if line.startswith("CapEff"))
