"""Memory, processes and processor shares of a whole tree by control groups, version 1 or 2, where they can be made.

Where they cannot, watching.py stands in for the memory.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PREFIX = "viva-"
NICE_STEP = 1.25  # one level of nice is this much of the processor, in the kernel's table


@dataclass(frozen=True)
class Places:
    """Folders that groups can be made in. Version 2 has one, version 1 one for each controller that is there."""

    version: int
    memory: Path
    pids: Path | None = None
    cpu: Path | None = None

    def all(self) -> list[Path]:
        return list(dict.fromkeys(path for path in (self.memory, self.pids, self.cpu) if path))


class Group:
    """The groups of one sandbox. Made with its first cap; empty until launch.py joins them."""

    interval = 0.25

    def __init__(self, places: Places, name: str) -> None:
        self._version = places.version
        self.folders = [path / name for path in places.all()]
        self._memory = places.memory / name
        self._pids = places.pids / name if places.pids else None
        self._cpu = places.cpu / name if places.cpu else None

    def make(self, memory: int, processes: int, nice: int) -> None:
        """Makes them, with their limits. OSError where that is not possible; nothing is left then."""
        try:
            for folder in self.folders:
                folder.mkdir()
            self.cap(memory)
            if self._version == 2:
                _written(self._memory / "memory.oom.group", 1)
            if self._pids:
                _written(self._pids / "pids.max", processes)
            if self._cpu:
                self._share(nice)
        except OSError:
            self.remove()
            raise

    def cap(self, memory: int) -> None:
        """Bytes that the tree may use, swap included."""
        if self._version == 2:
            _written(self._memory / "memory.max", memory)
            with contextlib.suppress(OSError):  # no swap, no such file
                _written(self._memory / "memory.swap.max", 0)
            return
        plain, with_swap = self._memory / "memory.limit_in_bytes", self._memory / "memory.memsw.limit_in_bytes"
        files = [plain, *([with_swap] if with_swap.exists() else [])]
        # Neither may pass the other on the way.
        for file in files if memory < int(plain.read_text()) else reversed(files):
            _written(file, memory)

    def used(self) -> int:
        """Bytes in use that cannot be had back: not the files that it has read."""
        counts = _counts(self._memory / "memory.stat")
        names = ("anon", "shmem", "kernel") if self._version == 2 else ("total_rss", "total_shmem")
        return sum(counts.get(name, 0) for name in names)

    def exceeded(self) -> bool:
        """True once the kernel has killed something of the tree for its memory."""
        file = "memory.events" if self._version == 2 else "memory.oom_control"
        return _counts(self._memory / file).get("oom_kill", 0) > 0

    def kill(self) -> None:
        """Kills what is in it."""
        for folder in self.folders[:1]:
            with contextlib.suppress(OSError, ValueError):
                if (folder / "cgroup.kill").exists():
                    _written(folder / "cgroup.kill", 1)
                for pid in (folder / "cgroup.procs").read_text().split():
                    os.kill(int(pid), 9)

    def remove(self) -> bool:
        """Removes them; False while what was in them is not quite dead."""
        left = [folder for folder in self.folders if not _removed(folder)]
        return not left

    def _share(self, nice: int) -> None:
        assert self._cpu
        least, usual, file = (1, 100, "cpu.weight") if self._version == 2 else (2, 1024, "cpu.shares")
        _written(self._cpu / file, max(least, round(usual * NICE_STEP**-nice)))


def find(proc: Path = Path("/proc/self")) -> Places | None:
    """Where groups can be made here, or None."""
    try:
        return _found(proc)
    except OSError:  # a kernel without them, or a container that hides them
        return None


def _found(proc: Path) -> Places | None:
    own = _own(proc)
    mounts = list(_mounts(proc))
    first = {name: place for kind, root, place, names in mounts if kind == "cgroup" for name in names}
    roots = {name: root for kind, root, _, names in mounts if kind == "cgroup" for name in names}
    if "memory" in first:
        found = {name: _within(first[name], roots[name], own.get(name, "/")) for name in first}
        if memory := _open(found["memory"], first["memory"], None):
            others = {name: _open(found[name], first[name], None) for name in ("pids", "cpu") if name in found}
            return Places(1, memory, others.get("pids"), others.get("cpu"))
    for kind, root, place, _ in mounts:
        if kind == "cgroup2" and (memory := _open(_within(place, root, own.get("", "/")), place, "memory")):
            handed = (memory / "cgroup.subtree_control").read_text().split()
            return Places(2, memory, memory if "pids" in handed else None, memory if "cpu" in handed else None)
    return None


def fresh_name() -> str:
    """A name for one sandbox's groups, which tells whose they are: in a container every bot may have the same number.

    The rest is random: a process may make sandboxes from several places.
    """
    return f"{PREFIX}{os.getpid()}-{_began('self')}-{secrets.token_hex(4)}"


def sweep(places: Places) -> None:
    """Removes what earlier processes left when they were killed. What is not empty stays by itself."""
    for place in places.all():
        for folder in place.glob(f"{PREFIX}*"):
            pid, began = (*folder.name.removeprefix(PREFIX).split("-"), "")[:2]
            if _began(pid) != began:
                _removed(folder)


def _began(pid: str) -> str | None:
    """When a process began, in ticks since the machine did; None when there is none of that number."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def _own(proc: Path) -> dict[str, str]:
    """Controller to the path of the group that this process is in; version 2 is ""."""
    own = {}
    for line in (proc / "cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        own.update(dict.fromkeys(names.split(","), path))
    return own


def _mounts(proc: Path) -> Iterator[tuple[str, str, Path, list[str]]]:
    """Kind, root within the hierarchy, place and controllers of each mounted hierarchy."""
    for line in (proc / "mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind in ("cgroup", "cgroup2"):
            fields = before.split()
            yield kind, fields[3], Path(fields[4]), options.split(",")


def _within(place: Path, root: str, path: str) -> Path:
    """Where one's own group is seen; the mount itself where it is not seen at all."""
    relative = path.removeprefix(root) if root != "/" else path
    seen = place / relative.lstrip("/")
    return seen if seen.is_dir() else place


def _open(start: Path, top: Path, controller: str | None) -> Path | None:
    """The nearest group, from one's own upwards, in which others can be made (and have the controller)."""
    for folder in (start, *start.parents):
        if _can_hold(folder, controller):
            return folder
        if folder == top:
            return None
    return None


def _can_hold(folder: Path, controller: str | None) -> bool:
    if controller and controller not in (folder / "cgroup.subtree_control").read_text().split():
        return False
    # To move a process, the group above both must be one's own to write to.
    return os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _counts(file: Path) -> dict[str, int]:
    """A file of lines `name number`; empty when the group is gone."""
    try:
        pairs = [line.split() for line in file.read_text().splitlines()]
    except OSError:
        return {}
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def _written(file: Path, value: int) -> None:
    file.write_text(str(value))
