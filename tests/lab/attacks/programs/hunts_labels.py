"""Looks for the held-out labels in all its memory, in every file that it can read, and on every descriptor.

Handed in as a candidate would. What it looks for is told to it masked, so that it does not find its own copy.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

MASK = bytes(byte ^ 0x5A for byte in range(256))
#: Names to masked bytes.
WANTED: dict[str, str] = {}


def pieces() -> Iterator[bytes]:
    """Its memory that lies in no file, and every file and descriptor."""
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights, *_, name = [*line.split()[:5], *(line.split()[5:] or [""])]
        begin, end = (int(part, 16) for part in place.split("-"))
        if rights.startswith("rw") and name in ("", "[heap]"):
            with contextlib.suppress(OSError, OverflowError):
                yield os.pread(memory, min(end - begin, 64 << 20 if name else 8 << 20), begin)
    for folder in ("/viva", "/work", "/tmp", "/dev/shm"):
        for path in Path(folder).rglob("*"):
            with contextlib.suppress(OSError), path.open("rb") as file:
                yield file.read(4 << 20)
    for number in range(3, 256):
        with contextlib.suppress(OSError):
            yield os.pread(number, 1 << 20, 0)


found = set()
for piece in pieces():
    masked = piece.translate(MASK)
    found |= {name for name, wanted in WANTED.items() if bytes.fromhex(wanted) in masked}
sys.stdout.write(f"found {sorted(found)}\n")


def predict(images):
    return images[:, 0, 0] * 0
