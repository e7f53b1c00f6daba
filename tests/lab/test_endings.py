"""The words for each end: they name the limit that was met, and blame the right side."""

from __future__ import annotations

import pytest

from bot.core.training import Fault, Limits, Status
from bot.lab import endings


@pytest.mark.parametrize(
    ("raised", "lacked"),
    [
        (Fault("MemoryError", ""), True),
        (Fault("OutOfMemoryError", "CUDA out of memory. Tried to allocate 9 GiB"), True),
        (Fault("RuntimeError", "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (Fault("OSError", "[Errno 12] Cannot allocate memory"), True),
        (Fault("RuntimeError", "mat1 and mat2 shapes cannot be multiplied"), False),
    ],
)
def test_an_exception_for_want_of_memory_is_known(raised: Fault, lacked: bool) -> None:
    assert endings.lacked_memory(raised) == lacked


@pytest.mark.parametrize(
    ("code", "name"), [(139, "SIGSEGV"), (134, "SIGABRT"), (-9, "SIGKILL"), (0, "Exit"), (3, "Exit"), (255, "Exit")]
)
def test_a_process_that_is_gone_is_named_by_its_signal_or_code(code: int, name: str) -> None:
    fault = endings.ended_by_itself(code, "running")
    assert fault.type == name
    assert name in fault.message or f"exit code {code}" in fault.message


def test_a_process_that_lives_on_without_its_line_has_no_code() -> None:
    assert "closed its line" in endings.ended_by_itself(None, "running").message


@pytest.mark.parametrize(
    ("status", "stage", "says"),
    [
        ("time_limit", "running", "30 seconds"),
        ("time_limit", "measuring", "20 seconds to answer"),
        ("output_limit", "running", "64 KiB"),
        ("memory_limit", "running", "2048 MiB"),
        ("crashed", "running", ""),
    ],
)
def test_a_limit_is_named_with_its_number(status: Status, stage: str, says: str) -> None:
    assert says in endings.why(status, Limits(), stage, 20.0)


def test_a_missing_package_is_met_with_what_there_is() -> None:
    missing = Fault("ModuleNotFoundError", "No module named 'keras'", 1)
    said = endings.lacking(missing, lambda name: name in ("torch", "numpy", "sklearn"))
    assert "the sandbox has PyTorch, NumPy, scikit-learn. It has no network" in said
    assert endings.why("crashed", Limits(), "running", 20.0, missing).count("NumPy") == 1
    assert endings.why("crashed", Limits(), "running", 20.0, Fault("ImportError", "cannot import name 'x'")) == ""
    assert endings.importable("numpy") and not endings.importable("no_such_package")


def test_a_program_that_never_began_is_not_to_blame() -> None:
    assert "not its fault" in endings.never_began(90.0, "time_limit", "", 0)
    assert "(Exit code 1; no torch)" in endings.never_began(90.0, None, "no\n torch", 1)
    assert "PyTorch alone" in endings.memory(Limits(memory=400), began=False)
