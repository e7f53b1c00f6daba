"""Which build of PyTorch a machine gets, and the command that brings it. Standard library only; it runs nothing itself.

PyTorch is never in the lock: the default Linux package brings about 3 GB of CUDA libraries, which a machine without an
NVIDIA driver has no use for. What it leans on is locked with the test tools, hence `--no-deps`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

VERSION = "2.13.0"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
MEGABYTES = {"cpu": 192, "cuda": 3000}  # the Linux x86-64 wheels; macOS and Windows are smaller
WITHOUT = (
    "Tests that need it are skipped. `make test TORCH=none` stops trying; on Linux `make test TORCH=cuda` takes the"
    " default build from your package index (about 3 GB), which also runs without a GPU."
)


def has_nvidia(driver: Path = Path("/proc/driver/nvidia/version"), search: str | None = None) -> bool:
    """Whether an NVIDIA driver answers; `nvidia-smi` alone is no proof, for images carry it without a driver."""
    if driver.exists():
        return True
    command = shutil.which("nvidia-smi", path=search)
    if command is None:
        return False
    try:
        listed = subprocess.run([command, "-L"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and b"GPU" in listed.stdout


def wanted(choice: str, platform: str, nvidia: bool) -> str:
    """`cpu`, `cuda` or `none`, from what was asked for and what the machine has."""
    if choice != "auto":
        return choice
    return "cuda" if platform == "linux" and nvidia else "cpu"


def commands(pip: tuple[str, ...], build: str, platform: str) -> tuple[tuple[str, ...], ...]:
    """What to try in order. A wheel that pip was told to find on disk comes first: it costs no download."""
    package = f"torch=={VERSION}"
    if build == "cuda":
        return ((*pip, "install", package),)
    alone = (*pip, "install", "--no-deps", package)
    if platform != "linux":
        return (alone,)
    on_disk = (*pip, "install", "--no-deps", "--no-index", package)
    # Few retries and a short timeout: an index that cannot be reached must not hold up the tests.
    from_index = (*alone[:-1], "--index-url", CPU_INDEX, "--retries", "1", "--timeout", "15", package)
    return (on_disk, from_index)
