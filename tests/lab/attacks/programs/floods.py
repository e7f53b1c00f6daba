"""Prints without end on its output, its errors and its channel, whoever reads."""

from __future__ import annotations

import os
import threading
from typing import Any


def attack(world: dict[str, Any]) -> None:
    for number in (1, 2, 3):
        threading.Thread(target=pours, args=(number,)).start()


def pours(number: int) -> None:
    for _ in range(1600):  # 100 MB
        os.write(number, b"x" * 65536)
