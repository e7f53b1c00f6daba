"""Loss curves as pictures, by matplotlib: a file for each run of a report. Nothing else here draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Inches; at 150 dots an inch wide enough for a page and for a chat.
SIZE = (7.0, 3.6)
DOTS = 150
#: A loss so many times as large as nearly all others is cut off at the top.
WILD = 3.0
NAMES = ("your run", "as it was")
EXPERIMENT = ("with the change", "as it was")


def pictures(data: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Draws every run of a report (`report_data`) into the folder, and gives the files' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for question in data["questions"]:
        runs = [answer["run"] for answer in question["answers"] if answer["run"] and _drawable(answer["run"])]
        for number, run in enumerate(runs, 1):
            ending = f"-{number}" if len(runs) > 1 else ""
            file = folder / f"{data['session']}-{question['label']}{ending}.png"
            draw(run, question["title"], file)
            yield file


def draw(run: Mapping[str, Any], title: str, file: Path) -> None:
    """One picture: the curve that a run reported, or two side by side, with what was measured below the title."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    names = NAMES if len(run["curves"]) == 1 else EXPERIMENT
    for name, curve, style in zip(names, run["curves"], ("-", "--"), strict=False):
        axes.plot(curve["steps"], _gaps(curve["losses"]), style, label=name, linewidth=1.3)
    axes.set_ylim(0, _top(run["curves"]))
    axes.set_xlabel("optimiser step")
    axes.set_ylabel("loss on mini-batches")
    axes.set_title(f"{title}\n{_measured(run)}", fontsize=10)
    axes.grid(alpha=0.3)
    if len(run["curves"]) > 1:
        axes.legend()
    figure.savefig(file, dpi=DOTS, metadata={"Software": None})


def _drawable(run: Mapping[str, Any]) -> bool:
    return any(len(curve["steps"]) > 1 for curve in run["curves"])


def _gaps(losses: Sequence[float | None]) -> list[float]:
    """What is no number leaves a gap."""
    return [float("nan") if loss is None else loss for loss in losses]


def _top(curves: Sequence[Mapping[str, Any]]) -> float:
    """The upper end of the axis: a few wild losses do not flatten the rest."""
    losses = sorted(loss for curve in curves for loss in curve["losses"] if loss is not None)
    if not losses:
        return 1.0
    most = float(losses[min(len(losses) - 1, int(0.98 * len(losses)))])
    return max(1e-3, 1.05 * float(losses[-1] if losses[-1] <= WILD * max(most, 1.0) else most))


def _measured(run: Mapping[str, Any]) -> str:
    if run["accuracy"] is None:
        return str(run["status"]).replace("_", " ")
    of = f" of {run['of']:,} held-out images of {run['data']}" if run["of"] else ""
    return f"{100 * run['accuracy']:.1f} %{of} right"
