"""Switches off that memory lies elsewhere each time, for programs that it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import call, in_child

NO_RANDOMISING = 0x0040000


def attack(world: dict[str, Any]) -> bool:
    return in_child(switched) == "True"


def switched() -> bool:
    call("personality", NO_RANDOMISING)
    return int(Path("/proc/self/personality").read_text(), 16) & NO_RANDOMISING != 0
