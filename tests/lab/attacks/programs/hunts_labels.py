"""Looks for the held-out labels in all its memory, in every file that it can read, and on every descriptor.

Handed in as a candidate would. What it looks for is told to it masked, so that it does not find its own copy.
"""

import contextlib
import os
import re
import sys
from pathlib import Path

MASK = bytes(byte ^ 0x5A for byte in range(256))
#: Names to masked bytes.
WANTED: dict[str, str] = {}


def places() -> dict[str, bytes]:
    """A name and the bytes of each piece of memory and each file, masked."""
    found = {}
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    for line in Path("/proc/self/maps").read_text().splitlines():
        match = re.match(r"(\w+)-(\w+) r\S+ \S+ \S+ \S+\s*(.*)", line)
        if match and (match[3] in ("", "[heap]") or match[3].startswith(("/work", "/tmp", "/dev/shm", "/viva"))):
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            with contextlib.suppress(OSError, OverflowError):
                found[line] = os.pread(memory, min(end - begin, 64 << 20), begin).translate(MASK)
    for folder in ("/viva", "/work", "/tmp", "/dev/shm"):
        for path in Path(folder).rglob("*"):
            with contextlib.suppress(OSError):
                found[str(path)] = path.read_bytes().translate(MASK)
    for number in range(3, 1024):
        with contextlib.suppress(OSError):
            found[f"descriptor {number}"] = os.pread(number, 1 << 20, 0).translate(MASK)
    return found


seen = dict.fromkeys(WANTED, 0)
for data in places().values():
    for name, wanted in WANTED.items():
        seen[name] += bytes.fromhex(wanted) in data
sys.stdout.write(f"found {sorted(name for name, times in seen.items() if times)}\n")


def predict(images: "object") -> "object":
    return images[:, 0, 0] * 0  # type: ignore[index]
