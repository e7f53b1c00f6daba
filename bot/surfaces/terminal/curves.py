"""Loss curves drawn with characters, by plotille. It prints nothing.

Who cannot see them gets words instead (`core.run_words`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.core.reply import Series
from bot.surfaces.scale import top

#: A picture is at least so large (columns and lines, with its axes), or it is not drawn.
LEAST_COLUMNS = 44
LINES = 14
#: What plotille needs left of and below the picture for the axes.
_MARGIN = 24
_BELOW = 4
#: Curves are told apart without colours: by the braille dots, and by signs.
_BLANK = "\N{BRAILLE PATTERN BLANK}"
_MARKERS = (None, "x", "+", "o")


def drawn(series: Sequence[Series], columns: int, lines: int = LINES) -> str:
    """The curves in one picture, or nothing where there is no room or nothing to draw.

    What is no number is left out, and what is far above guessing is cut off at the top.
    """
    import plotille

    kept = [one for one in map(_finite, series) if len(one.steps) > 1]
    if columns < LEAST_COLUMNS or lines <= _BELOW + 2 or not kept:
        return ""
    height = top([loss for one in kept for loss in one.losses])
    figure = plotille.Figure()
    figure.width, figure.height = columns - _MARGIN, lines - _BELOW
    figure.x_label, figure.y_label = "step", "loss"
    figure.color_mode, figure.with_colors, figure.origin = "names", False, False
    figure.set_x_limits(0, max(one.steps[-1] for one in kept))
    figure.set_y_limits(0, height)
    figure.register_label_formatter(float, _label)
    figure.register_label_formatter(int, _label)
    for one, marker in zip(kept, _MARKERS, strict=False):
        points = [min(loss, height) for loss in one.losses]
        figure.plot(list(one.steps), points, marker=marker, label=one.name)
    text = str(figure.show(legend=False)).replace(_BLANK, " ")
    legend = "   ".join(f"{marker or '⠤'} {one.name}" for one, marker in zip(kept, _MARKERS, strict=False))
    return "\n".join(line.rstrip() for line in [*text.splitlines(), " " * 12 + legend]).rstrip()


def _finite(series: Series) -> Series:
    kept = [(step, loss) for step, loss in zip(series.steps, series.losses, strict=True) if math.isfinite(loss)]
    return Series(series.name, tuple(step for step, _ in kept), tuple(loss for _, loss in kept))


def _label(value: float, chars: int, delta: float, left: bool = False) -> str:
    text = f"{value:.0f}" if abs(value) >= 10 or float(value).is_integer() else f"{value:.2f}"
    return text.ljust(chars) if left else text.rjust(chars)
