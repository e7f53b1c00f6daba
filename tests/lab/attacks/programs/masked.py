"""Reads what /proc tells of the machine: how it was started, its keys, its kernel's memory, its interrupts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import read

FILES = (
    *("cmdline", "kallsyms", "keys", "key-users", "interrupts", "iomem", "modules", "partitions", "slabinfo"),
    *("diskstats", "timer_list", "vmallocinfo", "kpageflags", "kmsg", "config.gz", "sched_debug"),
)


def attack(world: dict[str, Any]) -> dict[str, Any]:
    folders = [f"/proc/{name}" for name in ("bus", "driver", "fs", "irq", "tty", "acpi", "scsi", "sysvipc", "pressure")]
    return {
        "cmdline": read("/proc/cmdline").decode(errors="replace"),
        "files": [name for name in FILES if read(f"/proc/{name}", 16)],
        "folders": [folder for folder in folders if Path(folder).is_dir() and os.listdir(folder)],
        "kcore": len(read("/proc/kcore", 64)),
    }
