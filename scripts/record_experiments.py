"""Runs every experiment of a lab task in this process and writes recorded.json, shown where nothing can be run.

    python -m scripts.record_experiments mnist-mlp --mnist FOLDER

The programs are the project's own, so they run unconfined; a candidate's never come here.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core.experimenting import as_expected, program, replayed
from bot.core.question import Recorded
from bot.core.training import Task
from bot.knowledge.corpus import read_corpus
from bot.lab.idx import SIDE, images, labels, read_file

ROOT = Path(__file__).resolve().parent.parent
MOST_POINTS = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task")
    parser.add_argument("--mnist", type=Path, required=True, help="a folder with MNIST's IDX files")
    given = parser.parse_args()
    corpus = read_corpus(ROOT / "corpus")
    task, data = corpus.task(given.task), Data(given.mnist)
    runs: dict[str, Any] = {}
    odd = []
    for id_ in task.experiments:
        experiment = corpus.question(id_).experiment
        assert experiment is not None
        ran = recorded(task, {**experiment.base, **experiment.changes}, data)
        beside = recorded(task, experiment.base, data)
        runs[id_] = {"ran": told(ran), "beside": told(beside)}
        fits = as_expected(experiment, replayed(ran), replayed(beside))
        odd += [] if fits else [id_]
        print(
            f"{id_}: {ran.accuracy:.3f} beside {beside.accuracy:.3f}{'' if fits else '  NOT AS EXPECTED'}", flush=True
        )
    written = json.dumps({"v": 1, "on": data.machine(), "experiments": runs}, ensure_ascii=False)
    (ROOT / "corpus" / "tasks" / task.id / "recorded.json").write_text(
        written.replace('"predict-', '\n"predict-') + "\n", "utf-8"
    )
    return 1 if odd else 0


class Data:
    """The digits to train on and those held out, as tensors."""

    def __init__(self, folder: Path) -> None:
        import torch

        torch.set_num_threads(1)
        self._torch = torch
        x, y = self._part(folder, "train")
        cut = len(y) - len(y) // 10
        self.train = (x[:cut], y[:cut], x[cut:], y[cut:])
        self.held = self._part(folder, "t10k")

    def _part(self, folder: Path, begins: str) -> tuple[Any, Any]:
        """Images and labels; of the files that are there, the first by name."""
        pixels, classes = (
            min(p for p in folder.iterdir() if re.fullmatch(rf"{begins}.*-{what}-idx\d-ubyte(\.gz)?", p.name))
            for what in ("images", "labels")
        )
        flat = self._tensor(images(pixels, read_file(pixels)))
        return flat.reshape(-1, SIDE, SIDE), self._tensor(labels(classes, read_file(classes))).long()

    def _tensor(self, data: bytes) -> Any:
        return self._torch.frombuffer(bytearray(data), dtype=self._torch.uint8)

    def machine(self) -> str:
        """What it ran on: a class of machines, and no name of one."""
        version = self._torch.__version__.partition("+")[0]
        trained, held = f"{len(self.train[1]):,}", f"{len(self.held[1]):,}"
        return (
            f"one thread of {_processor()}, PyTorch {version}, {trained} images of MNIST to train on, {held} held out"
        )


def _processor() -> str:
    try:
        named = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        named = None
    return f"an {named[1].strip()}" if named else f"a processor of the kind {platform.machine()}"


def recorded(task: Task, settings: Mapping[str, Any], data: Data) -> Recorded:
    """Runs the program of an experiment, hears its loss at every step, and tries it on what was held out."""
    import torch
    from torch.nn.modules.loss import _Loss
    from torch.nn.modules.module import register_module_forward_hook

    losses: list[float] = []
    hook = register_module_forward_hook(
        lambda module, _, out: losses.append(float(out.detach())) if isinstance(module, _Loss) else None
    )
    lab = types.ModuleType("lab")
    lab.__dict__["load_mnist"] = lambda: data.train
    sys.modules["lab"] = lab
    left: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(program(task, settings), f"{task.id}/experiment.py", "exec"), left)
    finally:
        hook.remove()
        del sys.modules["lab"]
    images_held, classes = data.held
    with torch.no_grad():
        accuracy = (left["predict"](images_held) == classes).double().mean().item()
    return thinned(accuracy, losses)


def thinned(accuracy: float, losses: list[float]) -> Recorded:
    """The run with so few points of its curve as are drawn, the first, the last and the highest among them."""
    count = min(MOST_POINTS - 1, len(losses))
    evenly = {round(n * (len(losses) - 1) / max(1, count - 1)) for n in range(count)}
    chosen = sorted(evenly | {losses.index(max(losses))})
    return Recorded(
        on="",
        accuracy=round(accuracy, 4),
        steps=tuple(n + 1 for n in chosen),
        losses=tuple(float(f"{losses[n]:.5g}") for n in chosen),
    )


def told(run: Recorded) -> dict[str, Any]:
    return {"accuracy": run.accuracy, "steps": list(run.steps), "losses": list(run.losses)}


if __name__ == "__main__":
    sys.exit(main())
