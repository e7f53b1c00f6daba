"""How a run stands, for the one message that is edited while it lasts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.core.run_words import progress_in_words
from bot.core.training import Progress
from bot.surfaces.discord.escaping import escaped
from bot.surfaces.scale import top

#: So many bars a phone shows on a line.
BARS = 20
_BARS = "▁▂▃▄▅▆▇█"
_NO_NUMBER = "×"


def progress_text(progress: Progress) -> str:
    """Stage, place in the queue, seconds, step and loss in words; the loss so far as a row of bars."""
    text = escaped(progress_in_words(progress))
    bars = sparkline(progress.curve.losses)
    return f"{text}\n`{bars}` loss so far" if bars else text


def sparkline(losses: Sequence[float], bars: int = BARS) -> str:
    """The losses as a row of bars from nought up, each the mean of a stretch; × where there was no number."""
    if len(losses) < 2:
        return ""
    size = max(1.0, len(losses) / bars)
    starts = [round(at * size) for at in range(min(bars, len(losses)))]
    height = top(losses)
    means = [_mean(losses[start : round(start + size)] or losses[start : start + 1], height) for start in starts]
    return "".join(_NO_NUMBER if mean is None else _BARS[_height(mean, height)] for mean in means)


def _mean(losses: Sequence[float], height: float) -> float | None:
    """The mean of a stretch, what is wild or below nought cut off; None where any of it is no number."""
    if not all(map(math.isfinite, losses)):
        return None
    return math.fsum(min(max(loss, 0.0), height) for loss in losses) / len(losses)


def _height(mean: float, height: float) -> int:
    return max(0, min(len(_BARS) - 1, round(mean / height * (len(_BARS) - 1))))
