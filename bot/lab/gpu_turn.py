"""A program's turn on a GPU: whether it is free, what the program holds of it, and that it is empty again afterwards.

On the CPU it does nothing. It ends no program: it says when one is to be ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Self

from bot.lab.gpu import Gpu
from bot.lab.gpu_watch import MOST_MEMORY, GpuWatch, NoAnswer, process_tree


class GpuTurn:
    """A turn, as a context. `busy` is a sentence when others use the GPU, so that the program takes the CPU."""

    def __init__(self, gpu: Gpu | None, watch: Callable[[Gpu], GpuWatch] = GpuWatch) -> None:
        self._watch = watch(gpu) if gpu is not None else None
        self._before: int | None = None
        self.busy = ""

    async def __aenter__(self) -> Self:
        if self._watch is not None:
            self.busy = await self._watch.busy()
            try:
                self._before = (await self._watch.memory()).used
            except NoAnswer:
                self._before = None
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watch is not None and self._before is not None and not self.busy:
            await self._watch.cleared(self._before)

    def over(self, pid: int) -> Callable[[], Awaitable[str]] | None:
        """What returns a sentence once the tree holds more of the GPU than it may; None where nobody can say."""
        watch, before = self._watch, self._before
        if watch is None or before is None or self.busy:
            return None

        async def watched() -> str:
            held = await watch.over(lambda: process_tree(pid), before)
            return f"It held {held} MiB of the GPU, and may hold {MOST_MEMORY}. Make its batches or layers smaller."

        return watched
