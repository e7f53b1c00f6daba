"""Drills on attention: what its scores and its cache cost in memory. A megabyte is a million bytes here."""

from __future__ import annotations

from random import Random

from bot.core.drills.drawing import Drawn

BYTES_FP16, BYTES_FP32 = 2, 4
MEGA = 1_000_000
WIDTHS = (400, 500, 600, 800, 1000, 1200, 1500)


def attention_memory(rng: Random) -> Drawn:
    """The entries of the score matrices of one layer, and their bytes in half precision."""
    n, heads, batch = rng.choice((200, 300, 400, 500, 600)), rng.choice((6, 8, 10, 12)), rng.choice((4, 5, 10))
    entries = n * n * heads * batch
    return Drawn(
        shown={"n": n, "heads": heads, "batch": batch, "twice": 2 * n, "millions": f"{entries / MEGA:g}"},
        results={
            "one-head": n * n,
            "entries": entries,
            "megabytes": entries * BYTES_FP16 / MEGA,
            "full-precision": entries * BYTES_FP32 / MEGA,
            "one-example": entries / batch * BYTES_FP16 / MEGA,
            "one-head-bytes": entries / heads * BYTES_FP16 / MEGA,
            "in-bits": entries * BYTES_FP16 * 8 / MEGA,
            "linear": n * heads * batch * BYTES_FP16 / MEGA,
        },
    )


def kv_cache(rng: Random) -> Drawn:
    """The memory of the keys and values that a decoder keeps, in half precision."""
    layers, width, n = rng.choice((10, 12, 16, 20, 24, 30)), rng.choice(WIDTHS), rng.choice((500, 2000, 4000))
    token = 2 * layers * width * BYTES_FP16
    return Drawn(
        shown={"layers": layers, "width": width, "n": n, "numbers": 2 * layers * width},
        results={
            "token": token,
            "megabytes": token * n / MEGA,
            "keys-only": token * n / MEGA / 2,
            "full-precision": token * n / MEGA * 2,
            "one-layer": token * n / MEGA / layers,
            "squared": token / MEGA * n * n,
        },
    )
