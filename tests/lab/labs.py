"""What tests of the whole lab share: digits learned in a second, programs, and a lab that is looked after."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.lab.lab import BubblewrapLab, Wanted
from bot.lab.sizing import Machine
from tests.lab.sandbox.confining import left

TRAINED = """
import torch
from torch import nn
from lab import load_mnist

x_train, y_train, x_valid, y_valid = load_mnist()
x_train = x_train.float() / 255
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    for i in range(0, len(x_train), 32):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x_train[i : i + 32]), y_train[i : i + 32])
        loss.backward()
        optimizer.step()
print("done", loss.item())
"""


def learnable(folder: Path, train: int = 600, held: int = 200) -> Path:
    """A folder as VIVA_MNIST_DIR: the class of an image is which of its bands is bright."""
    chance = random.Random(0)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("train", train), ("t10k", held)):
        labels = bytes(chance.randrange(10) for _ in range(rows))
        images = b"".join(_image(label, chance) for label in labels)
        (folder / f"{name}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, rows, 28, 28) + images)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, rows) + labels)
    return folder


def _image(label: int, chance: random.Random) -> bytes:
    rows = [[chance.randrange(80) for _ in range(28)] for _ in range(28)]
    for row in (2 * label, 2 * label + 1):
        rows[row] = [150 + chance.randrange(100) for _ in range(28)]
    return bytes(pixel for row in rows for pixel in row)


@contextlib.asynccontextmanager
async def laboratory(
    tmp_path: Path, warm: int = 0, cores: int = 2, free: int = 16_000, mnist: Path | None = None
) -> AsyncIterator[BubblewrapLab]:
    """A lab that is closed in the end, and must have left nothing behind. Skips where programs cannot be confined."""
    folder = mnist or learnable(tmp_path / "mnist")
    wanted = Wanted(tmp_path / "home", folder, "cpu", warm)
    lab = BubblewrapLab(wanted, machine=lambda: Machine(cores, free))
    if why := lab.unavailable():
        (pytest.fail if os.environ.get("VIVA_CI") else pytest.skip)(why)
    before = left()
    try:
        yield lab
    finally:
        await lab.close()
    assert left() == before


def no_torch() -> bool:
    """True where PyTorch is not installed and need not be."""
    return importlib.util.find_spec("torch") is None and not os.environ.get("VIVA_CI")
