"""Reads what others have put into shared memory by name: /dev/shm and /tmp of the host."""

from __future__ import annotations

from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    return secrets_in(
        b"".join(read(f"{folder}/{world['name']}") for folder in ("/dev/shm", "/tmp", "/run", "/var/tmp"))
    )
