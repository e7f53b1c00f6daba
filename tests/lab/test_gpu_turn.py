"""A turn on a GPU, on machines without one: nvidia-smi's answers are written out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.lab.gpu import Gpu
from bot.lab.gpu_turn import GpuTurn
from bot.lab.gpu_watch import GpuWatch, NoAnswer

GPU = Gpu(0, Path("/dev/nvidia0"))


def watching(used: Callable[[], int | None]) -> Callable[[Gpu], GpuWatch]:
    """A GPU of 80,000 MiB of which so many are in use; nobody is named. None: it does not answer."""

    async def ask(arguments: Sequence[str]) -> str:
        if (now := used()) is None:
            raise NoAnswer("silent")
        return f"{now}, 80000\n" if "memory.used" in arguments[0] else ""

    return lambda gpu: GpuWatch(gpu, ask, every=0.001)


async def test_on_the_cpu_there_is_no_turn() -> None:
    async with GpuTurn(None) as turn:
        assert turn.busy == ""
        assert turn.over(1) is None


async def test_a_gpu_that_others_fill_is_busy() -> None:
    async with GpuTurn(GPU, watching(lambda: 79_000)) as turn:
        assert "79000" in turn.busy
        assert turn.over(1) is None


async def test_a_program_that_takes_too_much_is_named_by_its_figure() -> None:
    used = [100]
    async with GpuTurn(GPU, watching(lambda: used[0])) as turn:
        over = turn.over(1)
        assert over is not None
        waiting = asyncio.ensure_future(over())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        used[0] = 9_100
        assert "9000 MiB" in await asyncio.wait_for(waiting, 5)
        used[0] = 100


async def test_the_next_comes_when_the_gpu_is_empty_again() -> None:
    used = [100]
    turn = GpuTurn(GPU, watching(lambda: used[0]))
    async with turn:
        used[0] = 3_000
        leaving = asyncio.get_running_loop().call_later(0.05, used.__setitem__, 0, 100)
    assert used[0] == 100
    assert leaving.when() <= asyncio.get_running_loop().time()


async def test_an_nvidia_smi_that_is_silent_keeps_nobody_from_the_gpu() -> None:
    async with GpuTurn(GPU, watching(lambda: None)) as turn:
        assert turn.busy == ""
        assert turn.over(1) is None


async def test_a_programs_error_is_its_own() -> None:
    with pytest.raises(KeyError):
        async with GpuTurn(GPU, watching(lambda: 100)):
            raise KeyError
