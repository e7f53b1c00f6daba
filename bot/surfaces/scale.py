"""How far up a picture of losses reaches, on every surface. It draws nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

#: A loss so many times as large as nearly all others is cut off at the top.
WILD = 3.0
#: Beyond it, sums and the ticks of an axis overflow.
HIGHEST = 1e100


def top(losses: Sequence[float]) -> float:
    """The upper end of the axis: the largest loss but for a few wild ones, which would flatten the rest."""
    known = sorted(loss for loss in losses if math.isfinite(loss))
    if not known:
        return 1.0
    most = known[min(len(known) - 1, int(0.98 * len(known)))]
    if known[-1] > WILD * max(most, 1.0):
        known = [loss for loss in known if loss <= WILD * max(most, 1.0)]
    return min(max(1.05 * known[-1], 1e-3), HIGHEST)
