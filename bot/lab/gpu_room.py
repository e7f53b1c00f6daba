"""What a sandbox is given so that a program can use one GPU: nodes, the driver's libraries, environment. It composes
paths and runs no program but the loader's own list of libraries.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.lab.gpu import CONTROL, UVM, UVM_TOOLS, Gpu
from bot.lab.sandbox.room import Bind

INSIDE = "/viva/nvidia"
#: The driver's own libraries that computing needs; the rest of CUDA comes with torch. They must be of one release.
WANTED = re.compile(r"lib(?:cuda|nvidia-(?:ml|ptxjitcompiler|nvvm\d*|gpucomp))\.so\.[\d.]+")
FIRST = "libcuda.so.1"
#: Where images put the driver that a container is lent, when the loader is not told; NixOS keeps it in the last.
LENT = (Path("/usr/local/nvidia/lib64"), Path("/usr/lib64-nvidia"), Path("/run/opengl-driver/lib"))
ARCHITECTURES = {"x86_64": "x86-64", "aarch64": "AArch64"}


@dataclass(frozen=True)
class GpuRoom:
    """What to add to a room: `devices` (nodes), `binds` (libraries), `environment`; /sys is needed too, read-only."""

    devices: tuple[Path, ...]
    binds: tuple[Bind, ...]
    environment: Mapping[str, str]
    sys_readonly: bool = True


def gpu_room(gpu: Gpu, libraries: Mapping[str, Path]) -> GpuRoom:
    """The room of one GPU. Only its own node is in it: other GPUs cannot even be named there."""
    dev = gpu.node.parent
    common = [dev / CONTROL, dev / UVM, *(path for path in [dev / UVM_TOOLS] if path.exists())]
    environment = {
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        # With one node the driver counts one GPU; its UUID says which, whatever the driver counts.
        "CUDA_VISIBLE_DEVICES": gpu.uuid or "0",
        # Nothing outlives the program, so compiled kernels need not be kept.
        "CUDA_CACHE_DISABLE": "1",
    }
    if libraries:
        environment["LD_LIBRARY_PATH"] = INSIDE
    binds = tuple(Bind(file, f"{INSIDE}/{name}") for name, file in sorted(libraries.items()))
    return GpuRoom((*common, gpu.node), binds, environment)


def driver_libraries(listing: str, folders: Iterable[Path], machine: str = "") -> dict[str, Path]:
    """The driver's libraries by the names that programs load, as files without links: from the first folder that has
    libcuda, else from the loader's list (`ldconfig -p`).
    """
    for folder in folders:
        if (folder / FIRST).is_file():
            return {path.name: path.resolve() for path in folder.iterdir() if WANTED.fullmatch(path.name)}
    architecture = ARCHITECTURES.get(machine or platform.machine(), "")
    found: dict[str, Path] = {}
    for name, kind, path in re.findall(r"^\s*(\S+) \(([^)]*)\) => (.+)$", listing, re.MULTILINE):
        if WANTED.fullmatch(name) and architecture in kind and Path(path).is_file():
            found.setdefault(name, Path(path).resolve())
    return found if FIRST in found else {}


def find_libraries(search: str | None = None) -> dict[str, Path]:
    """The driver's libraries on this machine, as the loader would find them; `search` is LD_LIBRARY_PATH."""
    search = os.environ.get("LD_LIBRARY_PATH", "") if search is None else search
    folders = [*(Path(name) for name in search.split(":") if name), *LENT]
    return driver_libraries(_ldconfig(), folders)


def _ldconfig() -> str:
    command = shutil.which("ldconfig", path="/sbin:/usr/sbin:/bin:/usr/bin")
    if command is None:
        return ""
    try:
        listed = subprocess.run([command, "-p"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return listed.stdout.decode(errors="replace")
