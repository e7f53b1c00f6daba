"""What of a program is worth a second look, as facts: the order of its updates, what its loss is given, what it trains.

It judges nothing: bot/core/rules says which of these are bugs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from bot.lab.syntax.glances import glances
from bot.lab.syntax.seen import Event, Seen
from bot.lab.syntax.tensors import ALWAYS_ON
from bot.lab.syntax.values import Op, Value, learns, marks
from bot.lab.syntax.wiring import uncovered

MOST = 40


def signs(seen: Seen, tree: ast.Module, network: Sequence[Op]) -> dict[str, Any]:
    """The facts for bot/core/rules. Lists are short, texts shorter; what is empty is left out."""
    main = _main(seen)
    found = {
        "updates": [_update(event, main) for event in seen.of("zero_grad", "backward", "step")][:MOST],
        "some_step": bool(seen.of("some_step")),
        "loss": _loss(seen, main),
        "forward": _forward(seen, main),
        "modes": [{"to": e.name, "line": e.line, "turn": _in_outer(e, main)} for e in seen.of("mode")][:MOST],
        "measures": [_measure(event) for event in seen.of("measure")][:MOST],
        "evaluated": [e.line for e in seen.of("forward") if e.free or "held" in e.tags][:MOST],
        "filled": list(_filled(seen, network))[:MOST],
        "drawn": bool(seen.of("drawn")),
        "uncovered": uncovered(seen, _trained(seen, main), marks(_loss_tags(seen, main), "param"))[:MOST],
        "loaders": [_loader(event) for event in seen.of("loader")][:MOST],
        "samples": any(event.info.get("mixes") for event in seen.of("loader")) or _draws(seen),
        "kept": [{"line": e.line, "name": e.name, "turn": _in_turn(e, main), "free": e.free} for e in seen.of("kept")][
            :MOST
        ],
        "items": [e.line for e in seen.of("item") if _in_turn(e, main) and not e.under and not e.free][:MOST],
        "discarded": [{"what": e.name, "line": e.line} for e in seen.of("discarded")][:MOST],
        "optimizers": [
            {"name": e.name, "line": e.line, "turn": _in_turn(e, main), "under": bool(e.under)}
            for e in seen.of("optimizer")
        ][:MOST],
        "scheduled": [
            {"name": e.name, "line": e.line, "turn": _in_turn(e, main)} for e in seen.of("scheduled", "scheduler")
        ][:MOST],
        "frozen": bool(seen.of("frozen")) or _freezes(tree),
        "always_dropping": [e.line for e in network if e.name == ALWAYS_ON][:MOST],
        "losses": [e.line for e in seen.of("loss") if not e.free][:MOST],
        "flat": _flat(seen),
        "split_anew": bool(seen.of("split_anew")),
        **glances(tree),
    }
    return {key: value for key, value in found.items() if value not in (None, [], {}, False, 0)}


def _main(seen: Seen) -> Event | None:
    """The backward pass that training is about (or else the step): the one in the most loops."""
    return max(seen.of("backward") or seen.of("step"), key=lambda event: len(event.loops), default=None)


def _in_turn(event: Event, main: Event | None) -> bool:
    """True for what is done at each turn of the innermost loop around the backward pass."""
    if main is None or main.innermost is None:
        return False
    return any(loop.node is main.innermost for loop in event.loops)


def _in_outer(event: Event, main: Event | None) -> bool:
    """True for what is done in any loop that the backward pass is in, too."""
    if main is None or not main.loops:
        return False
    return any(loop.node is main.loops[0].node for loop in event.loops)


def _update(event: Event, main: Event | None) -> dict[str, Any]:
    found = {
        "what": event.kind,
        "line": event.line,
        "turn": _in_turn(event, main),
        "outer": _in_outer(event, main),
        "under": list(event.under[:2]),
        "hand": event.info.get("hand"),
        "uphill": event.info.get("uphill"),
        "fresh": event.info.get("fresh"),
        "text": event.info.get("text"),
    }
    return {key: value for key, value in found.items() if value}


def _trained_loss(seen: Seen, main: Event | None) -> Event | None:
    """The loss that the backward pass starts from, or the one that is nearest to the step."""
    if main is None:
        return None
    known = main.info.get("loss")
    if isinstance(known, Event):
        return known
    near = [event for event in seen.of("loss") if _in_turn(event, main) and not event.free]
    return near[0] if len(near) == 1 else None


def _loss_tags(seen: Seen, main: Event | None) -> frozenset[str]:
    loss = _trained_loss(seen, main)
    return (loss.tags if loss is not None else frozenset()) | (main.tags if main is not None else frozenset())


def _loss(seen: Seen, main: Event | None) -> dict[str, Any]:
    """What the loss that training goes by is given."""
    loss = _trained_loss(seen, main)
    if loss is None or main is None:
        return {}
    first, second = loss.info.get("first", Value()), loss.info.get("second", Value())
    ops = loss.ops
    cut = next((op for op in main.ops if op.kind == "detach"), None)
    cut = cut or next((op for op in ops if op.kind == "detach"), None)
    chosen = next(iter(marks(first.tags, "chosen")), None) if "choice" in first.tags else None
    return {
        "name": loss.name,
        "line": loss.line,
        "made": loss.info.get("made"),
        "by_hand": bool(loss.info.get("by_hand")),
        "swapped": "label" in first.tags and not learns(first.ops) and learns(second.ops),
        "target": _target(second),
        "image": "image" in first.tags,
        "perms": [sorted(marks(first.tags, "perm"))[:8], sorted(marks(second.tags, "perm"))[:8]],
        "drawn": sorted(marks(first.tags | second.tags, "drawn"))[:8],
        "mixed": "mixed" in first.tags,
        "held": _held(seen),
        "both": next(iter(sorted(marks(loss.tags, "both"))), None),
        "negated": main.info.get("negated"),
        "detached": {"line": chosen, "how": "argmax"} if chosen else _cut(cut, [*ops, *main.ops]),
        "floated": next(iter(sorted(marks(first.tags, "floated"))), None),
        "loops": [{"line": loop.line, "batches": seen.passes(loop)} for loop in main.loops][:6],
    }


def _held(seen: Seen) -> int | None:
    """The line of the loop (or else of the pass) in which gradients of held-out rows are computed, for sure."""
    for event in seen.of("backward"):
        loss = event.info.get("loss")
        source = loss if isinstance(loss, Event) else event
        if "held" in source.tags and not event.under and not source.under:
            return event.loops[-1].line or event.line if event.loops else event.line
    return None


def _target(value: Value) -> dict[str, Any]:
    return {
        "label": "label" in value.tags and not learns(value.ops),
        "one_hot": "one_hot" in value.tags,
        "unknown": any(op.kind == "unknown" for op in value.ops) or bool(value.items),
        "floated": next(iter(marks(value.tags, "floated")), None),
        "shortened": next(iter(marks(value.tags, "shortened")), None),
    }


def _cut(cut: Op | None, ops: Sequence[Op]) -> dict[str, Any] | None:
    if cut is None:
        return None
    behind = ops[ops.index(cut) + 1 :] if cut in ops else ()
    return {"line": cut.line, "how": cut.name, "layers_behind": learns(tuple(behind))}


def _trained(seen: Seen, main: Event | None) -> list[Event]:
    """Where networks are applied in training."""
    forwards = [event for event in seen.of("forward") if not event.free]
    return [event for event in forwards if main is not None and (_in_turn(event, main) or not main.loops)]


def _forward(seen: Seen, main: Event | None) -> dict[str, Any]:
    """Where the network and what it is given are, in training. `away` is a GPU for sure, `moved` is anywhere."""
    first = next(iter(_trained(seen, main)), None)
    if first is None:
        return {}
    module, given, loss = first.info["module"], first.info["given"], _trained_loss(seen, main)
    target = loss.info.get("second", Value()) if loss is not None else Value()
    return {
        "line": first.line,
        "networks": len(
            {id(event.info["module"].attrs or event.info["module"].parts) for event in _trained(seen, main)}
        ),
        "module": module.info.get("moved"),
        "input": "moved" in given.tags,
        "away": "away" in given.tags,
        "known": "image" in given.tags,
        "target": "moved" in target.tags if "label" in target.tags else None,
    }


def _measure(event: Event) -> dict[str, Any]:
    dims = [tag.removeprefix("dim=") for tag in event.tags if tag.startswith("dim=")]
    before = []
    for op in event.ops:
        if op.kind in ("linear", "convolution"):
            break
        before.append(op)
    return {
        "line": event.line,
        "on": "held" if "held" in event.tags else "train" if "train" in event.tags else "unknown",
        "free": event.free,
        "evaluating": event.evaluating,
        "dims": dims,
        "chosen": next(iter(sorted(marks(event.tags, "chosen"))), None),
        "one": "one" in event.tags,
        "layers": learns(event.ops),
        "label": "label" in event.tags,
        "image": "image" in event.tags,
        "scaled": any(op.kind == "scale" for op in before),
        "unsure": any(op.kind == "unknown" for op in before) or any("scale" in op.name.lower() for op in before),
        "softmax": next((op.line for op in event.ops if op.kind == "softmax" and op.dim == 0), None),
    }


def _loader(event: Event) -> dict[str, Any]:
    on = "held" if "held" in event.tags else "train" if "train" in event.tags else "unknown"
    return {
        "line": event.line,
        "on": on,
        "mixes": bool(event.info.get("mixes")),
        "library": bool(event.info.get("library")),
        "size": event.info.get("size"),
    }


def _draws(seen: Seen) -> bool:
    return any(marks(event.tags, "perm") or marks(event.tags, "order") for event in seen.of("loss", "forward"))


def _flat(seen: Seen) -> bool:
    return bool(seen.of("flatten"))


def _filled(seen: Seen, network: Sequence[Op]) -> Iterator[dict[str, Any]]:
    """Weights that are all made one number: of which layer, or of each."""
    layers = [op for op in network if op.kind in ("linear", "convolution")]
    if not layers:
        return
    for op in layers:
        if op.fill is not None:
            yield {"value": op.fill, "line": op.filled or op.line, "last": op is layers[-1], "of": "matrix"}
    for event in seen.of("filled"):
        target: Value = event.info["target"]
        owner = target.owner
        found = {"value": event.info["fill"], "line": event.line}
        if target.ref == ".weight" and owner is not None and owner.parts:
            layer = owner.parts[0]
            if isinstance(layer, Op) and layer.kind in ("linear", "convolution"):
                yield {**found, "of": "layer", "last": layer is layers[-1] or _is_added(network, layer)}
        elif _is_any(target) and _all_of_them(target, event):
            yield {**found, "of": "all"}


def _is_any(target: Value) -> bool:
    """True for the weight of a layer that is not known, and for any of a network's parameters."""
    unknown = target.ref == ".weight" and target.owner is not None and not target.owner.is_module
    return unknown or target.role == "parameter"


def _is_added(network: Sequence[Op], layer: Op) -> bool:
    """True for the last layer of a branch that is added to another: it may well start at zero."""
    return any(first is layer and second.kind == "joined" for first, second in pairwise(network))


def _all_of_them(target: Value, event: Event) -> bool:
    """True where the tests around it let weights of linear layers through, as far as can be told."""
    for test in event.under:
        negated = test.startswith("not ")
        if target.role == "parameter":
            weights = re.search(r"""['"]\w*weight['"] in|> 1|>= 2|== 2""", test)
            if negated or not weights:
                return False
        elif "isinstance" in test and (negated or not re.search(r"Linear|Conv", test)):
            return False
        if re.search(r"last|head|out|final|gamma", test):
            return False
    return True


def _freezes(tree: ast.Module) -> bool:
    """True where a `requires_grad` is set to False."""
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and isinstance(value, ast.Constant) and value.value is False:
            named = (t.attr for t in node.targets if isinstance(t, ast.Attribute))
            if "requires_grad" in named:
                return True
    return False
