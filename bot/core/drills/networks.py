"""Drills on whole networks: how many parameters, which shapes, which gradients. Conventions are PyTorch's."""

from __future__ import annotations

import math
from random import Random

from bot.core.drills.convolution import output_size
from bot.core.drills.drawing import Drawn

#: Sums before a sigmoid that a person can reckon with, knowing e.
SUMS = (-2, -1, 1, 2)


def mlp_parameters(rng: Random) -> Drawn:
    """The parameters of two fully connected layers with biases."""
    a, b, c = rng.choice((6, 8, 10, 12, 15, 20, 30)), rng.choice((5, 7, 8, 9, 16)), rng.choice((2, 3, 4, 6))
    first, second, weights = a * b + b, b * c + c, a * b + b * c
    return Drawn(
        shown={"a": a, "b": b, "c": c, "ab": a * b, "bc": b * c},
        results={
            "first": first,
            "second": second,
            "total": first + second,
            "no-biases": weights,
            "bias-per-layer": weights + 2,
            "input-biases": weights + a + b + c,
            "biases-of-hidden-only": weights + b,
            "neurons": a + b + c,
        },
    )


def conv_parameters(rng: Random) -> Drawn:
    """The parameters of a convolutional layer with biases, whatever the size of the image."""
    cin, cout = rng.choice((3, 4, 6, 8)), rng.choice((8, 10, 12, 16, 20, 32))
    f, n = rng.choice((3, 5)), rng.choice((28, 32, 40, 64))
    one = f * f * cin
    return Drawn(
        shown={"cin": cin, "cout": cout, "f": f, "n": n, "weights": one * cout},
        results={
            "one-filter": one,
            "total": (one + 1) * cout,
            "no-biases": one * cout,
            "one-bias": one * cout + 1,
            "one-input-channel": (f * f + 1) * cout,
            "bias-per-slice": (f * f + 1) * cin * cout,
            "single-filter": one + 1,
            "fully-connected": (n * n * cin + 1) * cout,
        },
    )


def cnn_shapes(rng: Random) -> Drawn:
    """The side after the last pooling of a small network, and the inputs of its first linear layer."""
    n, c1, c2 = rng.choice((28, 32, 36, 40)), rng.choice((4, 6, 8)), rng.choice((10, 12, 16, 20))
    f1, f2, p = rng.choice((3, 5)), rng.choice((3, 5)), rng.choice((0, 1))
    conv1 = output_size(n, f1, p)
    once = conv1 // 2
    conv2 = output_size(once, f2)
    twice = conv2 // 2
    return Drawn(
        shown={"n": n, "c1": c1, "c2": c2, "f1": f1, "f2": f2, "p": p, "conv1": conv1, "conv2": conv2},
        results={
            "pooled-once": once,
            "pooled-twice": twice,
            "inputs": c2 * twice * twice,
            "no-shrinking": c2 * (n // 4) ** 2,
            "side-once": c2 * twice,
            "no-channels": twice * twice,
            "earlier-channels": c1 * twice * twice,
            "both-channels": c1 * c2 * twice * twice,
            "last-not-pooled": c2 * conv2 * conv2,
        },
    )


def neuron_gradients(rng: Random) -> Drawn:
    """The gradients of the two weights of a sigmoid neuron under half the squared error."""
    x1, x2 = rng.choice((-2, 2, 5)), rng.choice((-3, 3, 4))
    w1, w2, z, t = rng.choice((-1, 1, 2)), rng.choice((-1, 1, 2)), rng.choice(SUMS), rng.choice((0, 1))
    y = 1 / (1 + math.exp(-z))
    delta = (y - t) * y * (1 - y)
    return Drawn(
        shown={
            "x1": x1,
            "x2": x2,
            "w1": w1,
            "w2": w2,
            "b": z - w1 * x1 - w2 * x2,
            "t": t,
            "z": z,
            "slope": y * (1 - y),
        },
        results={
            "output": y,
            "delta": delta,
            "first": delta * x1,
            "second": delta * x2,
            "no-slope": (y - t) * x1,
            "no-slope-second": (y - t) * x2,
            "sign": -delta * x1,
            "half-forgotten": 2 * delta * x1,
            "weight-for-input": delta * w1,
        },
    )


def network_gradients(rng: Random) -> Drawn:
    """Gradients of a network of two inputs, two ReLU units and a linear output; the second unit is always off."""
    x1, x2 = rng.choice((1, 2, 3)), rng.choice((1, 2, 3))
    a1, a2 = _weights(rng, x1, x2, on=True)
    b1, b2 = _weights(rng, x1, x2, on=False)
    v1, v2, miss = rng.choice((-2, 2, 3)), rng.choice((-2, -1, 2, 3)), rng.choice((-5, -4, -3, 3, 4, 5))
    h, z2 = a1 * x1 + a2 * x2, b1 * x1 + b2 * x2
    y = v1 * h
    without = miss + v2 * z2
    return Drawn(
        shown={
            "x1": x1,
            "x2": x2,
            "a1": a1,
            "a2": a2,
            "b1": b1,
            "b2": b2,
            "v1": v1,
            "v2": v2,
            "t": y - miss,
            "h": h,
            "z2": z2,
            "y": y,
        },
        results={
            "error": miss,
            "outer": miss * h,
            "inner": miss * v1 * x1,
            "no-relu": without * h if without else None,
            "no-outer-weight": miss * x1,
            "hidden-for-input": miss * v1 * h,
            "no-half": 2 * miss * h,
            "sign": -miss * h,
        },
    )


def _weights(rng: Random, x1: int, x2: int, *, on: bool) -> tuple[int, int]:
    """Two weights that switch a unit on or off for this input."""
    fitting = [
        (w1, w2)
        for w1 in (-3, -2, -1, 1, 2, 3)
        for w2 in (-3, -2, -1, 1, 2, 3)
        if (2 <= w1 * x1 + w2 * x2 <= 8 if on else -6 <= w1 * x1 + w2 * x2 <= -1)
    ]
    return rng.choice(fitting)
