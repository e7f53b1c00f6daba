"""The finder of a Python: a name on PATH is no proof that it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def find(root: Path, path: Path, cwd: Path, *wanted: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(root / "scripts/find_python.sh"), *wanted]
    return subprocess.run(command, cwd=cwd, env={"PATH": str(path)}, capture_output=True, text=True, check=False)


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def command(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_a_command_that_only_complains_is_passed_over(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    command(bin_folder, "python3", "echo 'python3: command not found' >&2; exit 127")
    command(bin_folder, "python3.12", f'exec "{sys.executable}" "$@"')
    assert find(root, bin_folder, tmp_path).stdout == "python3.12\n"


def test_none_at_all_is_said_with_the_mend(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    done = find(root, bin_folder, tmp_path)
    assert done.returncode == 1
    assert "apt install python3 python3-venv" in done.stderr


def test_a_named_one_is_not_second_guessed(root: Path, tmp_path: Path, bin_folder: Path) -> None:
    command(bin_folder, "python3", f'exec "{sys.executable}" "$@"')
    assert find(root, bin_folder, tmp_path, sys.executable).stdout == f"{sys.executable}\n"
    assert find(root, bin_folder, tmp_path, "python9").returncode == 1


def test_the_environment_comes_first_unless_its_making_was_cut_short(
    root: Path, tmp_path: Path, bin_folder: Path
) -> None:
    made = tmp_path / ".venv" / "bin"
    made.mkdir(parents=True)
    command(bin_folder, "python3", f'exec "{sys.executable}" "$@"')
    command(made, "python", f'exec "{sys.executable}" "$@"')
    assert find(root, bin_folder, tmp_path).stdout == ".venv/bin/python\n"
    command(made, "python", "echo 'No module named pip' >&2; exit 1")
    assert find(root, bin_folder, tmp_path).stdout == "python3\n"
