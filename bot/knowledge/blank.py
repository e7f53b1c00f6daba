"""Blanks what Chroma's vector files hold beside vectors: memory of the process that wrote them, as it happened to be.

A new collection is written with room for a hundred vectors, and the room is never cleared: other people's words and
secrets were found in it. The first search of one that was opened writes a small collection so once more. This
module reads the header that hnswlib writes and touches nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

#: Version of the file, offset, room in elements, elements in use, bytes of an element.
_HEADER = struct.Struct("<i4Q")
_KNOWN_VERSION = 1
#: The files beside the header, and how many bytes of them an element takes; None: as the header says.
_FILES = {"data_level0.bin": None, "length.bin": 4}


def written(folder: Path) -> dict[Path, int]:
    """The headers of a database's vector files, each with when it was written (nanoseconds)."""
    return {header: header.stat().st_mtime_ns for header in folder.glob("*/header.bin")}


def blank_unused(folder: Path, but: Mapping[Path, int] | None = None) -> None:
    """Overwrites with zeros what is not in use in every vector file of a database, `but` those not written since.

    A form that is not known raises ValueError: what cannot be cleared must not be kept.
    """
    for header, at in written(folder).items():
        if but is not None and but.get(header) == at:
            continue
        version, _, room, used, width = _HEADER.unpack_from(header.read_bytes())
        if version != _KNOWN_VERSION or used > room or not 0 < width < 1 << 20:
            raise ValueError(f"{header} has an unknown form")
        for name, bytes_each in _FILES.items():
            _zero_from(header.with_name(name), used * (bytes_each or width))


def _zero_from(path: Path, start: int) -> None:
    with path.open("r+b") as file:
        end = file.seek(0, 2)
        file.seek(start)
        file.write(bytes(max(0, end - start)))
