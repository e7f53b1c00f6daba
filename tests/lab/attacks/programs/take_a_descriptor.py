"""Takes an open file out of another process by pidfd_getfd."""

from __future__ import annotations

import os
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> str:
    ready, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open("/proc/self/stat", os.O_RDONLY), 77)
        os.write(told, b"x")
        while True:
            os.sched_yield()
    os.read(ready, 1)
    try:
        return os.read(call("pidfd_getfd", os.pidfd_open(pid), 77, 0), 20).decode()
    except OSError:
        return ""
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
