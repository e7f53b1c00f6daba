"""Changes its root and climbs out of it, by chroot and by pivot_root."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.lab.attacks.programs.inside import call, read, secrets_in


def attack(world: dict[str, Any]) -> dict[str, Any]:
    done = []
    Path("/work/root/old").mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        call("pivot_root", ctypes.c_char_p(b"/work/root"), ctypes.c_char_p(b"/work/root/old"))
        done.append("pivot_root")
    with suppress(OSError):
        call("chroot", ctypes.c_char_p(b"/work/root"))
        done.append("chroot")
        os.chdir("../" * 32)
    return {"done": done, "secrets": secrets_in(b"".join(read(file.lstrip("/")) for file in world["files"]))}
