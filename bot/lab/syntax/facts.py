"""Reads facts off a Python program by its syntax tree: what the child process of reading.py runs.

It imports the standard library only, runs nothing of the program, and says what is there, not what it is worth.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
import sys
import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.lab.syntax.calls import Call, call
from bot.lab.syntax.names import FRAMEWORKS
from bot.lab.syntax.seen import Event, Loop, Seen
from bot.lab.syntax.signs import signs
from bot.lab.syntax.tracing import Tracer
from bot.lab.syntax.values import Op, Value

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 3
#: Steps that are no layers of a network.
NO_LAYERS = ("activation", "softmax", "scale", "unknown", "joined", "detach")
#: Lines are quoted up to this length; the quotation stays an exact piece of the program.
LONGEST_LINE = 200
MOST_LISTED = 40

#: What a library takes when a program says nothing about the learning rate.
RATES_BY_DEFAULT = {
    "Adam": 0.001,
    "AdamW": 0.001,
    "NAdam": 0.002,
    "RAdam": 0.001,
    "Adamax": 0.002,
    "SGD": 0.001,
    "RMSprop": 0.01,
    "Adagrad": 0.01,
    "Adadelta": 1.0,
}
KERAS_RATES = {"SGD": 0.01, "NAdam": 0.001, "RMSprop": 0.001, "Adagrad": 0.001, "Adadelta": 0.001, "Adamax": 0.001}


class Lines:
    """The lines of a program, numbered as the parser numbers them, for quoting."""

    def __init__(self, source: str) -> None:
        self.lines = re.split(r"\r\n|\r|\n", source)

    def at(self, line: int) -> dict[str, Any]:
        text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return {"line": line, "source": text[:LONGEST_LINE]}


def facts(source: str) -> dict[str, Any]:
    """All facts of a program; SyntaxError, ValueError, RecursionError or MemoryError when it cannot be parsed."""
    tree = parsed(source)
    seen = Seen()
    tracer = Tracer(seen)
    tracer.run(tree)
    lines = Lines(source)
    losses = _losses(seen, lines)
    ops = _network(tracer, losses)
    found = {
        "v": 1,
        "framework": _framework(seen),
        **_optimizer(seen, lines),
        "loss": losses[0]["name"] if losses else None,
        "activations": [op.name for op in ops if op.kind == "activation"][:MOST_LISTED],
        "layers": [_layer(op) for op in ops if op.kind not in NO_LAYERS][:MOST_LISTED],
        "epochs": _epochs(seen),
        "batch_size": _batch_size(seen),
        "network": [_op(op, lines) for op in ops[-MOST_LISTED:]],
        "losses": [{key: value for key, value in loss.items() if key != "ops"} for loss in losses[:MOST_LISTED]],
        "scaling": _places(seen.of("scale"), lines, "how"),
        "flattening": _places(seen.of("flatten"), lines, "how"),
        "loop": _loop(seen, lines),
        "measures": _measures(seen, lines),
        "signs": signs(seen, tree, ops[-MOST_LISTED:]),
    }
    if seen.cut:
        found["cut"] = True
    return found


def parsed(source: str) -> ast.Module:
    """The syntax tree; notebook commands (`%matplotlib`, `!pip`) and an indented paste are forgiven."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        plain = "\n".join(re.sub(r"^\s*[%!].*$", "", line) for line in re.split(r"\r\n|\r|\n", source))
        for mended in (plain, textwrap.dedent(plain)):
            try:
                return ast.parse(mended)
            except SyntaxError:
                continue
        raise error


def _framework(seen: Seen) -> str | None:
    """The library by which the program works: one that it imports, or else one that its names belong to."""
    for names in (seen.imports, seen.assumed):
        roots = {name.split(".")[0] for name in names}
        found = next((framework for root, framework in FRAMEWORKS if root in roots), None)
        if found is not None:
            return found
    return None


def _optimizer(seen: Seen, lines: Lines) -> dict[str, Any]:
    """The optimiser that is used; where there are several, the first that a library or the program names."""
    made = sorted(seen.optimizers, key=lambda value: bool(value.info.get("hand")))
    if not made:
        return {"optimizer": None, "learning_rate": None}
    info, name = made[0].info, str(made[0].const)
    rate = info["rate"].number
    default = {**RATES_BY_DEFAULT, **(KERAS_RATES if _framework(seen) == "Keras" else {})}.get(name)
    place = lines.at(info["line"])
    found = {
        "optimizer": name,
        "optimizer_line": place["line"],
        "optimizer_source": place["source"],
        "optimizer_by_hand": bool(info.get("hand")),
        "optimizer_own": bool(info.get("own")),
        "optimizer_options": dict(list(info.get("options", {}).items())[:8]),
        "learning_rate": rate if rate is not None and abs(rate) < 1e9 else None,
        "learning_rate_stated": bool(info.get("stated")),
        "learning_rate_source": info.get("source", ""),
        "learning_rate_default": default,
    }
    return {key: value for key, value in found.items() if value not in (False, {}, "") or key == "learning_rate_stated"}


def _losses(seen: Seen, lines: Lines) -> list[dict[str, Any]]:
    """The losses that are taken, first those that training goes by."""
    events = seen.of("loss")
    trained = {id(event.info["loss"]) for event in seen.of("backward") if event.info.get("loss")}
    events.sort(key=lambda e: (id(e) not in trained and not e.info.get("trained"), e.free, "held" in e.tags))
    found = [_loss(event, lines) for event in events]
    for event in seen.of("backward"):
        if event.info.get("loss") is None and event.ops and not found:
            found.append({**_loss(event, lines), "name": "written by hand", "by_hand": True})
    if not found:
        found = [{**_loss(event, lines), "used": False} for event in seen.of("loss_made")]
    return found


def _loss(event: Event, lines: Lines) -> dict[str, Any]:
    return {
        "name": event.name,
        **lines.at(event.line),
        "made": lines.at(event.info.get("made") or event.line),
        "from_logits": event.info.get("from_logits"),
        "traced": any(op.kind == "linear" for op in event.ops),
        "used": True,
        "ops": event.ops,
    }


def _network(tracer: Tracer, losses: Sequence[dict[str, Any]]) -> list[Op]:
    """The steps from the data to the outputs that the loss is taken of, or those of the largest module."""
    best = next((loss["ops"] for loss in losses if loss["traced"]), ())
    candidates = [(*event.ops,) for event in tracer.seen.of("measure", "fit", "backward")]
    for module in tracer.seen.modules[-12:] if not best else []:
        try:
            candidates.append(call(tracer, Call(module, [Value()], {}, ast.Pass(lineno=0))).ops)
        except RecursionError:
            tracer.seen.cut = True
    return list(best or max(candidates, key=lambda ops: (sum(op.kind == "linear" for op in ops), len(ops)), default=()))


def _layer(op: Op) -> str:
    sizes = [str(size) for size in (op.size_in, op.size_out) if size is not None]
    return f"{op.name}({', '.join(sizes)})" if sizes else op.name


def _op(op: Op, lines: Lines) -> dict[str, Any]:
    more = {"dim": op.dim, "rate": op.rate, "bias": None if op.bias else False}
    known = {key: value for key, value in more.items() if value is not None}
    return {"kind": op.kind, "name": op.name, "in": op.size_in, "out": op.size_out, **known, **lines.at(op.line)}


def _epochs(seen: Seen) -> int | None:
    for event in seen.of("backward", "step", "fit"):
        if event.kind == "fit" and event.info.get("epochs"):
            return int(event.info["epochs"])
        for loop in event.loops:
            if loop.kind == "epochs" and loop.iterated.info.get("count"):
                return int(loop.iterated.info["count"])
    return None


def _batch_size(seen: Seen) -> int | None:
    loaders = [event for event in seen.of("loader", "fit") if event.info.get("size")]
    loaders.sort(key=lambda event: "held" in event.tags)
    loaders += [event for event in seen.of("stride") if not event.free]
    return int(loaders[0].info["size"]) if loaders else None


def _places(events: Sequence[Event], lines: Lines, name: str) -> list[dict[str, Any]]:
    """Where something happens, each line once for each name."""
    places = {(e.line, e.name): {name: e.name, "on": _split(e), **lines.at(e.line)} for e in events}
    return list(places.values())[:MOST_LISTED]


def _split(event: Event) -> str:
    """The part of the data that an event is about."""
    return "held" if "held" in event.tags else "train" if "train" in event.tags else "unknown"


def _loop(seen: Seen, lines: Lines) -> dict[str, Any]:
    """The steps of training in the order of the program, with the loops around the backward pass or the step."""
    main = seen.of("backward") or seen.of("step")
    loops = max((event.loops for event in main), key=len, default=())
    events = [e for e in seen.of("zero_grad", "backward", "step") if e.kind != "zero_grad" or _within(e, loops)]
    fits = seen.of("fit")
    return {
        "steps": _places([replace(event, name=event.kind) for event in events], lines, "what"),
        "fresh": any(event.info.get("fresh") for event in events),
        "loops": [
            {"batches": seen.passes(loop), "drawn": seen.draws(loop), "kind": loop.kind, **lines.at(loop.line)}
            for loop in loops
        ],
        "fit": lines.at(fits[0].line) if fits else None,
    }


def _within(event: Event, loops: Sequence[Loop]) -> bool:
    """True for what is done anew at each turn of the innermost of these loops."""
    return not loops or any(loop.node is loops[-1].node for loop in event.loops)


def _measures(seen: Seen, lines: Lines) -> list[dict[str, Any]]:
    """Where accuracy (or a loss without gradients) is measured, on what, and how."""
    found = []
    for event in seen.of("measure", "loss"):
        if event.kind == "loss" and not (event.free or "held" in event.tags):
            continue
        measure = {
            "what": "loss" if event.kind == "loss" else event.name,
            "on": _split(event),
            "free": event.free,
            "evaluating": event.evaluating,
            **lines.at(event.line),
        }
        if measure not in found:
            found.append(measure)
    return found[:MOST_LISTED]


def limit() -> None:
    """Takes from this process what parsing does not need. Where there are no such limits, the parent's clock is."""
    try:
        import resource
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    )
    for kind, most in limits:
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # a system may know a limit and not let it be set
            resource.setrlimit(kind, (least, least))


def main() -> None:
    """Reads a program on standard input and writes its facts, or what is wrong with it, as one JSON object."""
    limit()
    warnings.simplefilter("ignore")
    try:
        answer: dict[str, Any] = {"facts": facts(sys.stdin.buffer.read().decode("utf-8"))}
    except SyntaxError as error:
        answer = {"problem": "syntax", "line": error.lineno, "says": str(error.msg)[:200]}
    except ValueError as error:
        answer = {"problem": "value", "says": str(error)[:200]}
    except (RecursionError, MemoryError):
        answer = {"problem": "size"}
    sys.stdout.write(json.dumps(answer, allow_nan=False))
    sys.stdout.flush()
