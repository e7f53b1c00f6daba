"""Calls a function that a task asks for on each of the cases. It does not know what is right: the host does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

MOST_VALUES = 1 << 20
MOST_SENTENCES = 5


@dataclass
class Called:
    """All results after one another as little-endian float64, `lengths` of each (-1 where there is none)."""

    values: bytes = b""
    lengths: list[int] = field(default_factory=list)
    failed: list[list[Any]] = field(default_factory=list)
    why: str = ""


def call_all(function: Any, name: str, cases: list[dict[str, Any]], say: Callable[[BaseException], str]) -> Called:
    """Calls it with float64 tensors, case by case; one that fails does not keep the others from being right."""
    if not callable(function):
        left = "is not a function" if function is not None else "was not defined"
        return Called(why=f"The task asks for a function `{name}`, which {left} when your program ended.")
    called = Called()
    pieces = []
    for place, case in enumerate(cases):
        try:
            numbers = list(flat(function(*inputs_of(case))))
            if len(numbers) > MOST_VALUES:
                raise ValueError("the result has over a million numbers")
        except (Exception, SystemExit) as raised:
            called.lengths.append(-1)
            if len(called.failed) < MOST_SENTENCES:
                called.failed.append([place, f"`{name}` raised {say(raised)}"])
            continue
        called.lengths.append(len(numbers))
        pieces.append(torch.tensor(numbers, dtype=torch.float64, device="cpu").numpy().astype("<f8").tobytes())
    called.values = b"".join(pieces)
    return called


def inputs_of(case: dict[str, Any]) -> list[torch.Tensor]:
    return [
        torch.tensor(values, dtype=torch.float64, device="cpu").reshape(shape)
        for values, shape in zip(case["inputs"], case["shapes"], strict=True)
    ]


def flat(result: Any) -> Iterator[float]:
    """The numbers of a result, in the order in which they would be read."""
    if isinstance(result, torch.Tensor):
        yield from result.detach().to("cpu", torch.float64).flatten().tolist()
    elif isinstance(result, bool | int | float):
        yield float(result) if not isinstance(result, int) or abs(result) < 1 << 1000 else math.inf
    elif isinstance(result, dict):
        for one in result.values():
            yield from flat(one)
    elif isinstance(result, list | tuple):
        for one in result:
            yield from flat(one)
    elif hasattr(result, "__array__"):
        yield from flat(torch.as_tensor(result))
    else:
        raise TypeError(f"a result of type {type(result).__name__}, where numbers are wanted")
