"""The state of the process before a program and after it: seeds, threads, streams. It undoes what programs leave."""

from __future__ import annotations

import contextlib
import random
import sys

RECURSION = 1000  # Python's own


def settle(seed: int, threads: int) -> None:
    """What a program starts from."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    random.seed(seed)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(seed % 2**32)
    sys.argv = ["submission.py"]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a print is seen when it is made, whatever the locale
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def settle_again() -> None:
    """Takes back what would trip the harness: a tiny recursion limit, gradients switched off for good."""
    import torch

    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    torch.set_grad_enabled(True)
    torch.set_anomaly_enabled(False)
