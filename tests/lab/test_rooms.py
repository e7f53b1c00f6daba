"""What the sandbox of a program is given: its harness, its data, one GPU at most, and no environment of ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.core.training import Limits
from bot.lab.gpu_room import GpuRoom
from bot.lab.rooms import ENVIRONMENT, HARNESS, WAITING, fits_waiting, room
from bot.lab.sandbox import Bind


def test_a_room_shows_harness_and_training_data_and_nothing_else_of_ours(tmp_path: Path) -> None:
    made = room(Limits(), tmp_path)
    ours = [bind for bind in made.binds if bind.inside.startswith("/viva")]
    assert ours == [Bind(HARNESS, "/viva/harness"), Bind(tmp_path, "/viva/data")]
    assert not any(HARNESS.parents[2] == bind.host or bind.host == Path.home() for bind in made.binds)
    assert made.memory == 2048
    assert made.devices == ()


def test_the_environment_is_written_out_and_not_inherited() -> None:
    made = room(Limits(), None)
    assert made.environment == ENVIRONMENT
    assert not set(os.environ) & set(made.environment) - {"PATH", "HOME", "LANG", "TMPDIR", "OMP_NUM_THREADS"}
    assert made.environment["OMP_NUM_THREADS"] == "1"


def test_only_a_slot_that_waits_takes_the_dummy_step() -> None:
    assert "--cold" in room(Limits(), None).command
    assert "--cold" not in room(WAITING, None, warm=True).command


def test_a_gpu_adds_its_nodes_and_libraries() -> None:
    given = GpuRoom((Path("/dev/nvidia0"),), (Bind(Path("/x"), "/viva/nvidia/x"),), {"CUDA_VISIBLE_DEVICES": "0"})
    made = room(Limits(), None, "cuda:0", given)
    assert made.devices == (Path("/dev/nvidia0"),)
    assert made.sys_readonly
    assert made.environment["CUDA_VISIBLE_DEVICES"] == "0"
    assert made.command[made.command.index("--device") + 1] == "cuda:0"


def test_the_clock_comes_before_the_processors_limit() -> None:
    assert room(Limits(seconds=30.0), None).cpu_seconds > 30 + 90


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (Limits(), True),
        (Limits(seconds=1.0, memory=512), True),
        (Limits(memory=4096), False),
        (Limits(seconds=600), False),
    ],
)
def test_what_asks_for_more_than_a_waiting_slot_has_gets_its_own(limits: Limits, fits: bool) -> None:
    assert fits_waiting(limits) == fits
