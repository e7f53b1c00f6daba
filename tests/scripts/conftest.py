"""What the tests of set-up share: what make would run, without running it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Planned = Callable[..., list[str]]


@pytest.fixture
def planned(root: Path) -> Planned:
    """The commands that make would run for some words; what a make around the tests hands on is kept from it."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def plan(*words: str) -> list[str]:
        command = ["make", "-n", *words]
        done = subprocess.run(command, cwd=root, env=outside, capture_output=True, text=True, check=True, timeout=30)
        return done.stdout.splitlines()

    return plan
