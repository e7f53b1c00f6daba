"""Does what administrators do: modules, restart, swap, accounting, quotas, ports, the log, the clock."""

from __future__ import annotations

import ctypes
import struct
import time
from typing import Any

from tests.lab.attacks.programs.inside import call


def attack(world: dict[str, Any]) -> list[str]:
    text = ctypes.c_char_p
    now = ctypes.create_string_buffer(struct.pack("qq", int(time.time()), 0))
    ways = {
        "init_module": lambda: call("init_module", text(b"no module"), 9, text(b"")),
        "finit_module": lambda: call("finit_module", 0, text(b""), 0),
        "reboot": lambda: call("reboot", 0, 0, 0, 0),  # with numbers that the kernel takes for a mistake
        "swapon": lambda: call("swapon", text(b"/work/none"), 0),
        "acct": lambda: call("acct", text(b"/work/none")),
        "syslog": lambda: call("syslog", 3, ctypes.create_string_buffer(4096), 4096),
        "iopl": lambda: call("iopl", 3),
        "setdomainname": lambda: call("setdomainname", text(b"(none)"), 6),
        "clock_settime": lambda: call("clock_settime", 0, now),
        "modify_ldt": lambda: call("modify_ldt", 0, ctypes.create_string_buffer(16), 16),
        "memfd_secret": lambda: call("memfd_secret", 0),
        "kcmp": lambda: call("kcmp", 1, 1, 1, 0, 0),
    }
    done = []
    for name, way in ways.items():
        try:
            way()
        except OSError as error:
            if error.errno in (1, 38):  # refused, or not known at all
                continue
        done.append(name)
    return done
