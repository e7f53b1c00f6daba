"""Watches from outside how much of a GPU's memory a program holds, by asking nvidia-smi. It kills nothing itself: there
is no cgroup for GPU memory, so whoever awaits `over` ends the program when it returns.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.lab.gpu import Gpu

#: What a program may hold of a GPU, in MiB: CUDA's own context takes some 500 of it.
MOST_MEMORY = 4096
#: Seconds between two looks; asking nvidia-smi takes some 50 ms.
EVERY = 0.5
PATIENCE = 5.0
LENT = "/usr/local/nvidia/bin"

Ask = Callable[[Sequence[str]], Awaitable[str]]


class NoAnswer(Exception):
    """nvidia-smi is not there, fails, or keeps silent; the message says which."""


@dataclass(frozen=True)
class Memory:
    """MiB of one GPU: in use by anyone, and all that it has."""

    used: int
    total: int

    @property
    def free(self) -> int:
        return self.total - self.used


class GpuWatch:
    """Asks about one GPU. `ask` runs nvidia-smi with the arguments it is given and returns what it prints."""

    def __init__(self, gpu: Gpu, ask: Ask | None = None, every: float = EVERY) -> None:
        self._gpu = gpu
        self._ask = ask or ask_nvidia_smi
        self._every = every

    async def memory(self) -> Memory:
        """Memory in use and in all; NoAnswer where it is not told."""
        rows = _rows(await self._query("--query-gpu=memory.used,memory.total"))
        if not rows or None in rows[0] or len(rows[0]) != 2:
            raise NoAnswer("nvidia-smi does not say how much memory is in use.")
        used, total = rows[0]
        return Memory(used or 0, total or 0)

    async def holders(self) -> dict[int, int | None]:
        """MiB by process (the host's numbers) of all that compute; None where the driver does not say how much."""
        rows = _rows(await self._query("--query-compute-apps=pid,used_memory"))
        return {row[0]: row[1] for row in rows if len(row) == 2 and row[0] is not None}

    async def busy(self, need: int = MOST_MEMORY) -> str:
        """A sentence when others hold so much of the GPU that a program would not fit; empty when it fits, or when
        nobody knows."""
        try:
            memory = await self.memory()
        except NoAnswer:
            return ""
        if memory.free >= min(need, memory.total // 2):
            return ""
        return f"Others use the GPU ({memory.used} of its {memory.total} MiB), so your program runs on the CPU."

    async def held(self, pids: Collection[int], before: int) -> int:
        """MiB that these processes hold. Where they are not listed by number (in containers, the numbers are others'),
        it is what has come on top of the MiB that were in use `before`: one program has the GPU at a time."""
        holders = await self.holders()
        mine = [holders[pid] for pid in pids if pid in holders]
        if mine and None not in mine:
            return sum(held or 0 for held in mine)
        return max(0, (await self.memory()).used - before)

    async def over(self, pids: Callable[[], Collection[int]], before: int, most: int = MOST_MEMORY) -> int:
        """Returns what is held once it is more than `most` MiB; until then it looks on, for as long as it is awaited.

        An nvidia-smi that does not answer is asked again: the program's time is limited all the same.
        """
        while True:
            with suppress(NoAnswer):
                if (held := await self.held(pids(), before)) > most:
                    return held
            await asyncio.sleep(self._every)

    async def cleared(self, before: int, slack: int = 64, within: float = 10.0) -> bool:
        """Waits until the GPU is as empty as it was before, but for `slack` MiB; False when it is not in time: a
        killed program's kernel can hang on, and the next must not come on top of it."""
        try:
            await asyncio.wait_for(self._until(before + slack), within)
        except TimeoutError:
            return False
        except NoAnswer:
            pass
        return True

    async def _until(self, least: int) -> None:
        """Returns once no more than so many MiB are in use."""
        while True:
            if (await self.memory()).used <= least:
                return
            await asyncio.sleep(self._every)

    async def _query(self, what: str) -> str:
        which = self._gpu.uuid or str(self._gpu.index)
        return await self._ask((what, "--format=csv,noheader,nounits", f"--id={which}"))


async def ask_nvidia_smi(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, patience: float = PATIENCE
) -> str:
    """What nvidia-smi prints; NoAnswer when it is not there, fails, or takes too long (it does when a GPU hangs)."""
    environment = os.environ if environment is None else environment
    command = shutil.which("nvidia-smi", path=f"{environment.get('PATH', '')}:{LENT}")
    if command is None:
        raise NoAnswer("nvidia-smi is not installed.")
    passed = {name: environment[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in environment}
    try:
        child = await asyncio.create_subprocess_exec(
            command, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=-1, stderr=-3, env=passed
        )
    except OSError as error:
        raise NoAnswer(f"{command} cannot be run ({error.strerror}).") from None
    try:
        printed, _ = await asyncio.wait_for(child.communicate(), patience)
    except TimeoutError:
        raise NoAnswer("nvidia-smi does not answer.") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        raise NoAnswer(f"nvidia-smi ended with {child.returncode}.")
    return printed.decode(errors="replace")


def process_tree(pid: int, proc: Path = Path("/proc")) -> set[int]:
    """A process and all that descend from it, by the host's numbers."""
    children: dict[int, list[int]] = {}
    for stat in proc.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # The name in brackets may hold anything, brackets too.
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    tree, left = set[int](), [pid]
    while left:
        if (number := left.pop()) not in tree:
            tree.add(number)
            left.extend(children.get(number, ()))
    return tree


def _rows(printed: str) -> list[list[int | None]]:
    """Numbers, line by line; None for what is no number ("[N/A]", "[Not Supported]")."""
    return [[_number(cell) for cell in line.split(",")] for line in printed.splitlines() if re.search(r"\d|\[", line)]


def _number(cell: str) -> int | None:
    found = re.fullmatch(r"\s*(\d+)(?: MiB)?\s*", cell)
    return int(found[1]) if found else None
