"""Writes settings of the kernel: who is run when a program crashes, and the key that restarts it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def attack(world: dict[str, Any]) -> list[str]:
    done = []
    pattern = Path("/proc/sys/kernel/core_pattern")
    try:
        pattern.write_text(pattern.read_text())  # what stands there already: harmless, where it works
        done.append("core_pattern")
    except OSError:
        pass
    for name in (
        "sysrq-trigger",
        "sys/kernel/modprobe",
        "sys/kernel/hostname",
        "sys/vm/overcommit_memory",
        "irq/default_smp_affinity",
    ):
        try:
            if not Path(f"/proc/{name}").samefile("/dev/null"):
                os.close(os.open(f"/proc/{name}", os.O_WRONLY))
                done.append(name)
        except OSError:
            pass
    return done
