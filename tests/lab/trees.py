"""Trees of files that look like machines with NVIDIA GPUs, for tests on machines without one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.lab.gpu import Places

OPEN_MODULE = (
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {}  Release Build  (abuild@host)\nGCC version:  13\n"
)
CLOSED_MODULE = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  {}  Wed Mar 16 11:24:05 UTC 2022\n"
CUDA_BUILD = "__version__ = '2.13.0+cu130'\ncuda: Optional[str] = '13.0'\nhip: Optional[str] = None\n"
CPU_BUILD = "__version__ = '2.13.0+cpu'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n"


@dataclass(frozen=True)
class Card:
    """A card: its place on the bus, the number of its node, its name."""

    bus: str
    minor: int
    name: str = "NVIDIA H200"

    @property
    def uuid(self) -> str:
        return f"GPU-{self.minor:08d}-1111-2222-3333-444444444444"


def machine(
    root: Path, *cards: Card, driver: str = OPEN_MODULE.format("580.95.05"), without: tuple[str, ...] = ()
) -> Places:
    """A machine with these cards and all the nodes that its driver makes, but those left out."""
    places = Places(root / "dev", root / "proc", root / "pci")
    places.dev.mkdir(parents=True)
    if driver:
        (places.driver / "gpus").mkdir(parents=True)
        (places.driver / "version").write_text(driver)
    common = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")
    for name in (*common, *(f"nvidia{card.minor}" for card in cards)):
        if cards and name not in without:
            (places.dev / name).write_bytes(b"")
            (places.dev / name).chmod(0o666)
    for card in cards:
        about = places.driver / "gpus" / card.bus / "information"
        about.parent.mkdir(parents=True)
        about.write_text(
            f"Model: \t\t {card.name}\nIRQ:   \t\t 63\nGPU UUID: \t {card.uuid}\nVideo BIOS: \t 96.00\n"
            f"Bus Location: \t {card.bus}\nDevice Minor: \t {card.minor}\nGPU Excluded:\t No\n"
        )
    return places


def torch_at(folder: Path, text: str) -> Path:
    """A version.py as a build of torch has it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "version.py").write_text(text)
    return folder / "version.py"
