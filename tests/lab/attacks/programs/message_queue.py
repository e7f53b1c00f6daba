"""Takes a message from a queue of the host by its name (POSIX)."""

from __future__ import annotations

import ctypes
from typing import Any

from tests.lab.attacks.programs.inside import call, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    queue = call("mq_open", ctypes.c_char_p(world["queue"].encode()), 0o4000, 0, 0)  # O_RDONLY | O_NONBLOCK
    message = ctypes.create_string_buffer(8192)
    call("mq_timedreceive", queue, message, 8192, 0, 0)
    return secrets_in(message.raw)
