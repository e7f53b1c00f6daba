"""Keeps digits as files, by what they were made from: those to train on in a folder that sandboxes may see, those held
out beside it, for their owner alone. It knows nothing of where digits come from.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import struct
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.lab.idx import PIXELS, SIDE

#: To be raised when the files are written otherwise.
FORMAT = 1
TRAIN, HELD, WHOLE = "train", "held", "whole.json"
PART = ".part"
#: How old a folder that is still being filled must be before it counts as left behind, in seconds.
ABANDONED_AFTER = 3600.0
NPY_HEADER = 128


@dataclass(frozen=True)
class Kept:
    """A folder of digits: `train` may be mounted, the rest is in memory."""

    train: Path
    train_rows: int
    held_images: bytes
    held_labels: bytes


def key_of(*contents: bytes) -> str:
    """A name for digits made from these contents, in this format."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:20]


def read_kept(place: Path) -> Kept | None:
    """What is kept there; None when that is nothing, or not all of it."""
    try:
        stated = json.loads((place / WHOLE).read_text(encoding="utf-8"))
        rows, held = int(stated["train_rows"]), place / HELD
        images, labels = (held / "images").read_bytes(), (held / "labels").read_bytes()
        sizes = [(place / TRAIN / name).stat().st_size for name in ("x_train.npy", "y_train.npy")]
        same = hashlib.sha256(images + labels).hexdigest() == stated["held"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if sizes != [NPY_HEADER + rows * PIXELS, NPY_HEADER + rows] or not same:
        return None
    return Kept(place / TRAIN, rows, images, labels)


def keep(place: Path, x_train: bytes, y_train: bytes, held_images: bytes, held_labels: bytes) -> None:
    """Writes digits there in one step: a process that is killed leaves nothing that could be taken for them."""
    place.parent.mkdir(parents=True, exist_ok=True)
    # Private by the folder above: what is mounted must itself be readable, as sandboxes drop to another user.
    place.parent.chmod(0o700)
    _sweep(place.parent)
    part = Path(tempfile.mkdtemp(prefix=f".{place.name}-", suffix=PART, dir=place.parent))
    try:
        rows = len(y_train)
        _folder(part / TRAIN, 0o755)
        _write(part / TRAIN / "x_train.npy", npy(x_train, (rows, SIDE, SIDE)), 0o644)
        _write(part / TRAIN / "y_train.npy", npy(y_train, (rows,)), 0o644)
        _folder(part / HELD, 0o700)
        _write(part / HELD / "images", held_images, 0o600)
        _write(part / HELD / "labels", held_labels, 0o600)
        stated = {"train_rows": rows, "held": hashlib.sha256(held_images + held_labels).hexdigest()}
        _write(part / WHOLE, json.dumps(stated).encode(), 0o600)
        part.chmod(0o755)
        _rename(part, place)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def npy(data: bytes, shape: tuple[int, ...]) -> bytes:
    """Unsigned bytes as a .npy file, version 1.0, whose header fills 128 bytes."""
    about = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    length = NPY_HEADER - 10
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", length) + about.ljust(length - 1).encode() + b"\n" + data


def _folder(path: Path, mode: int) -> None:
    path.mkdir()
    path.chmod(mode)


def _write(path: Path, data: bytes, mode: int) -> None:
    """A file, safely on the disk, with these rights whatever the umask."""
    with path.open("xb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _rename(part: Path, place: Path) -> None:
    """Gives the folder its name. What stands there stays if it is whole (another process was first), else it goes."""
    try:
        part.rename(place)
        return
    except OSError:
        if read_kept(place) is not None:
            return
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", suffix=PART, dir=place.parent))
    try:
        place.rename(aside / "spoilt")
        part.rename(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _sweep(root: Path) -> None:
    for left in root.glob(f".*{PART}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED_AFTER:
                shutil.rmtree(left, ignore_errors=True)
