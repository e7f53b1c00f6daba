"""Measures the lab: how soon a program runs, what the sandbox and the curve cost, what bombs cost others.

`python -m benchmarks.lab MNIST_FOLDER` prints a Markdown table; ratios are of runs that took turns in one process.
"""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.core.training import Limits, Outcome, Submission, Task
from bot.knowledge.corpus import corpus_folder
from bot.lab.datasets import open_digits
from bot.lab.lab import BubblewrapLab, Wanted
from tests.candidates import answers, start

RUNS = 7
#: A busy neighbour costs a training of 1.4 s more than the curve does: many, in processes that take turns.
PROCESSES, EACH = 8, 8
LONG = 300.0  # seconds that such a process may take
TASK = Task("mnist-mlp", "A multilayer perceptron")
#: What a bare Python has in the place of the harness: the same data by the same call.
BARE_LAB = """
import sys, types
import numpy, torch
def load_mnist():
    x, y = (torch.from_numpy(numpy.load(sys.argv[1] + name)) for name in ("/x_train.npy", "/y_train.npy"))
    cut = len(x) - len(x) // 10
    return x[:cut], y[:cut].long(), x[cut:], y[cut:].long()
sys.modules["lab"] = types.SimpleNamespace(load_mnist=load_mnist)
torch.set_num_threads(1)
"""
FIRST_STEP = """
import time
print("line", time.time())
import torch
from torch import nn
from lab import load_mnist
x, y, _, _ = load_mnist()
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
nn.CrossEntropyLoss()(model(x[:64].float() / 255), y[:64]).backward()
optimizer.step()
print("step", time.time())
"""
#: The reference program, timed from where PyTorch is warm and the data are at hand: what is left is the loop.
BEFORE = """import time, torch
from lab import load_mnist
load_mnist()
first = torch.nn.Linear(8, 8)
first(torch.ones(1, 8)).sum().backward()
torch.optim.Adam(first.parameters()).step()
began_at = time.perf_counter()
"""
AFTER = "\nprint('train', time.perf_counter() - began_at)\n"
TRAINING = BEFORE + (corpus_folder() / "tasks" / "mnist-mlp" / "reference.py").read_text("utf-8") + AFTER
TRAININGS = (
    BEFORE.replace("began_at = time.perf_counter()\n", "")
    + f"for turn in range({EACH}):\n    began_at = time.perf_counter()\n"
    + "".join(f"    {line}\n" for line in TRAINING.removeprefix(BEFORE).splitlines() if line)
)
MEMORY_BOMB = "kept = []\nwhile True:\n    kept.append(bytearray(50_000_000))\n"
FORK_BOMB = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
SPINNER = "while True:\n    pass\n"


def said(text: str, name: str) -> float:
    """The figure that a program printed under a name."""
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


def all_said(text: str, name: str) -> list[float]:
    """All figures that a program printed under a name."""
    return [float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} ")]


def bare(source: str, folder: Path) -> str:
    """What the same program prints in a Python of its own."""
    command = [sys.executable, "-c", BARE_LAB + source, str(folder)]
    environ = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, check=True, text=True, env=environ).stdout


async def warmed(lab: BubblewrapLab) -> None:
    """Waits until a slot waits."""
    lab.near()
    async with asyncio.timeout(60):
        while not lab.describe()["slots"]["warm"]:  # noqa: ASYNC110  nothing tells of it, and nobody else waits
            await asyncio.sleep(0.05)


async def run(lab: BubblewrapLab, source: str, person: str = "", seconds: float = 30.0) -> Outcome:
    return await lab.run(Submission(TASK, source, Limits(seconds=seconds), person=person, place="bench"))


async def starts(home: Path, mnist: Path, warm: int) -> tuple[list[float], list[float]]:
    """Milliseconds from handing in to the first line and to the end of the first step, over several runs."""
    lines, steps = [], []
    lab = BubblewrapLab(Wanted(home, mnist, "cpu", warm))
    for _ in range(RUNS):
        if warm:
            await warmed(lab)
            await asyncio.sleep(0.5)
        handed_in = time.time()
        outcome = await run(lab, FIRST_STEP)
        lines.append(1000 * (said(outcome.stdout, "line") - handed_in))
        steps.append(1000 * (said(outcome.stdout, "step") - handed_in))
    await lab.close()
    return lines, steps


def bare_starts(folder: Path) -> list[float]:
    """Milliseconds from the start of a bare Python to the end of its first step."""
    found = []
    for _ in range(RUNS):
        began = time.time()
        found.append(1000 * (said(bare(FIRST_STEP, folder), "step") - began))
    return found


async def trainings(home: Path, mnist: Path, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds of the same training inside and bare, in processes that take turns."""
    inside: list[float] = []
    outside: list[float] = []
    lab = BubblewrapLab(Wanted(home, mnist, "cpu", 0))
    for turn in range(PROCESSES):
        if turn % 2:
            outside += all_said(bare(TRAININGS, folder), "train")
        inside += all_said((await run(lab, TRAININGS, seconds=LONG)).stdout, "train")
        if not turn % 2:
            outside += all_said(bare(TRAININGS, folder), "train")
    await lab.close()
    return inside, outside


async def reference(home: Path, mnist: Path) -> Outcome:
    """What comes of the reference program, run once."""
    lab = BubblewrapLab(Wanted(home, mnist, "cpu", 0))
    outcome = await run(lab, TRAINING)
    await lab.close()
    return outcome


async def slot_memory(home: Path, mnist: Path) -> float:
    """MB that a waiting slot holds, as the sandbox counts them."""
    lab = BubblewrapLab(Wanted(home, mnist, "cpu", 1))
    await warmed(lab)
    (memory,) = lab.slot_memory()
    await lab.close()
    return memory / 1e6


def turns(home: Path) -> list[float]:
    """Wall milliseconds of each graded turn of an interview in a process of its own."""
    given = answers("excellent")
    found: list[float] = []
    chat = start(home, "--seed", "1", "--mode", "simulation")
    turn = chat.until_turn()
    time.sleep(4)
    while turn is not None and turn["owes"] == "answer" and len(found) < 14:
        began = time.perf_counter()
        chat.send(text=given.get(turn["question"], "It is what I said."))
        turn = chat.until_turn()
        found.append(1000 * (time.perf_counter() - began))
    chat.finish()
    return found


async def crowded(home: Path, mnist: Path, chat_home: Path) -> list[float]:
    """The same while eight programs wait or run, a memory bomb, a fork bomb and two spinners among them."""
    lab = BubblewrapLab(Wanted(home, mnist, "cpu", 0))
    sources = [SPINNER, MEMORY_BOMB, FORK_BOMB, SPINNER, TRAINING, TRAINING, SPINNER, TRAINING]
    jobs = [asyncio.create_task(run(lab, source, f"person {n}")) for n, source in enumerate(sources)]
    await asyncio.sleep(1)
    found = await asyncio.to_thread(turns, chat_home)
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    await lab.close()
    return found


def ratio(values: Sequence[float], others: Sequence[float], unit: str) -> str:
    """Median against median, and the same of the lower and the upper quartiles."""
    low, middle, high = (
        one / other for one, other in zip(*(statistics.quantiles(each, n=4) for each in (values, others)), strict=True)
    )
    return f"{middle:.3f} of {statistics.median(others):.2f} {unit} (quartiles {low:.3f} and {high:.3f})"


def p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


async def measured(root: Path, mnist: Path) -> list[tuple[str, str, str]]:
    """The rows of the table."""
    middle = statistics.median
    home, chat_home = root / "lab", root / "chat"
    home.mkdir()
    folder = open_digits(mnist, home, lambda sentence: None).folder
    lines, steps = await starts(home, mnist, 1)
    _, cold = await starts(home, mnist, 0)
    alone = bare_starts(folder)
    inside, outside = await trainings(home, mnist, folder)
    quiet = turns(chat_home)
    busy = await crowded(home, mnist, chat_home)
    best = await reference(home, mnist)
    return [
        ("handed in to the first line, warm, ms", f"{middle(lines):.1f} ({min(lines):.1f} to {max(lines):.1f})", "10"),
        ("handed in to the first step, warm, ms", f"{middle(steps):.1f} ({min(steps):.1f} to {max(steps):.1f})", "60"),
        (
            "first step, cold, against bare Python",
            f"{middle(cold) / middle(alone):.2f} of {middle(alone):.0f} ms",
            "1.3",
        ),
        (f"training, curve on, against bare, n = {len(inside)} each", ratio(inside, outside, "s"), "1.03"),
        ("a waiting slot, by its control group, MB", f"{await slot_memory(home, mnist):.0f}", "260"),
        ("reference network, held-out accuracy", f"{best.accuracy} on {best.of:,} of {best.data}", ".94"),
        ("the same, seconds, queueing aside", f"{best.seconds.total - best.seconds.queued:.1f}", "10"),
        ("graded turn beside bombs, p95, against quiet", f"{p95(busy) / p95(quiet):.2f} of {p95(quiet):.0f} ms", "2"),
    ]


def main() -> None:
    """Measures, and prints the table with the machine."""
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measured(Path(folder), Path(sys.argv[1])))
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, no GPU used"
    print(f"{machine}, Python {platform.python_version()}, n = {RUNS}\n")
    print("| what | measured | bar |\n| --- | --- | --- |")
    print("\n".join(f"| {what} | {seen} | {bar} |" for what, seen, bar in rows))


if __name__ == "__main__":
    main()
