"""Reads shared memory of the host by its number (System V)."""

from __future__ import annotations

import ctypes
from typing import Any

from tests.lab.attacks.programs.inside import call, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    return secrets_in(ctypes.string_at(call("shmat", world["shm"], 0, 0o10000), 256))
