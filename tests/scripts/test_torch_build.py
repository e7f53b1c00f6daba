"""Which PyTorch a machine gets, and by which command: also for machines that the tests never run on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import torch_build

PIP = ("python", "-m", "pip")
ALONE = (*PIP, "install", "--no-deps", "--force-reinstall", "torch==2.13.0")


@pytest.mark.parametrize(
    ("choice", "platform", "nvidia", "build"),
    [
        ("auto", "linux", True, "cuda"),
        ("auto", "linux", False, "cpu"),
        ("auto", "darwin", False, "cpu"),
        ("auto", "win32", True, "cpu"),
        ("cpu", "linux", True, "cpu"),
        ("cuda", "linux", False, "cuda"),
        ("none", "linux", True, "none"),
    ],
)
def test_the_machine_decides_unless_told_otherwise(choice: str, platform: str, nvidia: bool, build: str) -> None:
    assert torch_build.wanted(choice, platform, nvidia) == build


def test_linux_without_a_driver_never_asks_the_default_index_for_torch() -> None:
    on_disk, from_index = torch_build.commands(PIP, "cpu", "linux")
    assert "--no-index" in on_disk
    assert from_index[from_index.index("--index-url") + 1] == torch_build.CPU_INDEX
    assert {"--no-deps"} <= set(on_disk) & set(from_index), "else CUDA's packages could come along"


def test_an_index_out_of_reach_does_not_stall() -> None:
    words = torch_build.commands(PIP, "cpu", "linux")[1]
    attempts = 1 + int(words[words.index("--retries") + 1])
    assert attempts * int(words[words.index("--timeout") + 1]) <= 30


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_the_default_build_is_the_cpu_build(platform: str) -> None:
    assert torch_build.commands(PIP, "cpu", platform) == (ALONE,)


def test_with_a_driver_the_default_build_comes_first_and_its_libraries_follow() -> None:
    assert torch_build.commands(PIP, "cuda", "linux") == (ALONE,)
    assert torch_build.afterwards(PIP, "cuda") == ((*PIP, "install", "torch==2.13.0"),)
    assert torch_build.afterwards(PIP, "cpu") == ()


@pytest.mark.parametrize("build", ["cpu", "cuda"])
def test_one_build_takes_the_place_of_another(build: str) -> None:
    """pip takes 2.13.0+cpu for 2.13.0, and would leave it."""
    assert all("--force-reinstall" in command for command in torch_build.commands(PIP, build, "linux"))


def nvidia_smi(folder: Path, script: str) -> str:
    command = folder / "nvidia-smi"
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    command.chmod(0o755)
    return str(folder)


def test_a_driver_is_found_by_its_file_or_by_asking(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    (tmp_path / "version").write_text("NVRM version: …", encoding="utf-8")
    assert torch_build.has_nvidia(tmp_path / "version", search="")
    assert not torch_build.has_nvidia(missing, search=str(missing))
    assert torch_build.has_nvidia(missing, search=nvidia_smi(tmp_path, "echo 'GPU 0: H200 (UUID: …)'"))


def test_the_command_without_a_driver_is_no_gpu(tmp_path: Path) -> None:
    complaint = "echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver'; exit 9"
    assert not torch_build.has_nvidia(tmp_path / "none", search=nvidia_smi(tmp_path, complaint))


@pytest.mark.parametrize("choice", ["cpu", "cuda", "none"])
@pytest.mark.parametrize(("target", "goal"), [("interview", "run"), ("test", "test")])
def test_make_passes_the_choice_on(planned: Callable[..., list[str]], choice: str, target: str, goal: str) -> None:
    assert planned(target, f"TORCH={choice}")[0].endswith(f"scripts.set_up --torch '{choice}' {goal} </dev/null")
