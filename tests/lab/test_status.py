"""`viva lab status` as an object and as lines: what runs, on what, with which data, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.training import Limits
from bot.lab.datasets import AtHand
from bot.lab.gpu import Devices, Gpu, Torch
from bot.lab.status import OFF, Verdict, lab_lines, lab_status, lab_verdict

LAB: dict[str, Any] = {
    "unavailable": None,
    "sandbox": {"isolation": "bubblewrap 0.8.0", "seccomp": "libseccomp 2.5.4", "limits": {"processes": 64}},
    "devices": ("cpu", "cuda:0"),
    "says": "",
    "queue": {"places": 3, "running": 1, "waiting": 2},
    "slots": {"warm": 1},
    "machine": {"cores": 4, "free (MiB)": 9000},
}
ONE = (Gpu(0, Path("/dev/nvidia0"), "NVIDIA H200", "GPU-1"),)
CUDA = Devices(ONE, "580.95", Torch("2.13.0+cu130", "13.0"))
NONE = Devices(torch=Torch("2.13.0+cpu"))
MNIST = AtHand("ok", "MNIST, downloaded to /home/lab/mnist.")
STAND_IN = AtHand("stand-in", "the stand-in; MNIST could not be downloaded lately.", "Set VIVA_MNIST_DIR.")
WITHOUT_BWRAP = "Programs cannot be run here: bubblewrap is not installed. Get it with `apt install bubblewrap`."


def test_all_is_well_with_a_gpu() -> None:
    status = lab_status(LAB, CUDA, MNIST, Limits())
    assert (status["v"], status["runs"], status["why"], status["missing"]) == (1, True, None, [])
    assert status["devices"]["gpus"] == [{"device": "cuda:0", "name": "NVIDIA H200", "node": "/dev/nvidia0"}]
    assert json.loads(json.dumps(status)) == status
    assert lab_lines(status) == [
        "Programs are run here, confined by bubblewrap 0.8.0.",
        "  isolation: bubblewrap 0.8.0",
        "  seccomp: libseccomp 2.5.4",
        "  limits: processes 64",
        "Limits of a run, unless a task has others: 30 s, 2048 MiB, 64 KiB of output, 64 KiB of source.",
        "PyTorch: 2.13.0+cu130, built for CUDA 13.0.",
        "Devices for programs: cpu, cuda:0 (NVIDIA H200); driver 580.95.",
        "Digits: MNIST, downloaded to /home/lab/mnist.",
        "Queue: 1 running of 3 at once, 2 waiting.",
        "Slots: warm 1.",
        "Machine: cores 4, free (MiB) 9000.",
    ]
    assert lab_verdict(status) == Verdict(
        "ok", "programs run confined by bubblewrap 0.8.0, on cpu, cuda:0; MNIST, downloaded to /home/lab/mnist."
    )


def test_a_gpu_that_lies_idle_is_a_warning_with_its_mend() -> None:
    trouble, mend = "There is a GPU (NVIDIA H200), but torch is the CPU build.", "Run: make interview TORCH=cuda"
    idle = Devices(ONE, "580.95", NONE.torch, trouble, mend)
    status = lab_status({**LAB, "devices": ("cpu",), "says": trouble}, idle, MNIST, Limits())
    assert status["missing"] == [{"what": trouble, "mend": mend}]
    assert f"Devices for programs: cpu; driver 580.95. {trouble}" in lab_lines(status)
    assert lab_lines(status)[-1] == f"Missing: {trouble} {mend}"
    assert lab_verdict(status) == Verdict("warn", trouble, mend)


def test_without_a_sandbox_it_says_what_is_missing_and_that_programs_are_still_read() -> None:
    lab = {"unavailable": WITHOUT_BWRAP, "sandbox": {"isolation": None, "unavailable": WITHOUT_BWRAP}}
    status = lab_status(lab, NONE, STAND_IN, Limits())
    assert status["runs"] is False
    lines = lab_lines(status)
    assert lines[0] == f"Programs are not run here; they can still be read. {WITHOUT_BWRAP}"
    assert f"Missing: {WITHOUT_BWRAP}" in lines
    assert not [line for line in lines if line.startswith(("Queue", "Slots", "Machine", "  unavailable"))]
    assert lab_verdict(status) == Verdict("warn", WITHOUT_BWRAP)


def test_without_torch_it_says_so() -> None:
    assert "PyTorch: not installed." in lab_lines(lab_status(LAB, Devices(), MNIST, Limits()))


def test_the_lab_turned_off_is_no_fault() -> None:
    status = lab_status(LAB, NONE, MNIST, Limits(), on=False)
    assert (status["runs"], status["why"]) == (False, OFF)
    assert lab_verdict(status) == Verdict("ok", OFF)


@pytest.mark.parametrize(
    ("digits", "state"), [(STAND_IN, "ok"), (AtHand("missing", "/data has no file t10k-…", "Put it there."), "warn")]
)
def test_the_stand_in_is_listed_and_only_missing_digits_are_warned_of(digits: AtHand, state: str) -> None:
    status = lab_status(LAB, NONE, digits, Limits())
    assert f"Digits: {digits.text}" in lab_lines(status)
    assert lab_lines(status)[-1] == f"Missing: {digits.text if state == 'warn' else 'MNIST itself.'} {digits.mend}"
    assert lab_verdict(status).state == state
