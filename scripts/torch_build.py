"""Which build of PyTorch a machine gets, and the command that brings it. Standard library only; it runs nothing itself.

PyTorch is never in the lock: the default Linux package brings about 3 GB of CUDA libraries, which a machine without an
NVIDIA driver has no use for. What it leans on is in requirements-lab.lock, hence `--no-deps`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

VERSION = "2.13.0"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
MEGABYTES = {"cpu": 192, "cuda": 3000}  # the Linux x86-64 wheels; macOS and Windows are smaller
DISK = {"cpu": 1200, "cuda": 11000}  # MB, while it is unpacked: the wheels and what they become
WITHOUT = (
    "No program is run without it, and tests that need it are skipped. `TORCH=cpu` behind the command tries again; on"
    " Linux `TORCH=cuda` takes the default build from your package index (about 3 GB), which also runs without a GPU."
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
    """What to try in order. A wheel that pip was told to find on disk comes first: it costs no download.

    pip takes any build of this version for this version, so that another build has to be put in its place by force.
    """
    package = f"torch=={VERSION}"
    alone = (*pip, "install", "--no-deps", "--force-reinstall", package)
    if build == "cuda" or platform != "linux":
        return (alone,)
    on_disk = (*alone[:-1], "--no-index", package)
    # Few retries and a short timeout: an index that cannot be reached must not hold up the interview.
    from_index = (*alone[:-1], "--index-url", CPU_INDEX, "--retries", "1", "--timeout", "15", package)
    return (on_disk, from_index)


def afterwards(pip: tuple[str, ...], build: str) -> tuple[tuple[str, ...], ...]:
    """What must follow: the CUDA build's own libraries, which depend on it and on nothing of the lock."""
    return ((*pip, "install", f"torch=={VERSION}"),) if build == "cuda" else ()
