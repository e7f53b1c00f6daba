"""Raises the limits that were set for it."""

from __future__ import annotations

import resource
from typing import Any

NAMES = ("NPROC", "NOFILE", "DATA", "FSIZE", "CPU", "CORE", "RTPRIO", "NICE", "MSGQUEUE")


def attack(world: dict[str, Any]) -> list[str]:
    raised = []
    for name in NAMES:
        limit = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(limit)[1]
        wanted = resource.RLIM_INFINITY if hard != resource.RLIM_INFINITY else hard
        try:
            resource.setrlimit(limit, (wanted, wanted))
        except (OSError, ValueError):
            continue
        raised.append(name)
    return raised
