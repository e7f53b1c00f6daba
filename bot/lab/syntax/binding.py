"""Gives the names of a candidate's program to values, and says of the data what their names say."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bot.lab.syntax.expressions import Expressions
from bot.lab.syntax.names import names_labels, split_of
from bot.lab.syntax.values import Value, element_of, merged


class Binding(Expressions):
    """Knows who is what."""

    def bind(self, target: ast.expr, value: Value) -> None:
        """Gives a name (or several) to a value; what the name says about the data is noted on the value."""
        if isinstance(target, ast.Name):
            self.scope.names[target.id] = self.named(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value)
            if owner.attrs is not None:
                owner.attrs[target.attr] = self.named(target.attr, value)
            elif target.attr == "grad" and value.const is None:
                self.seen.event("zero_grad", target)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)
        elif isinstance(target, ast.Subscript):
            self._put(target, value)

    def _unpack(self, targets: Sequence[ast.expr], value: Value) -> None:
        fits = value.items is not None and len(value.items) == len(targets)
        rest = element_of(value) if value.element is not None else merged(value)
        for i, target in enumerate(targets):
            self.bind(target, value.items[i] if fits and value.items else rest)

    def _put(self, target: ast.Subscript, value: Value) -> None:
        held = self.value(target.value)
        key = self.value(target.slice).const
        if held.keys is not None and isinstance(key, (str, int)):
            held.keys[key] = value

    def named(self, name: str, value: Value) -> Value:
        """The value with what its name says: `x_valid` was held out, `y_…` are labels."""
        if value.body is not None or value.ref or value.role == "optimizer":
            return value
        split = split_of(name)
        if split == "held":
            value = value.tagged("held", without=("train",))
        elif split == "train" and "held" not in value.tags:
            value = value.tagged("train")
        hot = "hot" in name.lower() or (value.shape is not None and len(value.shape) > 1)
        if names_labels(name) and not value.is_module:
            return value.tagged("label", *(("one_hot",) if hot else ()))
        return value.tagged("one_hot") if "hot" in name.lower() and not value.is_module else value
