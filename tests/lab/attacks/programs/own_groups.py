"""Learns the bot's process number, and its own place in the machine, from the names of its control groups."""

from __future__ import annotations

from typing import Any

from tests.lab.attacks.programs.inside import read


def attack(world: dict[str, Any]) -> str:
    return (read("/proc/self/cgroup") + read("/proc/1/cgroup") + read("/proc/self/mountinfo")).decode()
