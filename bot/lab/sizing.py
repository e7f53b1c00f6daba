"""How much of the machine programs may have: cores and memory as they stand, cgroups counted. It starts nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MIB = 2**20
#: What a waiting slot holds, in MiB: torch imported, and one dummy step done (measured: 211).
SLOT = 260
#: What is left to everything else, in MiB, before anything is made ready in advance.
RESERVE = 1024
#: v1 writes "no limit" as a number of this size.
NO_LIMIT = 2**60


@dataclass(frozen=True)
class Machine:
    """Cores that this process may use, and MiB of memory that are free for it."""

    cores: int
    free: int


def read_machine(root: Path = Path("/")) -> Machine:
    """The machine as it stands now; under another root, as the files there have it."""
    return Machine(_cores(root), _free(root) // MIB)


def parallel(machine: Machine, memory: int) -> int:
    """How many programs of so many MiB may run at once: one core stays with the conversation; at least one."""
    return max(1, min(machine.cores - 1, (machine.free - RESERVE) // memory))


def slots(machine: Machine, wanted: int) -> int:
    """How many of the wanted slots may wait, going by memory."""
    return max(0, min(wanted, (machine.free - RESERVE) // SLOT))


def _cores(root: Path) -> int:
    """The cores that the scheduler gives, less what a quota of the cgroup takes."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        cores = os.cpu_count() or 1
    quotas = [_quota(folder) for folder in _cgroups(root, "cpu")]
    return max(1, min([cores, *(int(quota) for quota in quotas if quota is not None)]))


def _quota(folder: Path) -> float | None:
    """Cores by a cgroup's quota (v2: "200000 100000", or "max 100000"); None where it sets none."""
    words = _words(folder / "cpu.max") or [
        *_words(folder / "cpu.cfs_quota_us"),
        *_words(folder / "cpu.cfs_period_us"),
    ]
    if len(words) < 2 or not all(word.isdigit() for word in words[:2]) or not int(words[1]):
        return None
    return max(1.0, int(words[0]) / int(words[1]))


def _free(root: Path) -> int:
    """Bytes: what the kernel has to give, or what is left to the tightest cgroup above us."""
    left = [room for folder in _cgroups(root, "memory") if (room := _left(folder)) is not None]
    return max(0, min([_available(root), *left]))


def _available(root: Path) -> int:
    """MemAvailable; where there is no /proc, half of what is fitted is taken for free."""
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return 0


def _left(folder: Path) -> int | None:
    """Bytes left to one cgroup, counting what it would give back (files not in use); None where it has no limit."""
    limit = _number(folder / "memory.max") or _number(folder / "memory.limit_in_bytes")
    used = _number(folder / "memory.current") or _number(folder / "memory.usage_in_bytes")
    if limit is None or limit >= NO_LIMIT or used is None:
        return None
    stat = dict(line.split()[:2] for line in _text(folder / "memory.stat").splitlines() if " " in line)
    return limit - used + int(stat.get("total_inactive_file", stat.get("inactive_file", "0")))


def _cgroups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of this process's cgroup and of all above it, as far as they can be seen from here."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number != "0" and controller not in controllers.split(","):
            continue
        mount = root / "sys/fs/cgroup" if number == "0" else root / "sys/fs/cgroup" / controller
        inside = PurePosixPath(path.strip().lstrip("/"))
        yield from (mount / part for part in (inside, *inside.parents) if ".." not in part.parts)


def _words(file: Path) -> list[str]:
    return _text(file).split()


def _number(file: Path) -> int | None:
    text = _text(file).strip()
    return int(text) if text.isdigit() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
