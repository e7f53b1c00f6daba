"""Reads a file that root alone may read, in a folder that is bound."""

from __future__ import annotations

from typing import Any

from tests.lab.attacks.programs.inside import read, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    return secrets_in(read("/viva/data/closed"))
