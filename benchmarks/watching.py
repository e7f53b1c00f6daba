"""Measures what watching a training costs, step by step, where whole runs differ by more than that by themselves.

`python -m benchmarks.watching` trains the reference network in one process, a stretch of steps watched and a stretch
not, by turns, so that both meet the same neighbours. What the sandbox costs is not in it: see benchmarks/lab.py.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

STRETCH = 47  # steps: a third of an epoch of 9,000 images in batches of 64
STRETCHES = 15  # watched ones: five epochs, as long as the reference trains
ROUNDS = 12


def training(torch: Any) -> Callable[[int], float]:
    """The reference's loop on noise; told how many steps, it gives the seconds of CPU that they took."""
    nn, data = torch.nn, torch.utils.data
    images, labels = torch.rand(9000, 1, 28, 28), torch.randint(0, 10, (9000,))
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
    )
    loss_fn, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = data.DataLoader(data.TensorDataset(images, labels), batch_size=64, shuffle=True)

    def batches() -> Iterator[Any]:
        while True:
            yield from loader

    endless = batches()

    def steps(count: int) -> float:
        began = time.thread_time()  # of this thread alone: what neighbours take is not counted
        for _ in range(count):
            x, y = next(endless)
            optimizer.zero_grad()
            loss_fn(model(x), y).backward()
            optimizer.step()
        return time.thread_time() - began

    return steps


def one_round(torch: Any) -> list[tuple[float, float]]:
    """Seconds of CPU of each stretch, watched and not."""
    from bot.lab.harness.mnist import Mnist
    from bot.lab.harness.watching import Watch
    from bot.lab.harness.wire import Wire

    steps = training(torch)
    steps(STRETCH)
    sink = os.open(os.devnull, os.O_WRONLY)
    watch, found = Watch(Wire(0, sink), Mnist(Path())), []

    def unwatched() -> float:
        # Python adapts itself to PyTorch's functions anew whenever one was replaced: that is no cost of a step's.
        watch.patches.into(watch)
        watch.patches.away()
        return steps(STRETCH)

    for turn in range(STRETCHES):
        first = unwatched() if turn % 2 else 0.0
        watch.patches.into(watch)
        if turn == 0:
            watch.settle()
        watched = steps(STRETCH)
        watch.close_look()  # of the coming step, which will not be seen
        watch.patches.away()
        found.append((watched, first or unwatched()))
    os.close(sink)
    return found


def main() -> None:
    """Measures, and prints one line."""
    import torch

    torch.set_num_threads(1)
    rounds = [one_round(torch) for _ in range(ROUNDS)]
    stretches = list(zip(*rounds, strict=True))
    costs = [statistics.median(watched / unwatched for watched, unwatched in stretch) for stretch in stretches]
    usual = statistics.median(unwatched for stretch in stretches for _, unwatched in stretch) / STRETCH
    print(f"watched against unwatched: {statistics.mean(costs):.3f} of {usual * 1e3:.2f} ms a step")
    print("by stretches of 47 steps: " + " ".join(f"{cost:.3f}" for cost in costs))


if __name__ == "__main__":
    main()
