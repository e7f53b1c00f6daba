"""Drills on convolutional networks: sizes of outputs. The formulas are those of PyTorch's Conv2d and MaxPool2d."""

from __future__ import annotations

from random import Random

from bot.core.drills.drawing import Drawn


def output_size(n: int, f: int, p: int = 0, s: int = 1, d: int = 1) -> int:
    """The side of the output of a convolution or pooling of an n × n input; below 1 where there is none."""
    return (n + 2 * p - d * (f - 1) - 1) // s + 1


def conv_output(rng: Random) -> Drawn:
    """The side of a convolution's output, with stride, padding and dilation."""
    n, f = rng.choice((27, 28, 31, 32, 33, 63, 64)), rng.choice((3, 5, 7))
    p, s, d = rng.choice((0, 1, 2)), rng.choice((2, 3)), rng.choice((1, 1, 2))
    reach, padded, size = d * (f - 1) + 1, n + 2 * p, output_size(n, f, p, s, d)
    return Drawn(
        shown={"n": str(n), "f": str(f), "p": str(p), "s": str(s), "d": str(d), "size": str(size)},
        results={
            "reach": reach,
            "padded": padded,
            "size": size,
            "no-padding": output_size(n, f, 0, s, d),
            "padding-once": (n + p - reach) // s + 1,
            "no-stride": output_size(n, f, p, 1, d),
            "no-plus-one": (padded - reach) // s,
            "no-dilation": output_size(n, f, p, s, 1),
        },
    )
