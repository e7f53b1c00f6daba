"""How a job ended, in words: whose fault it was, and what to do. It ends nothing."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Callable

from bot.core.training import Fault, Limits, Status

LONGEST_TAIL = 300
#: How PyTorch and Python say that memory was refused.
_MEMORY_TYPES = ("MemoryError", "OutOfMemoryError")
_MEMORY_WORDS = ("can't allocate memory", "cannot allocate memory", "out of memory", "bad_alloc")
#: MiB that PyTorch needs before a program's first line.
PYTORCH_NEEDS = 300
#: Packages that programs of this kind import, and how they are called. Which are there, differs by installation.
PACKAGES = {
    "torch": "PyTorch",
    "torchvision": "torchvision",
    "numpy": "NumPy",
    "scipy": "SciPy",
    "sklearn": "scikit-learn",
    "pandas": "pandas",
    "matplotlib": "Matplotlib",
}


def importable(name: str) -> bool:
    """Whether a program in the sandbox could import it: it has the packages of the interpreter that runs Viva."""
    return importlib.util.find_spec(name) is not None


def lacking(raised: Fault, there: Callable[[str], bool] = importable) -> str:
    """What to add when a program imported what the sandbox does not have; else empty."""
    if raised.type != "ModuleNotFoundError":
        return ""
    has = ", ".join([called for name, called in PACKAGES.items() if there(name)])
    return (
        f"Besides Python's own library the sandbox has {has or 'nothing'}. It has no network and none of your other "
        "files, so nothing can be added: write it with what there is."
    )


def lacked_memory(raised: Fault) -> bool:
    """True for an exception that means that the memory was not enough."""
    message = raised.message.lower()
    return raised.type in _MEMORY_TYPES or any(words in message for words in _MEMORY_WORDS)


def memory(limits: Limits, began: bool) -> str:
    """What to add when the program was ended for its memory."""
    if not began:
        return f"{limits.memory} MiB are too few: PyTorch alone needs about {PYTORCH_NEEDS}. Allow more."
    return (
        f"It may have {limits.memory} MiB. Look for what grows: a loss that is kept with its graph, a copy of all the "
        "data, a layer that is too wide."
    )


def why(status: Status, limits: Limits, stage: str, patience: float, raised: Fault | None = None) -> str:
    """What to add for a program that had to be ended, or broke off."""
    if status == "time_limit" and stage == "measuring":
        allowed = min(patience, limits.seconds)
        return f"It ended in time itself; what it left took more than {allowed:g} seconds to answer."
    if status == "time_limit":
        return f"It may run for {limits.seconds:g} seconds. Train for fewer epochs, or look for a loop without an end."
    if status == "output_limit":
        return f"It may write {limits.output // 1024} KiB. Print less: once an epoch is enough."
    if status == "memory_limit":
        return f"It may have {limits.memory} MiB, asked for more, and was refused it."
    return lacking(raised) if status == "crashed" and raised is not None else ""


def never_began(patience: float, status: Status | None, output: str, code: int | None) -> str:
    """What to say when the program's first line was never reached: that is the lab's fault."""
    if status == "time_limit":
        return (
            f"The sandbox was not ready after {patience:g} seconds, so your program was not run. That is not its "
            "fault: the machine is too busy. Hand it in again later."
        )
    tail = " ".join(output[-LONGEST_TAIL:].split())
    return (
        "The sandbox ended before your program's first line, so it was not run. That is not its fault: `viva lab "
        f"status` may say more. (Exit code {code}{'; ' + tail if tail else ''})"
    )


def ended_by_itself(code: int | None, stage: str) -> Fault:
    """A process that was gone without a word: a crash in native code, `os._exit`, or all files closed (no code)."""
    when = "while it was asked for predictions" if stage == "measuring" else "before its end"
    if code is None:
        return Fault("Exit", f"The process closed its line to the lab {when}. Leave files alone that you did not open.")
    name = _signal(code)
    if name:
        return Fault(name, f"The process was ended by {name} {when}.")
    return Fault("Exit", f"The process ended itself {when} (exit code {code}). Let the program run to its last line.")


def _signal(code: int) -> str:
    """The signal's name; bubblewrap hands on a child's signal as 128 + number."""
    number = -code if code < 0 else code - 128
    try:
        return signal.Signals(number).name if number > 0 else ""
    except ValueError:
        return ""
