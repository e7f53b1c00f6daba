"""The attacks on a GPU, on machines that have one; their programs are Python on every machine."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.lab.gpu import Gpu, offer, read_devices
from bot.lab.sandbox import Sandbox
from tests.lab import gpu_attacks
from tests.lab.gpu_attacks import ATTACKS, place_of


def test_every_program_can_be_parsed() -> None:
    programs = [text for name, text in vars(gpu_attacks).items() if name.isupper() and isinstance(text, str)]
    assert len(programs) == 7
    for program in programs:
        ast.parse(program)


def test_a_program_gets_the_interpreter_and_one_gpu() -> None:
    room = place_of(Gpu(0, Path("/dev/nvidia3"), uuid="GPU-1")).room("pass")
    assert room.sys_readonly
    assert [node.name for node in room.devices if node.name[-1].isdigit()] == ["nvidia3"]
    assert room.environment["CUDA_VISIBLE_DEVICES"] == "GPU-1"
    assert room.binds


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
async def test_the_attack_fails(name: str) -> None:
    devices = read_devices()
    offered = offer("auto", devices)
    if why := Sandbox().unavailable() or (None if offered.gpus else offered.says or "there is no NVIDIA GPU here"):
        pytest.skip(why)
    assert (await ATTACKS[name](place_of(offered.gpus[0]))).startswith("held")
