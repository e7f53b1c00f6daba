"""What a call in a candidate's program gives: of the program's own functions and classes, of modules, of libraries."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.lab.syntax.names import ACTIVATIONS, LOSSES, SOFTMAXES, plain
from bot.lab.syntax.values import Op, Value, learns, merged, unknown

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions


@dataclass(frozen=True)
class Call:
    """One call: what is called, with what. The owner of a method is its first argument."""

    function: Value
    args: list[Value]
    kwargs: dict[str, Value]
    node: ast.AST

    @property
    def name(self) -> str:
        return self.function.ref.rsplit(".", 1)[-1]

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 0)

    @property
    def method(self) -> bool:
        return self.function.ref.startswith(".")

    @property
    def owner(self) -> Value:
        return self.function.owner or Value()

    @property
    def all(self) -> list[Value]:
        return [*self.args, *self.kwargs.values()]

    @property
    def operands(self) -> list[Value]:
        """The arguments, the owner of a method first."""
        return [self.owner, *self.args] if self.method else self.args

    @property
    def subject(self) -> Value:
        return self.operands[0] if self.operands else Value()

    @property
    def constructs(self) -> bool:
        """True when the name looks like that of a class."""
        return self.name[:1].isupper() and not self.method

    def arg(self, position: int, *names: str) -> Value:
        """An argument by position (-1: by name only) or by one of its names."""
        for name in names:
            if name in self.kwargs:
                return self.kwargs[name]
        return self.args[position] if 0 <= position < len(self.args) else Value()


Handler = Callable[["Expressions", Call], Value]


def call(tracer: Expressions, made: Call) -> Value:
    """What a call gives, as far as it can be told, and whether it was made without gradients or in evaluation mode."""
    if made.function.is_module and tracer.seen.depth == 0 and made.args:
        return _forwarded(tracer, made)
    return _tagged(tracer, _result(tracer, made))


def _forwarded(tracer: Expressions, made: Call) -> Value:
    """A network of the program is applied: what it is given, and whether gradients can come back, is noted."""
    given = made.args[0]
    if learns_of(made.function):
        tracer.seen.event("forward", made.node, given, module=made.function, given=given)
    tracer.seen.depth += 1
    try:
        result = _tagged(tracer, _result(tracer, made))
    finally:
        tracer.seen.depth -= 1
    if "free" in tracer.seen.ways and learns(result.ops):
        result = replace(result, ops=(*result.ops, Op("detach", "no_grad", made.line)))
    return result


def learns_of(module: Value) -> bool:
    """True for what has layers to learn, as far as can be told: no activation, no pooling, no transform."""
    if module.attrs is not None:
        return True
    return any(learns((part,)) if isinstance(part, Op) else learns_of(part) for part in module.parts or [])


def _tagged(tracer: Expressions, result: Value) -> Value:
    ways = tracer.seen.ways if result.ops else ()
    return result.tagged(*ways) if ways and not result.is_module else result


def _result(tracer: Expressions, made: Call) -> Value:
    function = made.function
    if isinstance(function.body, ast.ClassDef):
        return _instance(tracer, made)
    if function.body is not None:
        return _own(tracer, made)
    if function.role == "loss":
        return lost(tracer, made, str(function.info.get("name")), function.info)
    forward = _forward(function)
    if forward is not None:
        return tracer.enter(replace(forward, owner=function), made.args, made.kwargs)
    if function.parts is not None:
        return applied(tracer, function, made.args[0] if made.args else Value(), made.node)
    if function.ref:
        from bot.lab.syntax.library import HANDLERS, known_by_name  # they call back

        handler: Handler = HANDLERS.get(made.name, known_by_name)
        return handler(tracer, made)
    return unknown(merged(function, *made.all), "call", made.line)


def applied(tracer: Expressions, module: Value, given: Value, node: ast.AST) -> Value:
    """What comes out of a module."""
    for part in module.parts or []:
        given = given.after(part) if isinstance(part, Op) else call(tracer, Call(part, [given], {}, node))
    return given


def lost(tracer: Expressions, made: Call, name: str, info: Mapping[str, object]) -> Value:
    """A loss is taken here of what went through the most steps: libraries differ in the order of the arguments."""
    both = [made.arg(0, "input", "y_pred"), made.arg(1, "target", "y_true")]
    given = max(both, key=lambda value: len(value.ops), default=Value())
    together = merged(*both)
    logits = made.kwargs.get("from_logits")
    event = tracer.seen.event(
        "loss",
        made.node,
        Value(ops=given.ops, tags=together.tags),
        name=name,
        first=both[0],
        second=both[1],
        from_logits=info.get("from_logits") if logits is None else logits.const is True,
        made=info.get("line", made.line),
    )
    return Value(ops=given.ops, tags=together.tags, info={"loss": event})


def _forward(value: Value) -> Value | None:
    if value.attrs is None:
        return None
    members = value.info.get("members", {})
    found = next((members[name] for name in ("forward", "__call__", "call") if name in members), None)
    return found if isinstance(found, Value) and found.body is not None else None


def _own(tracer: Expressions, made: Call) -> Value:
    """A function of the program. One that is called relu, softmax or cross_entropy is taken at its word."""
    function = made.function
    result = tracer.enter(function, made.args, made.kwargs)
    name = plain(getattr(function.body, "name", ""))
    if "hot" in name and not result.is_module:
        result = result.tagged("one_hot")
    given = merged(*made.args)
    if function.owner is not None or len(result.ops) != len(given.ops) or not made.args:
        return result
    if name in ACTIVATIONS:
        return given.after(Op("activation", ACTIVATIONS[name], made.line))
    if name in SOFTMAXES:
        return given.after(Op("softmax", SOFTMAXES[name], made.line))
    if name in LOSSES and "loss" not in result.info:
        return lost(tracer, made, LOSSES[name], {"by_hand": True})
    return result


def _instance(tracer: Expressions, made: Call) -> Value:
    """An object of a class of the program."""
    kind = made.function
    info = {"members": kind.info.get("members", {}), "bases": kind.info.get("bases", [])}
    value = Value(attrs={}, info=info, tags=merged(*made.all).tags & {"train", "held"})
    if any(plain(base) == "optimizer" for base in info["bases"]):
        optimizer = {"line": made.line, "own": True, "rate": made.arg(1, "lr", "learning_rate"), "name": _name_of(kind)}
        value.role, value.const = "optimizer", optimizer["name"]
        value.info |= optimizer | {"stated": len(made.args) > 1 or bool(made.kwargs.keys() & {"lr", "learning_rate"})}
        tracer.seen.optimizers.append(value)
    start = info["members"].get("__init__")
    if isinstance(start, Value) and start.body is not None:
        tracer.enter(replace(start, owner=value), made.args, made.kwargs)
    tracer.seen.modules.append(value)
    return value


def _name_of(kind: Value) -> str:
    return str(getattr(kind.body, "name", "") or "")
