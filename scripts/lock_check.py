"""Whether every Python and machine that we name finds a wheel for all that is locked. Needs uv and a package index."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-model.lock", "requirements-lab.lock", "requirements-test.lock")
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc")
# onnxruntime has had no wheels for older macOS, nor for Intel's, for a while.
ENVIRONMENT = {"MACOSX_DEPLOYMENT_TARGET": "14.0", "UV_CACHE_DIR": str(ROOT / ".venv" / ".uv")}


def main() -> int:
    """Prints a line for each pair; 1 when one of them cannot install the locks."""
    failed = 0
    for python in PYTHONS:
        for machine in MACHINES:
            trouble = resolve(python, machine)
            failed += bool(trouble)
            print(f"Python {python}  {machine:26}{'  ' + trouble if trouble else '  ok'}", flush=True)
    return 1 if failed else 0


def resolve(python: str, machine: str) -> str:
    """What stands against installing all locks there; empty when nothing does. Nothing is installed."""
    with tempfile.TemporaryDirectory() as nowhere:
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--dry-run", "--target", nowhere]
        command += ["--python-version", python, "--python-platform", machine, "--only-binary", ":all:"]
        command += ["--no-deps", "--require-hashes", *(word for lock in LOCKS for word in ("-r", lock))]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    return "" if done.returncode == 0 else done.stderr.strip()


if __name__ == "__main__":
    sys.exit(main())
