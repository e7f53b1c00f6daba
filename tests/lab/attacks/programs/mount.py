"""Mounts a file system of its own over what it was given, and makes what is read-only writable."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> list[str]:
    with suppress(OSError):
        call("unshare", 0x20000)  # mounts of its own
    text = ctypes.c_char_p
    ways = {
        "a file system": lambda: call("mount", text(b"x"), text(b"/tmp"), text(b"tmpfs"), 0, 0),
        "a bind": lambda: call("mount", text(b"/work"), text(b"/viva/data"), 0, 0x1000, 0),
        "writable": lambda: call("mount", 0, text(b"/viva/data"), 0, 0x1020, 0),
        "unmounted": lambda: call("umount2", text(b"/viva/data"), 2),
        "processes": lambda: call("mount", text(b"x"), text(b"/tmp"), text(b"proc"), 0, 0),
        "new": lambda: call("fsopen", text(b"tmpfs"), 0),
        "tree": lambda: call("open_tree", -100, text(b"/usr"), 1),
    }
    done = []
    for name, way in ways.items():
        try:
            way()
        except OSError:
            continue
        done.append(name)
    return done
