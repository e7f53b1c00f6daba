"""Reads files of the host by their paths: a home, a checkout, the bot's database, its settings."""

from __future__ import annotations

from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    return secrets_in(b"".join(map(read, world["files"])))
