"""What is asked of the sandbox: a command, what it may see, and how much it may use. Nothing is started here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Bind:
    """A file or folder of the host, and where the job finds it. It can never be written."""

    host: Path
    inside: str


@dataclass(frozen=True)
class Room:
    """One confined run. `memory` is in MiB for the whole tree, `cpu_seconds` for each process of it.

    `devices` are GPU nodes under /dev, for which `sys_readonly` shows /sys. `environment` is all that the job gets.
    """

    command: tuple[str, ...]
    binds: tuple[Bind, ...] = ()
    memory: int = 2048
    cpu_seconds: int = 120
    devices: tuple[Path, ...] = ()
    sys_readonly: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
