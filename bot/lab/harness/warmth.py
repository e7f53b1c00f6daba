"""Brings PyTorch in and takes one step, so that a program need not wait for either. It runs no program."""

from __future__ import annotations

import contextlib
import importlib
import sys
import types
from typing import Any


def warm_up(device: str, threads: int, step: bool = True) -> None:
    """Imports what a training program needs; `step` trains a tiny network once with each common optimiser."""
    postpone_dynamo()
    import torch
    import torch.utils.data

    with contextlib.suppress(ImportError):  # to be seeded: 25 ms that a program should not wait for
        importlib.import_module("numpy.random")
    torch.set_num_threads(threads)
    if step:
        for name in ("Adam", "SGD"):
            one_step(torch, device, name)


def one_step(torch: Any, device: str, name: str) -> None:
    network = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)
    ).to(device)
    optimizer = getattr(torch.optim, name)(network.parameters(), lr=0.01)
    images = torch.zeros(8, 28, 28, device=device)
    data = torch.utils.data.TensorDataset(images, torch.zeros(8, dtype=torch.int64, device=device))
    for batch, labels in torch.utils.data.DataLoader(data, batch_size=8, shuffle=True):
        optimizer.zero_grad()
        torch.nn.CrossEntropyLoss()(network(batch), labels).backward()
        optimizer.step()


class Postponed(types.ModuleType):
    """Stands for torch._dynamo until something more is asked of it than not to compile."""

    def disable(self, fn: Any = None, recursive: bool = True, **_: Any) -> Any:
        return fn if fn is not None else lambda function: function

    def graph_break(self, *_: Any, **__: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)
        if sys.modules.get("torch._dynamo") is self:
            del sys.modules["torch._dynamo"]
            vars(sys.modules["torch"]).pop("_dynamo", None)
        return getattr(importlib.import_module("torch._dynamo"), name)


def postpone_dynamo() -> None:
    """Every optimiser imports torch._dynamo to say that it is not to be compiled: 1.3 s and 65 MiB (torch 2.13).

    A stand-in answers that much; whoever asks for more (torch.compile) gets the real one.
    """
    import torch

    if "torch._dynamo" not in sys.modules:
        stand_in = Postponed("torch._dynamo")
        stand_in.__file__ = f"{torch.__path__[0]}/_dynamo/__init__.py"
        sys.modules["torch._dynamo"] = stand_in
        torch._dynamo = stand_in
