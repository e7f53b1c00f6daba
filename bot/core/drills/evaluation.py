"""Drills on judging a model: metrics of a confusion matrix, rare classes, overlapping boxes. It trains nothing."""

from __future__ import annotations

from itertools import product
from random import Random

from bot.core.drills.drawing import Drawn

#: True positives, false positives and false negatives whose precision and recall are short decimals.
COUNTS = (
    *((24, 6, 16), (30, 20, 10), (36, 4, 24), (40, 10, 40), (45, 5, 30), (12, 3, 18), (27, 3, 33), (18, 12, 2)),
    *((42, 28, 8), (36, 24, 4), (48, 32, 12), (20, 30, 5), (28, 12, 7), (33, 27, 22), (16, 4, 24), (54, 36, 6)),
)
#: Sizes of a population, and per cent of it that are rare, of those that are found, of the others that are alarmed at.
RATES = ((500, 1000, 2000, 5000, 10_000), (1, 2, 4, 5), (60, 70, 75, 80, 90), (2, 3, 4, 5, 8, 10))


def confusion(rng: Random) -> Drawn:
    """Precision, recall, F1 and accuracy from the four counts."""
    tp, fp, fn = rng.choice(COUNTS)
    total = rng.choice((200, 250, 400, 500))
    tn = total - tp - fp - fn
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return Drawn(
        shown={"tp": tp, "fp": fp, "fn": fn, "tn": tn, "total": total, "marked": tp + fp, "real": tp + fn},
        results={
            "precision": precision,
            "recall": recall,
            "f1": 2 * tp / (2 * tp + fp + fn),
            "accuracy": (tp + tn) / total,
            "plain-mean": (precision + recall) / 2,
            "specificity": tn / (tn + fp),
            "hits-of-all": tp / total,
            "overlap": tp / (tp + fp + fn),
        },
    )


def base_rate(rng: Random) -> Drawn:
    """How many alarms are right when what is looked for is rare."""
    n, rare, found, false = rng.choice([rates for rates in product(*RATES) if _telling(*rates)])
    ill = n * rare // 100
    well = n - ill
    tp, fp = ill * found // 100, well * false // 100
    return Drawn(
        shown={"n": n, "rare": rare, "found": found, "false": false, "ill": ill, "well": well, "alarms": tp + fp},
        results={
            "hits": tp,
            "false-alarms": fp,
            "precision": tp / (tp + fp),
            "one-less-false": 1 - false / 100,
            "as-if-half": found / (found + false),
            "share-of-false": fp / (tp + fp),
        },
    )


def _telling(n: int, rare: int, found: int, false: int) -> bool:
    """Whether the counts are whole, as there is no half alarm, and false alarms are as many as the hits or more."""
    ill = n * rare // 100
    whole = n * rare % 100 == ill * found % 100 == (n - ill) * false % 100 == 0
    return whole and (n - ill) * false >= ill * found


def box_overlap(rng: Random) -> Drawn:
    """The intersection over union of two boxes that overlap in part."""
    w, h = rng.choice((4, 5, 6, 8)), rng.choice((4, 5, 6, 8))
    left, low = rng.choice((0, 1, 2)), rng.choice((0, 1, 2))
    across, up = rng.randrange(1, w - 1), rng.randrange(1, h - 1)
    wide, high = rng.choice((5, 6, 8)), rng.choice((5, 6, 8))
    x, y = left + across, low + up
    inside = (min(left + w, x + wide) - x) * (min(low + h, y + high) - y)
    first, second = w * h, wide * high
    union = first + second - inside
    return Drawn(
        shown={
            "ax": left,
            "ay": low,
            "bx": left + w,
            "by": low + h,
            "cx": x,
            "cy": y,
            "dx": x + wide,
            "dy": y + high,
            "first": first,
            "second": second,
            "across": min(left + w, x + wide) - x,
            "up": min(low + h, y + high) - y,
        },
        results={
            "inside": inside,
            "union": union,
            "iou": inside / union,
            "counted-twice": inside / (first + second),
            "dice": 2 * inside / (first + second),
            "of-first": inside / first,
            "of-second": inside / second,
        },
    )
