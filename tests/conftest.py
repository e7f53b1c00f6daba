"""What tests of every room share: where the project lies, what lies beside it, and how hypothesis runs here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# For tests that import ONNX Runtime by themselves: it sends events from its import on. Viva sees to it by itself.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Shared machines are slow at random, so no deadline; in CI the examples are the same each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("VIVA_CI") else "here")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The folder of material beside the project, which a checkout need not have."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder `shared` beside this checkout")
    return folder
