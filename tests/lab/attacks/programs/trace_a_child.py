"""Traces a process of its own: what ptrace can do, breaks in filters and debuggers included."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> bool:
    pid = os.fork()
    if pid == 0:
        while True:
            os.sched_yield()
    try:
        call("ptrace", 16, pid, 0, 0)
        os.waitpid(pid, 0)
        return f"TracerPid:\t{os.getpid()}" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
