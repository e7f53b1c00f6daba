"""Reads a closed file with a program that is bound and runs as root, and by those of the system."""

from __future__ import annotations

import subprocess
from typing import Any

from tests.lab.attacks.programs.inside import secrets_in


def attack(world: dict[str, Any]) -> dict[str, Any]:
    ways = (["/viva/data/cat", "/viva/data/closed"], ["/bin/su", "-c", "cat /viva/data/closed"])
    said = b""
    for way in ways:
        try:
            said += subprocess.run(way, capture_output=True, timeout=3, stdin=subprocess.DEVNULL).stdout
        except (OSError, subprocess.TimeoutExpired):
            continue
    status = subprocess.run(["/viva/data/cat", "/proc/self/status"], capture_output=True).stdout.decode()
    users = next((line.split()[1:] for line in status.splitlines() if line.startswith("Uid:")), [])
    return {"secrets": secrets_in(said), "users": users}
