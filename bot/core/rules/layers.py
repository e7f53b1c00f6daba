"""Bugs in the network: nothing non-linear in it, sizes that do not fit, images left as they are, equal weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from bot.core.rules.looking import BENDING, LAYERS, UNSURE, Look, Place, line_of, number, places, plain, whole
from bot.core.training import Finding

SHAPES = re.compile(r"shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)")
SIDE, PIXELS = 28, 784


def no_activation(look: Look) -> Iterator[Finding]:
    ops = look.network
    at = [i for i, op in enumerate(ops) if op.get("kind") in LAYERS]
    if not look.torch or len(at) < 2 or look.facts.get("cut"):
        return
    gaps = [(a, b) for a, b in pairwise(at) if not any(_bends(op) for op in ops[a:b])]
    dense = [(a, b) for a, b in gaps if ops[b].get("kind") == "linear" and ops[a].get("bias") is not False]
    bare = len(gaps) == len(at) - 1 and not any(op.get("kind") in UNSURE for op in ops)
    if bare and dense:
        line = line_of(ops[dense[0][1]])
        says = "{code}{on} follows another linear layer, and nothing non-linear stands between any two of them."
        yield look.finding("no-activation", line, says)
    elif dense:
        says = "{code}{on} follows another layer directly: the activation between the two is missing."
        yield look.finding("no-activation", line_of(ops[dense[0][1]]), says)


def _bends(op: Place) -> bool:
    """A layer norm divides by what it is given: it is not linear, either."""
    name = str(op.get("name"))
    return op.get("kind") in BENDING or (op.get("kind") == "norm" and not name.startswith(("Batch", "LazyBatch")))


def sizes_disagree(look: Look) -> Iterator[Finding]:
    if not look.torch or look.stepped:
        return
    layers = [op for op in look.network if op.get("kind") in (*LAYERS, *UNSURE, "pool", "flatten", "recurrent")]
    for first, second in pairwise(layers):
        out, takes = whole(first.get("out")), whole(second.get("in"))
        if first.get("kind") == second.get("kind") == "linear" and out and takes and out != takes:
            says = f"{{code}}{{on}} expects {takes} inputs, and the layer before it gives {out}."
            yield look.finding("sizes-disagree", line_of(second), says)
            return
    shapes = SHAPES.search(look.error)
    if shapes is not None and int(shapes.group(2)) != SIDE:
        fits = [op for op in layers if op.get("in") == int(shapes.group(3)) and op.get("out") == int(shapes.group(4))]
        says = f"{{code}}{{on}} expects {shapes.group(3)} inputs, and gets {shapes.group(2)}."
        yield look.finding("sizes-disagree", line_of(fits[0]) if fits else look.error_line, says)


def not_flattened(look: Look) -> Iterator[Finding]:
    layers = [op for op in look.network if op.get("kind") in LAYERS]
    if not look.torch or not look.digits or look.stepped or not layers:
        return
    first = layers[0]
    shapes = SHAPES.search(look.error)
    failed = shapes is not None and int(shapes.group(2)) == SIDE and int(shapes.group(3)) != SIDE
    before = look.network[: look.network.index(first)]
    unclear = any(op.get("kind") in ("flatten", *UNSURE) for op in before) or look.signs.get("flat")
    loaded = look.has(r"\bload_mnist\s*\(|\bMNIST\s*\(")
    if failed or (look.followed and first.get("in") == PIXELS and loaded and not unclear and not _reshapes(look)):
        says = "{code}{on} expects rows of 784 numbers and gets images of 28 × 28."
        yield look.finding("not-flattened", line_of(first), says)


def _reshapes(look: Look) -> bool:
    """True where something in the text may well make rows of images."""
    kept = {line for line in (one.get("line") for one in places(look.signs.get("discarded"))) if isinstance(line, int)}
    shapes = r"\.(view|reshape|flatten|ravel|resize_?|unflatten|fold|unfold)\(|[Ff]latten|rearrange|784\s*\)"
    lines = [i for i, text in enumerate(look.lines, 1) if re.search(shapes, text.partition("#")[0]) and i not in kept]
    return any("Linear" not in look.lines[i - 1] for i in lines)


def equal_weights(look: Look) -> Iterator[Finding]:
    """Weights that all start from one number, as the program says it or as the run saw it."""
    if not look.torch:
        return
    layers = [op for op in look.network if op.get("kind") in LAYERS]
    said, seen = _said(look, len(layers)), _seen(look)
    if look.stepped and look.seen.get("constant_layers") == []:
        return
    first = said[0] if said else None
    value = number(first.get("value")) if first is not None else (seen[0] if seen else None)
    if value is None or (first is None and len(layers) == 1):
        return
    rule = "zero-initialisation" if value == 0 else "equal-initialisation"
    what = "zero" if value == 0 else f"{value:g}"
    line = line_of(first) or look.line_with(r"zeros_|constant_|ones_|fill_|zero_\(|torch\.(zeros|ones|full)\(")
    yield look.finding(rule, line, f"{{code}}{{on}} leaves all weights of a layer at {what}.")


def _said(look: Look, layers: int) -> list[Place]:
    """Where hidden weights are made equal; the last layer's alone may well be, and so may a single layer's."""
    if layers == 1:
        return []
    filled = places(look.signs.get("filled"))
    last = [one for one in filled if one.get("last")]
    return [one for one in filled if not one.get("last") and _stays(look, one)] + (
        [] if len(last) < layers else last[:1]
    )


def _stays(look: Look, filled: Place) -> bool:
    """False where weights are drawn at random as well, and it can't be told which ones."""
    return filled.get("of") != "all" or not look.signs.get("drawn")


def _seen(look: Look) -> list[float]:
    """The values of hidden layers whose weights were all equal before the first step."""
    modules = places(look.seen.get("modules"))
    learned = [str(one.get("name")) for one in modules if re.match(r"(Lazy)?(Linear|Conv)", str(one.get("type", "")))]
    if len(learned) < 2:
        return []
    hidden, values = set(learned[:-1]), []
    for one in places(look.seen.get("constant_layers")):
        name = str(one.get("name", ""))
        value = number(one.get("value"))
        if value is not None and name.removesuffix(".weight") in hidden:
            values.append(value)
    return values


def hidden_steps(look: Look) -> Iterator[Finding]:
    """Sigmoids and softmaxes between the layers: they work, and badly."""
    ops = look.network
    at = [i for i, op in enumerate(ops) if op.get("kind") in LAYERS]
    if not look.torch or len(at) < 2:
        return
    inner = ops[at[0] : at[-1]]
    names = {plain(op.get("name")): op for op in reversed(inner)}
    if "sigmoid" in names:
        says = "{code}{on} uses a sigmoid between the layers."
        yield look.finding("sigmoid-hidden", line_of(names["sigmoid"]), says)
    if "softmax" in names:
        yield look.finding("softmax-hidden", line_of(names["softmax"]), "{code}{on} puts a softmax between two layers.")


RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    no_activation,
    sizes_disagree,
    not_flattened,
    equal_weights,
    hidden_steps,
)
