"""Which GPUs programs may have, and what a sandbox must be given for one of them and no other. It reads files under
/dev and /proc alone: torch is not imported, nothing is run on a GPU, and memory is watched elsewhere (gpu_watch.py).
"""

from __future__ import annotations

import errno
import importlib.util
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import WrongUsage

TAKE_CUDA = "make interview TORCH=cuda"
TAKE_TORCH = "make interview TORCH=cpu"
CONTROL, UVM, UVM_TOOLS = "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools"
#: The oldest driver that runs a CUDA release, by major number (NVIDIA's CUDA compatibility guide, minor versions).
OLDEST_DRIVER = {11: 450, 12: 525, 13: 580}
NVIDIA_VENDOR, DISPLAY_CLASS = "0x10de", "0x03"


@dataclass(frozen=True)
class Places:
    """Where the driver and its cards show themselves; other folders in tests. `root` says who asks: root drops to
    another user before a program runs, who must be allowed to use the nodes as well.
    """

    dev: Path = Path("/dev")
    driver: Path = Path("/proc/driver/nvidia")
    pci: Path = Path("/sys/bus/pci/devices")
    root: bool = False


@dataclass(frozen=True)
class Gpu:
    """One GPU: cuda:`index` in the order of the PCI bus, and the node that opens it, whose number can differ."""

    index: int
    node: Path
    name: str = "NVIDIA GPU"
    uuid: str = ""

    @property
    def device(self) -> str:
        return f"cuda:{self.index}"


@dataclass(frozen=True)
class Torch:
    """The installed build of PyTorch. `cuda` is the release that it was built for, empty for the CPU build."""

    version: str
    cuda: str = ""


@dataclass(frozen=True)
class Devices:
    """The GPUs of this machine and what stands in the way of using them: `trouble` and its `mend`, else empty."""

    gpus: tuple[Gpu, ...] = ()
    driver: str = ""
    torch: Torch | None = None
    trouble: str = ""
    mend: str = ""

    @property
    def usable(self) -> tuple[Gpu, ...]:
        return () if self.trouble else self.gpus


@dataclass(frozen=True)
class Offer:
    """The GPUs that programs may have here. Without any they run on the CPU; `says` why, where that is not expected."""

    gpus: tuple[Gpu, ...] = ()
    says: str = ""

    def gpu(self, device: str) -> Gpu | None:
        """The GPU of this name, or None: the CPU."""
        return next((gpu for gpu in self.gpus if gpu.device == device), None)


def read_devices(places: Places | None = None, find: Callable[[], Path | None] | None = None) -> Devices:
    """What there is on this machine. `find` gives the path of torch/version.py, by default the installed one's."""
    places = places or Places(root=os.geteuid() == 0)
    torch = read_torch((find or torch_version_file)())
    gpus, driver = _gpus(places), _driver(places)
    trouble, mend = _trouble(places, gpus, driver, torch)
    return Devices(gpus, driver, torch, trouble, mend)


def offer(wanted: str, devices: Devices) -> Offer:
    """The GPUs to give out when VIVA_LAB_DEVICE is `wanted`: auto, cpu or cuda:N."""
    if wanted == "cpu":
        return Offer()
    if wanted == "auto":
        return Offer(devices.usable, devices.trouble)
    if not re.fullmatch(r"cuda:\d{1,2}", wanted):
        raise WrongUsage(f"VIVA_LAB_DEVICE is {wanted!r}. Write auto, cpu, or cuda: and a number, as in cuda:0.")
    found = tuple(gpu for gpu in devices.usable if gpu.device == wanted)
    if found:
        return Offer(found)
    there = ", ".join(gpu.device for gpu in devices.usable)
    why = devices.trouble or (f"This machine has {there}." if there else "This machine has no NVIDIA GPU.")
    return Offer((), f"VIVA_LAB_DEVICE asks for {wanted}, which programs cannot have, so they run on the CPU. {why}")


def torch_version_file() -> Path | None:
    """Where the installed PyTorch keeps its version; None without one. A top-level package is found, not imported."""
    try:
        spec = importlib.util.find_spec("torch")
    except (ImportError, ValueError):
        return None
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (file := Path(place) / "version.py").is_file():
            return file
    return None


def read_torch(file: Path | None) -> Torch | None:
    """The build, read off its version.py as text."""
    text = _text(file) if file is not None else ""
    version = re.search(r"^__version__\b[^=\n]*=\s*['\"]([^'\"]+)", text, re.MULTILINE)
    cuda = re.search(r"^cuda\b[^=\n]*=\s*['\"]([\d.]+)", text, re.MULTILINE)
    return Torch(version[1], cuda[1] if cuda else "") if version else None


def _driver(places: Places) -> str:
    """The driver's version; empty where it does not say."""
    found = re.search(r"Kernel Module.*?\s(\d+(?:\.\d+)+)\s", _text(places.driver / "version"))
    return found[1] if found else ""


def _gpus(places: Places) -> tuple[Gpu, ...]:
    """The GPUs whose nodes are there. Without the driver's own list (in some containers), the nodes themselves."""
    listed = []
    for about in sorted(places.driver.glob("gpus/*/information")):
        said = dict(re.findall(r"^([^:\n]+):[ \t]*(.*?)\s*$", _text(about), re.MULTILINE))
        if said.get("Device Minor", "").isdigit():
            listed.append((int(said["Device Minor"]), said.get("Model") or Gpu.name, said.get("GPU UUID", "")))
    if not listed:
        names = (path.name.removeprefix("nvidia") for path in places.dev.glob("nvidia*"))
        listed = [(number, Gpu.name, "") for number in sorted(int(name) for name in names if name.isdigit())]
    gpus = ((places.dev / f"nvidia{minor}", name, uuid) for minor, name, uuid in listed)
    # The driver hides what it may not show behind question marks: "GPU-????????-…".
    there = [(node, name, "" if "?" in uuid else uuid) for node, name, uuid in gpus if node.exists()]
    return tuple(Gpu(index, *about) for index, about in enumerate(there))


def _trouble(places: Places, gpus: tuple[Gpu, ...], driver: str, torch: Torch | None) -> tuple[str, str]:
    """What keeps programs from the GPUs, and its mend; both empty when nothing does, or when there are none."""
    if not gpus:
        return _no_gpu(places, driver)
    there = f"There is a GPU ({gpus[0].name})" if len(gpus) == 1 else f"There are {len(gpus)} GPUs ({gpus[0].name})"
    if torch is None:
        return f"{there}, but PyTorch is not installed.", f"Run: {TAKE_CUDA}"
    if not torch.cuda:
        return f"{there}, but torch is the CPU build.", f"Run: {TAKE_CUDA}"
    oldest = OLDEST_DRIVER.get(int(torch.cuda.split(".")[0]), 0)
    if driver and int(driver.split(".")[0]) < oldest:
        return (
            f"{there}, but its driver {driver} is too old for torch built for CUDA {torch.cuda}.",
            f"Install driver {oldest} or newer.",
        )
    return _nodes(places, gpus, there)


def _no_gpu(places: Places, driver: str) -> tuple[str, str]:
    if (places.dev / "dxg").exists():
        return "The GPU of WSL2 cannot be given to one program alone, so programs run on the CPU.", ""
    if driver:
        return "The NVIDIA driver is loaded, but there is no GPU under /dev.", "In a container, pass the GPU through."
    for card in places.pci.glob("*/vendor") if places.pci.is_dir() else ():
        if _text(card).strip() == NVIDIA_VENDOR and _text(card.with_name("class")).startswith(DISPLAY_CLASS):
            return "There is an NVIDIA card, but no driver for it.", f"Install NVIDIA's driver, then run: {TAKE_CUDA}"
    return "", ""


def _nodes(places: Places, gpus: tuple[Gpu, ...], there: str) -> tuple[str, str]:
    """What is wrong with the nodes that every program on a GPU needs."""
    for node in (places.dev / CONTROL, places.dev / UVM, *(gpu.node for gpu in gpus)):
        if not node.exists():
            return f"{there}, but {node} is missing.", "Run as root: nvidia-modprobe -u -c 0"
        if (why := _closed(node, places.root)) is not None:
            return f"{there}, but {node} cannot be used ({why}).", f"Check the driver, and the rights of {node}."
    return "", ""


def _closed(node: Path, root: bool) -> str | None:
    """Why a node cannot be opened by the user that programs run as; None when it can."""
    if root and node.stat().st_mode & 0o006 != 0o006:
        return "programs do not run as root, and others may not read and write it"
    try:
        os.close(os.open(node, os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        return "no driver behind it" if error.errno in (errno.ENXIO, errno.ENODEV) else os.strerror(error.errno or 0)
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
