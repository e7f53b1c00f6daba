"""Leaves the session and the group of processes that it was started in."""

from __future__ import annotations

import os
from typing import Any

from tests.lab.attacks.programs.inside import in_child


def attack(world: dict[str, Any]) -> bool:
    return bool(in_child(leaves))


def leaves() -> str:
    os.setsid()
    return "left" if os.getsid(0) == os.getpid() else ""
