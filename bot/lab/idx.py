"""Reads MNIST's IDX files, plain or gzip, distrusting every number in them. It knows nothing of which is for what."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from pathlib import Path

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10
#: Four bytes that say unsigned bytes in three dimensions, and in one (from the description of the format).
IMAGES, LABELS = 0x803, 0x801
#: Five times the 60,000 of MNIST, and more than EMNIST's 280,000 digits: past it a file is not read.
MOST_ROWS = 300_000
MOST_BYTES = MOST_ROWS * PIXELS + 16


class NotIdx(Exception):
    """A file that is no IDX file of digits, or not all of one. The message names the file and what is wrong with it."""


def read_file(path: Path) -> bytes:
    """A file's bytes as they lie, compressed or not; OSError where it cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        raise NotIdx(f"{path} has {path.stat().st_size} bytes, more than any file of {MOST_ROWS} digits.")
    return path.read_bytes()


def images(path: Path, data: bytes) -> bytes:
    """The pixels of all images, row by row: 784 bytes each."""
    content, rows = _content(path, data, IMAGES, "images", 16)
    height, width = struct.unpack(">II", content.header[8:])
    if (height, width) != (SIDE, SIDE):
        raise NotIdx(f"{path} holds images of {height} × {width} pixels instead of {SIDE} × {SIDE}.")
    return content.body(rows * PIXELS)


def labels(path: Path, data: bytes) -> bytes:
    """The classes of all images, one byte each, 0 to 9."""
    content, rows = _content(path, data, LABELS, "labels", 8)
    found = content.body(rows)
    if (largest := max(found)) >= CLASSES:
        raise NotIdx(f"{path} holds the label {largest}; digits have the labels 0 to {CLASSES - 1}.")
    return found


class _Content:
    """What stands in a file behind its compression: first the header, then as much as the header promises."""

    def __init__(self, path: Path, data: bytes, header: int) -> None:
        self._path = path
        raw = io.BytesIO(data)
        self._file = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        self.header = self._read(header)
        if len(self.header) < header:
            raise NotIdx(f"{path} is cut short: it ends within its first {header} bytes.")

    def body(self, size: int) -> bytes:
        """Exactly `size` bytes; fewer and more are faults. Nothing beyond them is unpacked."""
        found = self._read(size)
        if len(found) < size:
            raise NotIdx(f"{self._path} is cut short: {len(found)} bytes of the {size} that its header promises.")
        if self._read(1):
            raise NotIdx(f"{self._path} goes on behind the {size} bytes that its header promises.")
        return found

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except EOFError:
            raise NotIdx(f"{self._path} is cut short: its gzip stream has no end.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise NotIdx(f"{self._path} is not whole as gzip ({error}).") from None


def _content(path: Path, data: bytes, magic: int, what: str, header: int) -> tuple[_Content, int]:
    content = _Content(path, data, header)
    found, rows = struct.unpack(">II", content.header[:8])
    if found != magic:
        raise NotIdx(f"{path} does not begin as an IDX file of {what} does (0x{found:08x} instead of 0x{magic:08x}).")
    if not 0 < rows <= MOST_ROWS:
        raise NotIdx(f"{path} promises {rows} {what}; 1 to {MOST_ROWS} can be used.")
    return content, rows
