"""Drills on convolutional layers: sizes of outputs, padding, receptive fields. Formulas as PyTorch's layers have them.

Parameters and whole networks are networks.py's.
"""

from __future__ import annotations

from random import Random

from bot.core.drills.drawing import Drawn

#: What stands in place of a size that does not exist.
NO_OUTPUT = "no output"
NO_PADDING = "no padding that is the same on both sides"

#: Filters and dilations of which the lost pixels can be shared by two sides, and some of which they cannot.
STRETCHED = (
    *((7, 2), (9, 2), (11, 2), (5, 3), (7, 3), (9, 3), (5, 4), (7, 4), (6, 2), (8, 2)),
    *((4, 1), (6, 1), (8, 1), (4, 3), (6, 3), (8, 3)),
)


def output_size(n: int, f: int, p: int = 0, s: int = 1, d: int = 1) -> int:
    """The side of the output of a convolution or pooling of an n × n input; below 1 where there is none."""
    return (n + 2 * p - d * (f - 1) - 1) // s + 1


def conv_output(rng: Random) -> Drawn:
    """The side of a convolution's output with stride, padding and dilation; one draw in five has no output."""
    impossible = rng.random() < 0.2
    n = rng.choice((6, 7, 8, 9) if impossible else (27, 28, 31, 32, 33, 48, 63, 64))
    f, p, d = rng.choice((5, 7) if impossible else (3, 5, 7)), rng.choice((1, 2, 3)), rng.choice((2, 3))
    s = rng.choice((2, 3))
    reach, padded, size = d * (f - 1) + 1, n + 2 * p, output_size(n, f, p, s, d)
    there = size >= 1
    return Drawn(
        shown={"n": n, "f": f, "p": p, "s": s, "d": d} | _outcome(padded, reach, size),
        results={
            "reach": reach,
            "padded": padded,
            "span": padded - reach,
            "size": size if there else None,
            "as-it-stands": None if there else size,
            "no-dilation": output_size(n, f, p, s, 1),
            "turned-round": None if there else (reach - padded) // s + 1,
            "no-padding": output_size(n, f, 0, s, d),
            "padding-once": (n + p - reach) // s + 1 if there else None,
            "no-stride": output_size(n, f, p, 1, d) if there else None,
            "no-plus-one": (padded - reach) // s if there else None,
        },
    )


def conv_fit(rng: Random) -> Drawn:
    """A small input and a filter that may be too large for it, at stride 1; about half the draws have no output."""
    n, f, p = rng.randrange(4, 11), rng.choice((3, 5, 7, 9, 11)), rng.choice((0, 1, 1, 2, 3))
    size = output_size(n, f, p)
    there = size >= 1
    return Drawn(
        shown={"n": n, "f": f, "p": p} | _outcome(n + 2 * p, f, size),
        results={
            "padded": n + 2 * p,
            "size": size if there else None,
            "as-it-stands": None if there else size,
            "turned-round": None if there else f - n - 2 * p + 1,
            "no-padding": output_size(n, f, 0) if p else None,
            "padding-once": n + p - f + 1 if p else None,
            "no-plus-one": size - 1 if there else None,
        },
    )


def _outcome(padded: int, reach: int, size: int) -> dict[str, str | float]:
    """How the filter compares with the padded input, and what comes of it."""
    sign = "=" if reach == padded else "<" if reach < padded else ">"
    return {"compares": sign, "outcome": f"{size} x {size}" if size >= 1 else NO_OUTPUT}


def same_padding(rng: Random) -> Drawn:
    """The padding that keeps the size at stride 1; an even number of lost pixels is shared, an odd one cannot be."""
    n = rng.choice((28, 32, 36, 40, 48, 56))
    f, d = rng.choice(STRETCHED)
    lost = d * (f - 1)
    even = lost % 2 == 0
    return Drawn(
        shown={"n": n, "f": f, "d": d, "outcome": str(lost // 2) if even else NO_PADDING, "left": n - lost},
        results={
            "lost": lost,
            "each": lost // 2 if even else None,
            "rounded-down": None if even else lost // 2,
            "rounded-up": None if even else lost // 2 + 1,
            "no-dilation": (f - 1) // 2 if d > 1 and f % 2 else None,
            "no-minus-one": d * f // 2 if even and d * f // 2 != lost // 2 else None,
            "filter-itself": f * d if even else None,
            "dilation-added": (f - 1) // 2 + d if even and d > 1 and f % 2 else None,
            "half-plus-one": lost // 2 + 1 if even else None,
        },
    )


def pool_output(rng: Random) -> Drawn:
    """What comes out of max pooling with a window that overlaps or does not, per channel and in all."""
    c, n, k = rng.choice((4, 5, 8, 10, 16)), rng.choice((13, 15, 16, 18, 21, 22, 24)), rng.choice((2, 3, 4))
    s = rng.choice((2, 3))
    side = output_size(n, k, 0, s)
    rounded_up = -(-(n - k) // s) + 1
    return Drawn(
        shown={"c": c, "n": n, "k": k, "s": s, "travel": n - k},
        results={
            "side": side,
            "values": c * side * side,
            "no-plus-one": (n - k) // s,
            "rounded-up": rounded_up,
            "input-by-stride": n // s,
            "channels-pooled": side * side,
            "one-side": c * side,
        },
    )


def receptive_field(rng: Random) -> Drawn:
    """The receptive field after each of three convolutions with strides."""
    filters = [rng.choice((3, 5, 7)), rng.choice((3, 5)), rng.choice((3, 5, 7))]
    strides = [rng.choice((1, 2, 3)), rng.choice((2, 3)), rng.choice((1, 2))]
    jumps = [1, strides[0], strides[0] * strides[1]]
    grown = [(f - 1) * jump for f, jump in zip(filters, jumps, strict=True)]
    own = [(f - 1) * jump * s for f, jump, s in zip(filters, jumps, strides, strict=True)]
    shown: dict[str, str | float] = {f"f{i}": f for i, f in enumerate(filters, 1)}
    shown |= {f"s{i}": s for i, s in enumerate(strides, 1)} | {
        "jump3": jumps[2],
        "grown2": grown[1],
        "grown3": grown[2],
    }
    return Drawn(
        shown=shown,
        results={
            "after-two": 1 + grown[0] + grown[1],
            "field": 1 + sum(grown),
            "no-strides": 1 + sum(f - 1 for f in filters),
            "sum-of-filters": sum(filters),
            "product-of-filters": filters[0] * filters[1] * filters[2],
            "own-stride": 1 + sum(own),
            "no-minus-one": sum(f * jump for f, jump in zip(filters, jumps, strict=True)),
        },
    )
