"""What `viva doctor` says of the lab: one line, with the mend, without importing PyTorch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.digits import mnist_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="programs are run on Linux alone")

SHOW = """
import json, sys
from bot.commands.doctor import _lab
from bot.settings import read_settings
print(json.dumps({**vars(_lab(read_settings())), "torch": "torch" in sys.modules}))
"""


def lab(root: Path, home: Path, **settings: str) -> dict[str, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "VIVA_HOME": str(home), **settings}
    done = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=root, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("torch") is False
    assert found["name"] == "lab"
    return found


def test_it_says_what_runs_where_with_which_digits(root: Path, tmp_path: Path) -> None:
    folder = mnist_folder(tmp_path / "mnist")
    found = lab(root, tmp_path / "home", VIVA_MNIST_DIR=str(folder), VIVA_LAB_DEVICE="cpu")
    if found["status"] == "warn":
        assert "cannot be run here" in found["text"] or "GPU" in found["text"]
        pytest.skip(f"this machine has no sandbox or no PyTorch: {found['text']}")
    assert found["text"].startswith("programs run confined by bubblewrap")
    assert "on cpu;" in found["text"]
    assert f"30 digits to train on and 20 held out, from {folder}." in found["text"]
    assert not (tmp_path / "home").exists()


def test_a_faulty_folder_of_digits_is_a_warning(root: Path, tmp_path: Path) -> None:
    found = lab(root, tmp_path / "home", VIVA_MNIST_DIR=str(tmp_path / "none"))
    assert found["status"] == "warn"
    if "cannot be run here" in found["text"] or "GPU" in found["text"]:
        pytest.skip("something else is missing first")
    assert f"{tmp_path / 'none'} should be a folder" in found["text"]
    assert "unset VIVA_MNIST_DIR" in found["mend"]


def test_a_lab_turned_off_is_no_fault(root: Path, tmp_path: Path) -> None:
    found = lab(root, tmp_path / "home", VIVA_LAB="off")
    assert (found["status"], found["text"]) == ("ok", "The lab is off (VIVA_LAB=off): programs are read, not run.")
