"""Watching a GPU from outside, by an nvidia-smi that answers as the tests say: numbers, "[N/A]", nothing, or never."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.lab.gpu import Gpu
from bot.lab.gpu_watch import GpuWatch, Memory, NoAnswer, ask_nvidia_smi, process_tree

GPU = Gpu(1, Path("/dev/nvidia0"), "NVIDIA H200", "GPU-1")


class Smi:
    """What nvidia-smi says: by the question, one answer after the other, the last for ever."""

    def __init__(self, memory: Sequence[str] = ("100, 1000\n",), holders: Sequence[str] = ("",)) -> None:
        self.asked: list[Sequence[str]] = []
        self._answers = {"gpu": list(memory), "compute-apps": list(holders)}

    async def __call__(self, arguments: Sequence[str]) -> str:
        self.asked.append(arguments)
        answers = self._answers[arguments[0].removeprefix("--query-").split("=")[0]]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer == "silent":
            raise NoAnswer("nvidia-smi does not answer.")
        return answer


async def test_one_gpu_is_asked_about_by_its_uuid() -> None:
    smi = Smi(["12, 143771\n"], ["41, 512\n42, 1024\n"])
    watch = GpuWatch(GPU, smi)
    assert await watch.memory() == Memory(12, 143771)
    assert (await watch.memory()).free == 143759
    assert await watch.holders() == {41: 512, 42: 1024}
    form = "--format=csv,noheader,nounits"
    await GpuWatch(Gpu(1, GPU.node), smi).holders()
    assert smi.asked[1:] == [
        ("--query-gpu=memory.used,memory.total", form, "--id=GPU-1"),
        ("--query-compute-apps=pid,used_memory", form, "--id=GPU-1"),
        ("--query-compute-apps=pid,used_memory", form, "--id=1"),
    ]


@pytest.mark.parametrize(
    ("printed", "holders"),
    [
        ("", {}),
        ("\n", {}),
        ("41, [N/A]\n", {41: None}),
        ("41, 512 MiB\n", {41: 512}),
        ("[N/A], 512\n", {}),
        ("No running processes found\n", {}),
        ("41, [Insufficient Permissions]\n42, 3\n", {41: None, 42: 3}),
    ],
)
async def test_what_nvidia_smi_prints_is_read_with_caution(printed: str, holders: dict[int, int | None]) -> None:
    assert await GpuWatch(GPU, Smi(holders=[printed])).holders() == holders


@pytest.mark.parametrize("printed", ["", "[N/A], 1000\n", "12\n", "[Not Supported]\n", "No devices were found\n"])
async def test_memory_that_is_not_told_is_no_number(printed: str) -> None:
    with pytest.raises(NoAnswer):
        await GpuWatch(GPU, Smi([printed])).memory()


async def test_only_the_programs_own_processes_count() -> None:
    smi = Smi(["9000, 10000\n"], ["41, 512\n42, 1024\n50, 7000\n"])
    assert await GpuWatch(GPU, smi).held({41, 42, 43}, before=0) == 1536


@pytest.mark.parametrize("holders", ["", "7, 7000\n", "41, [N/A]\n", "41, 5\n42, [N/A]\n"])
async def test_without_the_hosts_numbers_what_came_on_top_counts(holders: str) -> None:
    watch = GpuWatch(GPU, Smi(["700, 1000\n"], [holders]))
    assert await watch.held({41, 42}, before=100) == 600
    assert await watch.held({41, 42}, before=800) == 0


async def test_a_hog_is_noticed_and_a_modest_program_is_left_alone() -> None:
    grows = Smi(holders=["41, 512\n", "silent", "41, 900\n", "41, 4097\n"])
    assert await GpuWatch(GPU, grows, every=0.001).over(lambda: {41}, before=0) == 4097
    assert len(grows.asked) == 4
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(GpuWatch(GPU, Smi(holders=["41, 4096\n"]), 0.001).over(lambda: {41}, before=0), 0.05)


async def test_children_that_come_later_count_too() -> None:
    pids = {41}
    watch = GpuWatch(GPU, Smi(holders=["41, 3000\n42, 3000\n"]), every=0.001)
    looking = asyncio.create_task(watch.over(lambda: pids, before=0))
    await asyncio.sleep(0.02)
    assert not looking.done()
    pids.add(42)
    assert await asyncio.wait_for(looking, 2) == 6000


async def test_what_a_killed_program_leaves_is_waited_for() -> None:
    leaves = GpuWatch(GPU, Smi(["900, 1000\n", "900, 1000\n", "110, 1000\n"]), every=0.001)
    assert await leaves.cleared(before=100)
    hangs = GpuWatch(GPU, Smi(["900, 1000\n"]), every=0.001)
    assert not await hangs.cleared(before=100, within=0.05)
    assert await GpuWatch(GPU, Smi(["silent"]), every=0.001).cleared(before=100)


@pytest.mark.parametrize(
    ("memory", "busy"),
    [
        ("100, 143771\n", False),
        ("143000, 143771\n", True),
        ("100, 6000\n", False),
        ("4000, 6000\n", True),
        ("silent", False),
    ],
)
async def test_a_gpu_that_others_fill_is_called_busy(memory: str, busy: bool) -> None:
    said = await GpuWatch(GPU, Smi([memory])).busy()
    assert bool(said) is busy
    assert not busy or ("runs on the CPU" in said and memory.split(",")[0] in said)


def with_script(folder: Path, text: str) -> dict[str, str]:
    (folder / "nvidia-smi").write_text(f"#!/bin/sh\n{text}\n")
    (folder / "nvidia-smi").chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "VIVA_SECRET": "secret"}


async def test_the_real_command_is_run_with_its_arguments_and_no_keys(tmp_path: Path) -> None:
    environment = with_script(tmp_path, 'printf "%s|" "$@"; echo "$VIVA_SECRET"')
    assert await ask_nvidia_smi(("--a", "b c"), environment) == "--a|b c|\n"


async def test_a_command_that_fails_hangs_or_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer, match="ended with 9"):
        await ask_nvidia_smi((), with_script(tmp_path, "echo nonsense; exit 9"))
    with pytest.raises(NoAnswer, match="not installed"):
        await ask_nvidia_smi((), {"PATH": "/nowhere"})
    begun = time.monotonic()
    hangs = with_script(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 30")
    with pytest.raises(NoAnswer, match="does not answer"):
        await ask_nvidia_smi((), hangs, patience=0.5)
    assert time.monotonic() - begun < 5
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


async def test_the_tree_of_a_process_is_all_that_descends_from_it() -> None:
    child = await asyncio.create_subprocess_exec(
        "sh", "-c", "sh -c 'sleep 20 & echo $! $$; wait' & wait", stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    try:
        grandchildren = {int(word) for word in (await child.stdout.readline()).split()}
        assert process_tree(child.pid) == {child.pid, *grandchildren}
        assert process_tree(child.pid) < process_tree(os.getpid())
    finally:
        os.killpg(child.pid, 9)
        await child.wait()


def test_a_process_may_call_itself_what_it_likes(tmp_path: Path) -> None:
    for pid, name, parent in ((10, "a", 1), (11, "x) S 10 (y", 10), (12, ") R 1", 11), (13, "b", 1)):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} ({name}) S {parent} 1 1 0")
    assert process_tree(10, tmp_path) == {10, 11, 12}
    assert process_tree(99, tmp_path) == {99}
