"""IDX files for the tests of the lab, small and made by arithmetic, whole or faulty in one way."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path


def image_file(rows: int, start: int = 0, side: int = 28, magic: int = 0x803) -> bytes:
    """An IDX file of images, every one different."""
    pixels = bytes((start + row * 7 + pixel) % 256 for row in range(rows) for pixel in range(side * side))
    return struct.pack(">IIII", magic, rows, side, side) + pixels


def label_file(rows: int, step: int = 1) -> bytes:
    """An IDX file of labels, that go up or down."""
    return struct.pack(">II", 0x801, rows) + bytes(row * step % 10 for row in range(rows))


def mnist_folder(folder: Path, train: int = 30, held: int = 20, packed: bool = True) -> Path:
    """A folder with the four files that VIVA_MNIST_DIR asks for."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "train-images-idx3-ubyte": image_file(train),
        "train-labels-idx1-ubyte": label_file(train),
        "t10k-images-idx3-ubyte": image_file(held, 100),
        "t10k-labels-idx1-ubyte": label_file(held, -1),
    }
    for name, content in contents.items():
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)
    return folder
