"""The data folder: what is said where who runs Viva may not write in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app.alone import LOCK, alone
from bot.app.home import check_writable
from bot.errors import StoreBroken
from tests.candidates import ROOT

CHECKS = """
import sys; from pathlib import Path; from bot.app.home import check_writable
for home in sys.argv[1:]:
    try: print(check_writable(Path(home)))
    except Exception as error: print(error)
"""
#: Root may write everything, unless it gives that up.
WITHOUT = "-dac_override,-dac_read_search"
DROPPED = ["setpriv", "--bounding-set", WITHOUT, f"--inh-caps={WITHOUT}"]


def checked(*homes: Path) -> list[str]:
    """What an ordinary user is told of each."""
    before = DROPPED if os.geteuid() == 0 else []
    if before and shutil.which(before[0]) is None:
        pytest.skip("as root, who may write everything, this needs setpriv")
    command = [*before, sys.executable, "-c", CHECKS, *map(str, homes)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="root gives up its rights by Linux's means")
def test_what_cannot_be_written_is_named_with_its_mend(tmp_path: Path) -> None:
    well, folder, file = (tmp_path / name for name in ("well", "folder", "file"))
    for home in (well, folder, file):
        (home / "corpus").mkdir(parents=True)
        (home / "corpus").chmod(0o555)  # may be mounted read-only
        (home / "viva.db").touch()
    folder.chmod(0o555)
    (file / "viva.db").chmod(0o444)
    try:
        fine, *wrong = checked(well, folder, file)
    finally:
        folder.chmod(0o755)
    assert fine == "None" and all("chown -R" in said for said in wrong)
    assert [said.partition(" cannot be read and written")[0] for said in wrong] == [str(folder), str(file / "viva.db")]


def test_a_folder_that_cannot_be_looked_into_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreBroken, match="cannot be read and written"):
        check_writable(tmp_path / "nowhere")


def test_a_lock_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    with pytest.raises(StoreBroken, match="cannot be read and written"), alone(tmp_path):
        pass
