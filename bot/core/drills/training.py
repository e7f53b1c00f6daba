"""Drills on training: losses, steps of optimisers, batch statistics, counts of steps. Conventions are PyTorch's.

Results are not rounded; how far an answer may be off is the question's to say.
"""

from __future__ import annotations

import math
from itertools import permutations
from random import Random

from bot.core.drills.drawing import Drawn

#: Differences of three logits whose exponentials a person can add up, knowing e.
GAPS = ((0, 1, 2), (0, 1, 3), (0, 2, 3))
#: Probabilities made of twos and fives, whose logarithms follow from ln 2 and ln 5.
LIKELY = (0.1, 0.16, 0.25, 0.4, 0.64, 0.8)
#: Deviations of four values from their mean, with a standard deviation that is whole.
SPREADS = ((-5, 1, 1, 3), (-3, -1, -1, 5), (-7, -1, 1, 7), (-10, 2, 2, 6), (-6, -2, -2, 10))
BETA1, BETA2 = 0.9, 0.999


def softmax(rng: Random) -> Drawn:
    """The softmax of three logits."""
    base, gaps = rng.choice((-1, 0, 1, 2)), rng.choice(GAPS)
    order = rng.choice(list(permutations(range(3))))
    low, mid, high = (base + gap for gap in gaps)
    powers = [math.exp(gap - gaps[2]) for gap in gaps]
    small, middle, large = (power / sum(powers) for power in powers)
    shares, logits = (small, middle, large), (low, mid, high)
    return Drawn(
        shown={
            **{name: logits[i] for name, i in zip(("a", "b", "c"), order, strict=True)},
            **{f"p{name}": f"{shares[i]:.3f}" for name, i in zip(("a", "b", "c"), order, strict=True)},
            "high": high,
            "mid": mid,
            "low": low,
            "second-power": f"{powers[1]:.3f}",
            "third-power": f"{powers[0]:.3f}",
            "sum": f"{sum(powers):.3f}",
        },
        results={
            "largest": large,
            "middle": middle,
            "smallest": small,
            "linear": high / (low + mid + high) if low >= 0 else None,
            "sigmoid": 1 / (1 + math.exp(-high)),
            "by-largest": powers[1],
            "powers-of-two": 2**high / (2**low + 2**mid + 2**high),
        },
    )


def cross_entropy(rng: Random) -> Drawn:
    """The mean cross-entropy of two predictions."""
    p, q = rng.sample(LIKELY, 2)
    first, second = -math.log(p), -math.log(q)
    return Drawn(
        shown={"p": p, "q": q} | _others("p", p, rng) | _others("q", q, rng),
        results={
            "first": first,
            "second": second,
            "mean": (first + second) / 2,
            "sum": first + second,
            "of-mean": -math.log((p + q) / 2),
            "base-two": (first + second) / 2 / math.log(2),
            "base-ten": (first + second) / 2 / math.log(10),
            "misses": (2 - p - q) / 2,
        },
    )


def _others(name: str, p: float, rng: Random) -> dict[str, str | float]:
    """The probabilities of the two other classes, in hundredths."""
    left = round(100 * (1 - p))
    part = round(left * rng.choice((0.25, 0.35, 0.6, 0.75)))
    return {f"{name}-other": part / 100, f"{name}-third": (left - part) / 100}


def sgd_step(rng: Random) -> Drawn:
    """One step of SGD on the weight of a line under the squared error."""
    x, w, b = rng.choice((2, 3, 4)), rng.choice((0.5, 1.5, 2, 3)), rng.choice((1, -1, 2))
    miss, rate = rng.choice((-3, -2, -1.5, 1.5, 2, 3)), rng.choice((0.1, 0.05, 0.01))
    y = w * x + b
    slope = 2 * miss * x
    return Drawn(
        shown={"x": x, "w": w, "b": b, "t": y - miss, "rate": rate, "y": y},
        results={
            "error": miss,
            "gradient": slope,
            "stepped": w - rate * slope,
            "uphill": w + rate * slope,
            "no-two": w - rate * slope / 2,
            "no-input": w - rate * 2 * miss,
            "no-rate": w - slope,
        },
    )


def momentum_steps(rng: Random) -> Drawn:
    """Two steps of SGD with momentum, with the gradients given."""
    w, rate, mu = rng.choice((1, 2, 3, 5)), rng.choice((0.1, 0.01)), rng.choice((0.9, 0.8, 0.5))
    g1, g2 = rng.sample((-3, -2, 1, 2, 4, 5), 2)
    v2 = mu * g1 + g2
    averaged = (1 - mu) * g1, mu * (1 - mu) * g1 + (1 - mu) * g2
    return Drawn(
        shown={"w": w, "rate": rate, "mu": mu, "g1": g1, "g2": g2, "damped": mu * g1},
        results={
            "first": w - rate * g1,
            "velocity": v2,
            "second": w - rate * (g1 + v2),
            "no-momentum": w - rate * (g1 + g2),
            "averaged": w - rate * sum(averaged),
            "one-step": w - rate * v2,
            "nesterov": w - rate * ((1 + mu) * g1 + g2 + mu * v2),
            "uphill": w + rate * (g1 + v2),
        },
    )


def adam_step(rng: Random) -> Drawn:
    """The first step of Adam, with the usual betas and no weight decay; epsilon is too small to be seen."""
    w, rate, g = rng.choice((0.5, 1, 2, 3)), rng.choice((0.1, 0.01, 0.05)), rng.choice((-6, -5, -4, -2, 2, 3, 4, 6))
    m, v = (1 - BETA1) * g, (1 - BETA2) * g * g
    return Drawn(
        shown={"w": w, "rate": rate, "g": g, "square": g * g, "size": abs(g)},
        results={
            "m": m,
            "v": v,
            "stepped": w - rate * math.copysign(1, g),
            "uncorrected": w - rate * m / math.sqrt(v),
            "plain-sgd": w - rate * g,
            "no-root": w - rate / g,
            "uphill": w + rate * math.copysign(1, g),
        },
    )


def batch_norm(rng: Random) -> Drawn:
    """The statistics of a feature over a batch of four, and its first value normalised."""
    spread = rng.choice(SPREADS)
    deviations, mean = rng.sample(spread, 4), rng.choice((-2, 2, 3, 4, 6, 10))
    variance = sum(d * d for d in deviations) / 4
    first, x = deviations[0], mean + deviations[0]
    return Drawn(
        shown={
            **{f"x{i}": mean + d for i, d in enumerate(deviations, 1)},
            **{f"d{i}": d for i, d in enumerate(deviations, 1)},
            "squares": 4 * variance,
            "spread": math.sqrt(variance),
        },
        results={
            "mean": mean,
            "variance": variance,
            "normalised": first / math.sqrt(variance),
            "sample-variance": variance * 4 / 3,
            "by-sample": first / math.sqrt(variance * 4 / 3),
            "by-variance": first / variance,
            "not-centred": x / math.sqrt(variance),
            "sum-of-squares": 4 * variance,
        },
    )


def iterations(rng: Random) -> Drawn:
    """How many steps an epoch and a whole training take when the last batch is smaller."""
    n, epochs = rng.choice((900, 1000, 1500, 2000, 5000, 6000)), rng.choice((3, 4, 5, 8, 10))
    batch = rng.choice([size for size in (32, 64, 128, 150, 350, 400) if n % size])
    full, left = divmod(n, batch)
    steps = full + 1
    return Drawn(
        shown={"n": n, "batch": batch, "epochs": epochs, "full": full, "ratio": f"{n / batch:.2f}"},
        results={
            "steps": steps,
            "last": left,
            "total": steps * epochs,
            "dropped": full * epochs,
            "rounded-once": -(-n * epochs // batch),
            "per-example": n * epochs,
            "batch-by-epochs": batch * epochs,
        },
    )
