"""What the harness's tests share: made-up digits, and PyTorch or a reason to skip."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.lab.harness import made_up

if find_spec("torch") is None and os.environ.get("VIVA_CI") != "1":
    pytest.skip("PyTorch is not installed", allow_module_level=True)


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> made_up.Digits:
    folder: Path = tmp_path_factory.mktemp("digits")
    return made_up.make(folder)
