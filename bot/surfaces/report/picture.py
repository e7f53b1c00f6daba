"""Loss curves as pictures, by matplotlib: a file for each run of a report, bytes for a chat. It draws nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from bot.core.reply import Curves, Series
from bot.surfaces.scale import top

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Look:
    """How large a picture is (inches, dots an inch), and its letters (points) and lines beside it."""

    size: tuple[float, float]
    dots: int
    letters: float
    line: float


#: For a page that is read on a screen or printed.
PAGE = Look((7.0, 3.6), 150, 10.0, 1.3)
#: For a phone, which shows a picture a third as wide as a page: larger letters, on a background of its own.
CHAT = Look((6.0, 4.2), 160, 15.0, 2.4)
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
    names = NAMES if len(run["curves"]) == 1 else EXPERIMENT
    series = [
        Series(name, tuple(curve["steps"]), tuple(_numbers(curve["losses"])))
        for name, curve in zip(names, run["curves"], strict=False)
    ]
    with file.open("wb") as out:
        _draw(series, f"{title}\n{_measured(run)}", PAGE, out)


def png_of(curves: Curves, title: str = "") -> bytes | None:
    """The curves as a picture for a chat; None where there is nothing to be drawn."""
    drawable = [one for one in curves.series if sum(map(math.isfinite, one.losses)) > 1]
    if not drawable:
        return None
    out = BytesIO()
    _draw(drawable, title, CHAT, out)
    return out.getvalue()


def _draw(series: Sequence[Series], title: str, look: Look, out: IO[bytes]) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=look.size, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    height = top([loss for one in series for loss in one.losses])
    for number, (one, style) in enumerate(zip(series, ("-", "--"), strict=False)):
        axes.plot(
            one.steps,
            [_point(loss, height) for loss in one.losses],
            style,
            color=f"C{number}",
            label=one.name,
            linewidth=look.line,
        )
        _marks(axes, one, height, f"C{number}", look)
    axes.set_ylim(0, height)
    axes.set_xlabel("optimiser step", fontsize=look.letters)
    axes.set_ylabel("loss on mini-batches", fontsize=look.letters)
    axes.tick_params(labelsize=0.9 * look.letters)
    if title:  # its dollars are dollars
        axes.set_title(title, fontsize=look.letters, parse_math=False, wrap=True)
    axes.grid(alpha=0.3)
    if len(axes.get_legend_handles_labels()[1]) > 1:
        axes.legend(fontsize=0.9 * look.letters)
    figure.savefig(out, format="png", dpi=look.dots, metadata={"Software": None})


def _point(loss: float, height: float) -> float:
    """What is no number leaves a gap; a line leaves the picture, but not so far that its drawing overflows."""
    return max(-height, min(loss, 2 * height)) if math.isfinite(loss) else math.nan


def _marks(axes: Axes, one: Series, height: float, colour: str, look: Look) -> None:
    """A veil where a loss was no number, a triangle at the upper edge where it went out of the picture."""
    lost = [(first, max(1, last - first)) for first, last in _lost(one)]
    if lost:
        axes.broken_barh(lost, (0, height), facecolor=colour, alpha=0.15, label="not a number")
    above = [step for step, loss in zip(one.steps, one.losses, strict=True) if math.isfinite(loss) and loss > height]
    if above:
        at = [0.97 * height] * len(above)
        axes.plot(above, at, "^", color=colour, label="far above", markersize=3.2 * look.line)


def _lost(one: Series) -> Iterator[tuple[int, int]]:
    """The stretches without numbers, each from its first step to the next that had one."""
    began: int | None = None
    for step, loss in zip(one.steps, one.losses, strict=True):
        if not math.isfinite(loss):
            began = step if began is None else began
        elif began is not None:
            yield began, step
            began = None
    if began is not None:
        yield began, one.steps[-1]


def _drawable(run: Mapping[str, Any]) -> bool:
    return any(len(curve["steps"]) > 1 for curve in run["curves"])


def _numbers(losses: Sequence[float | None]) -> list[float]:
    """A report writes null for what is no number."""
    return [math.nan if loss is None else loss for loss in losses]


def _measured(run: Mapping[str, Any]) -> str:
    if run["accuracy"] is None:
        return str(run["status"]).replace("_", " ")
    of = f" of {run['of']:,} held-out images of {run['data']}" if run["of"] else ""
    return f"{100 * run['accuracy']:.1f} %{of} right"
