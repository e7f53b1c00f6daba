"""Memory of a tree of processes where no control group counts it: looked at about every 50 ms, from outside.

It counts what is private, what is shared, and what lies in the job's folders. It misses what lies in pipes and sockets,
which the limits keep small.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
from collections.abc import Iterator
from pathlib import Path

INODE = 1024  # bytes of the kernel's for an empty file of a tmpfs, about


class Watch:
    """The tree under `pid`. `folders` are the job's, by their paths inside. The same shape as a cgroup's Group."""

    interval = 0.05

    def __init__(self, folders: tuple[str, ...]) -> None:
        self.folders: list[Path] = []
        self._inside = folders
        self._pid: int | None = None
        self._cap: int | None = None

    def begin(self, pid: int) -> None:
        self._pid = pid

    def cap(self, memory: int) -> None:
        """Bytes that the tree may use."""
        self._cap = memory

    def used(self) -> int:
        """Bytes in use: shared ones are shared out among who shares them."""
        pids = tree(self._pid) if self._pid else []
        private, shared = map(sum, zip(*map(_proportional, pids), strict=True)) if pids else (0, 0)
        # A mapped file of a folder is in both; the larger is nearer to the truth than the sum.
        return private + max(shared, self._in_folders(pids))

    def exceeded(self) -> bool:
        """True while more is in use than may be. The dear count is made only where the cheap one is over."""
        if self._cap is None or not self._pid:
            return False
        pids = tree(self._pid)
        return sum(map(_resident, pids)) + self._in_folders(pids) > self._cap and self.used() > self._cap

    def kill(self) -> None:
        """Kills the tree, the eldest first."""
        for pid in tree(self._pid) if self._pid else []:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)

    def remove(self) -> bool:
        """There is nothing to remove."""
        return True

    def _in_folders(self, pids: list[int]) -> int:
        """Bytes in the job's folders, seen through the first process inside; a job cannot put others in their place."""
        return sum(_stored(f"/proc/{pid}/root{folder}") for pid in pids[1:2] for folder in self._inside)


def tree(pid: int) -> list[int]:
    """A process and all below it, the eldest first. Orphans hang by the first process of their namespace."""
    found = [pid]
    for parent in found:
        found.extend(_children(parent))
    return found


def _children(pid: int) -> Iterator[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return
    for thread in threads:
        with contextlib.suppress(OSError):
            yield from map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * mmap.PAGESIZE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> tuple[int, int]:
    """Private and shared bytes; files that were read are not counted, as they can be had back."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return (_resident(pid), 0)
    sizes = {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}
    return sizes.get("Pss_Anon", 0) + sizes.get("SwapPss", 0), sizes.get("Pss_Shmem", 0)


def _stored(folder: str) -> int:
    try:
        about = os.statvfs(folder)
    except OSError:
        return 0
    return (about.f_blocks - about.f_bfree) * about.f_frsize + (about.f_files - about.f_ffree) * INODE
