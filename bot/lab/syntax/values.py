"""What is known of a value in a candidate's program without running it. Nothing of the program is ever computed here.

A tensor is known by the steps it went through, a module by its parts, a number by itself, and most things not at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final


class Unknown:
    """The value of a constant that is not known."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Op:
    """One step that a tensor goes through: its kind (linear, activation, softmax, flatten, scale, …), name, sizes.

    `unknown` is a step that may do anything, `joined` the sum of two paths, `detach` where the gradients end. `dim` is
    what it goes along, `fill` the one number that all weights of it are, `filled` the line that makes them so, `rate`
    how much of it is dropped.
    """

    kind: str
    name: str
    line: int
    size_in: int | None = None
    size_out: int | None = None
    dim: int | None = None
    fill: float | None = None
    filled: int | None = None
    rate: float | None = None
    bias: bool = True


class Scope:
    """Names and what they stand for, with the scope around them."""

    def __init__(self, parent: Scope | None = None) -> None:
        self.names: dict[str, Value] = {}
        self.parent = parent

    def find(self, name: str) -> Value | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None


@dataclass
class Value:
    """What is known of one value; every field at its default means: nothing.

    `ref` is the dotted library name it stands for; `ops` the steps a tensor went through; `parts` the layers of a
    module; `role` what else it is (loss, optimizer, range, …), with `info` about it; `element` what iterating gives.
    """

    const: Any = UNKNOWN
    ref: str = ""
    items: list[Value] | None = None
    keys: dict[Any, Value] | None = None
    ops: tuple[Op, ...] = ()
    tags: frozenset[str] = frozenset()
    shape: tuple[int | None, ...] | None = None
    parts: list[Value | Op] | None = None
    role: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    body: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | None = None
    scope: Scope | None = None
    attrs: dict[str, Value] | None = None
    owner: Value | None = None
    element: Value | None = None

    @property
    def number(self) -> float | int | None:
        """The number it is known to be."""
        fits = isinstance(self.const, (int, float)) and not isinstance(self.const, bool)
        return self.const if fits else None

    @property
    def whole(self) -> int | None:
        """The whole number it is known to be."""
        return self.const if isinstance(self.const, int) and not isinstance(self.const, bool) else None

    @property
    def text(self) -> str | None:
        return self.const if isinstance(self.const, str) else None

    @property
    def is_module(self) -> bool:
        return self.parts is not None or self.attrs is not None

    def after(self, *ops: Op, tags: Iterable[str] = ()) -> Value:
        """A tensor that went through these steps as well."""
        return Value(ops=(*self.ops, *ops)[-MOST_OPS:], tags=self.tags | set(tags), element=self.element)

    def tagged(self, *tags: str, without: Iterable[str] = ()) -> Value:
        return replace(self, tags=(self.tags - set(without)) | set(tags))


#: Longer histories are cut at the front: no network that is worth describing in an interview is longer.
MOST_OPS = 200


def merged(*values: Value) -> Value:
    """What comes out of several values together: the longest history, and all that is known of where they are from."""
    tags: frozenset[str] = frozenset().union(*(v.tags for v in values)) if values else frozenset()
    longest = max(
        (v.ops for v in values), key=lambda ops: (learns(ops) and not ends_gradients(ops), len(ops)), default=()
    )
    loss = next((v.info["loss"] for v in values if "loss" in v.info), None)
    return Value(ops=longest, tags=tags, info={} if loss is None else {"loss": loss})


def ends_gradients(ops: tuple[Op, ...]) -> bool:
    return any(op.kind == "detach" for op in ops)


def learns(ops: tuple[Op, ...]) -> bool:
    """True for what went through a layer."""
    return any(op.kind in ("linear", "convolution") for op in ops)


def unknown(value: Value, name: str, line: int) -> Value:
    """A tensor after a step of which nothing is known; what is no tensor is left as it is."""
    if not value.ops and "image" not in value.tags:
        return value
    return replace(value, ops=(*value.ops, Op("unknown", name, line))[-MOST_OPS:])


def cut_off(value: Value, how: str, line: int) -> Value:
    """What no gradient comes back through. `was_loss` where a loss was cut off."""
    role = "was_loss" if "loss" in value.info else ""
    return Value(ops=(*value.ops, Op("detach", how, line))[-MOST_OPS:], tags=value.tags | {"free"}, role=role)


def marks(tags: Iterable[str], name: str) -> set[int]:
    """The numbers that tags of this name carry: `perm@3` is the third order that was drawn."""
    return {int(tag.rpartition("@")[2]) for tag in tags if tag.startswith(name + "@")}


def element_of(value: Value) -> Value:
    """What iterating over a value gives."""
    if value.role == "range":
        return Value(role="index")
    if value.role == "parameters":
        return Value(role="parameter", owner=value.owner)
    if value.element is not None:
        return _of_the_same_split(value.element, value.tags & {"train", "held"})
    if value.items:
        return value.items[0]
    return Value(ops=value.ops, tags=value.tags)


def _of_the_same_split(value: Value, split: frozenset[str]) -> Value:
    """An element of what was held out was held out, too, whatever it was called before."""
    if not split:
        return value
    items = None if value.items is None else [_of_the_same_split(item, split) for item in value.items]
    return replace(value, items=items, tags=(value.tags - {"train", "held"}) | split)
