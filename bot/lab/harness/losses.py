"""What losses were given: line, shapes, whether scores were probabilities already. It computes no loss."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from bot.lab.harness.program import FILE

if TYPE_CHECKING:
    from types import FrameType

    from torch import Tensor

MOST = 20
HOPS = 40  # frames between a hook and the program's line


@dataclass
class Losses:
    """One entry for each loss and line, by (name, line). `name` is the last one's; `latest` its value, until gradients
    flow.
    """

    entries: dict[tuple[str, int | None], dict[str, Any]] = field(default_factory=dict)
    latest: Tensor | None = None
    name: str | None = None
    last: dict[str, dict[str, Any]] = field(default_factory=dict)

    def again(self, name: str, calls: int = 1) -> bool:
        """Counts calls without looking for its line, which is taken for the last one's; False where there was none."""
        entry = self.last.get(name)
        if entry is None:
            return False
        self.name = name
        entry["calls"] += calls
        return True

    def called(self, name: str, line: int | None, given: Any, target: Any) -> None:
        entry = self.entries.get((name, line))
        if entry is None:
            if len(self.entries) >= MOST:
                return
            entry = self.entries[name, line] = {"name": module_name() or name, "line": line, "calls": 0}
        self.last[name] = entry
        self.name = name
        entry["calls"] += 1
        if isinstance(given, torch.Tensor):
            try:
                add_facts(entry, given.detach(), target)
            except (RuntimeError, TypeError, ValueError, NotImplementedError):
                return  # of a kind that cannot be looked at


def add_facts(entry: dict[str, Any], given: Tensor, target: Any) -> None:
    """Ranges over all that was looked at; a property holds when it held each time."""
    entry.setdefault("input_shape", list(given.shape))
    if isinstance(target, torch.Tensor):
        entry.setdefault("target_shape", list(target.shape))
        entry.setdefault("target_dtype", str(target.dtype).removeprefix("torch."))
    if not given.is_floating_point() or given.numel() == 0:
        return
    some = given[:256] if given.dim() else given
    low, high = (one.item() for one in torch.aminmax(some))
    entry["input_min"] = min(low, entry.get("input_min", low))
    entry["input_max"] = max(high, entry.get("input_max", high))
    rows = some.dim() == 2 and some.shape[1] > 1
    sums = rows and low >= 0 and sums_to_one(some)
    logs = rows and high <= 0 and sums_to_one(some.exp())
    entry["rows_sum_to_one"] = entry.get("rows_sum_to_one", True) and sums
    entry["log_probabilities"] = entry.get("log_probabilities", True) and logs


def sums_to_one(rows: Tensor) -> bool:
    return bool(((rows.sum(dim=1) - 1).abs() < 1e-3).all())


def module_name() -> str | None:
    """CrossEntropyLoss rather than cross_entropy, where a module was what called."""
    for frame in frames():
        if frame.f_code.co_filename == FILE:
            return None
        if frame.f_code.co_filename.endswith("/nn/modules/loss.py"):
            return type(frame.f_locals.get("self")).__name__
    return None


def line_outside() -> int | None:
    """The program's line that is being run."""
    frame: FrameType | None = sys._getframe(2)
    for _ in range(HOPS):
        if frame is None:
            return None
        if frame.f_code.co_filename == FILE:
            return frame.f_lineno
        frame = frame.f_back
    return None


def frames() -> list[FrameType]:
    found: list[FrameType] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and len(found) < HOPS:
        found.append(frame)
        frame = frame.f_back
    return found
