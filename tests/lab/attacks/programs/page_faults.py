"""Holds the kernel up in the midst of its work by handling page faults itself (userfaultfd)."""

from __future__ import annotations

from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> bool:
    try:
        call("userfaultfd", 1)  # UFFD_USER_MODE_ONLY
    except OSError:
        return False
    return True
