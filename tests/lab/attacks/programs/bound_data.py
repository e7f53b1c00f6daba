"""Changes a file of the host that is bound: writes, cuts off, maps, renames, opens it to all."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

FILE = Path("/viva/data/open")


def attack(world: dict[str, Any]) -> list[str]:
    ways = {
        "write": lambda: FILE.write_text("changed"),
        "append": lambda: os.write(os.open(FILE, os.O_WRONLY | os.O_APPEND), b"changed"),
        "truncate": lambda: os.truncate(FILE, 0),
        "map": lambda: mmap.mmap(os.open(FILE, os.O_RDONLY), 4, mmap.MAP_SHARED, mmap.PROT_WRITE).write(b"chan"),
        "through /proc": lambda: os.write(
            os.open(f"/proc/self/fd/{os.open(FILE, os.O_RDONLY)}", os.O_RDWR), b"changed"
        ),
        "mode": lambda: FILE.chmod(0o777),
        "times": lambda: os.utime(FILE, (1, 1)),
        "rename": lambda: FILE.rename("/viva/data/moved"),
        "link": lambda: os.link(FILE, "/viva/data/linked"),
        "unlink": FILE.unlink,
    }
    done = []
    for name, way in ways.items():
        try:
            way()
        except OSError:
            continue
        done.append(name)
    return done
