"""Follows a call into a function of the candidate's own program: its parameters, and what it gives back."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.lab.syntax.binding import Binding
from bot.lab.syntax.names import split_of
from bot.lab.syntax.seen import Seen
from bot.lab.syntax.values import Scope, Value, merged, unknown

DEEPEST_CALL = 12

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Entering(Binding):
    """Enters functions. The statements in them are followed by its heir."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.globals = Scope()
        self.scope = self.globals
        self.steps = 0
        self.entered: set[ast.AST] = set()
        self.returned: list[list[Value]] = []
        self.inside: list[tuple[ast.AST, int]] = []
        self.yielded: list[list[Value]] = []

    def block(self, body: Sequence[ast.stmt]) -> bool | None:
        raise NotImplementedError

    def enter(self, function: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """What a function of the program returns for these arguments, as far as it can be followed."""
        node, whose = function.body, id(function.owner.attrs) if function.owner is not None else 0
        if not isinstance(node, Function) or (node, whose) in self.inside or len(self.inside) >= DEEPEST_CALL:
            return unknown(merged(*args, *kwargs.values()), "call", getattr(node, "lineno", 0))
        self.entered.add(node)
        inner = Scope(function.scope or self.globals)
        first = [function.owner] if function.owner is not None and not _is_static(node) else []
        self._parameters(node, inner, [*first, *args], kwargs)
        with self._in(inner), self.seen.without_gradients(self._is_free(node)):
            self.returned.append([])
            self.yielded.append([])
            self.inside.append((node, whose))
            try:
                if isinstance(node, ast.Lambda):
                    return self.value(node.body)
                self.block(node.body)
                return _generator(self.yielded[-1]) or _result(self.returned[-1])
            finally:
                self.yielded.pop()
                self.returned.pop()
                self.inside.pop()

    def _parameters(self, node: Function, inner: Scope, args: Sequence[Value], kwargs: dict[str, Value]) -> None:
        """Binds the parameters; one that nothing is given for is known by its name, or by that of the function."""
        names, called = node.args, getattr(node, "name", "")
        positional = [*names.posonlyargs, *names.args]
        last = [a.arg for a in positional][len(positional) - len(names.defaults) :]
        defaults = dict(zip(last, names.defaults, strict=True))
        defaults.update({a.arg: d for a, d in zip(names.kwonlyargs, names.kw_defaults, strict=True) if d is not None})
        given = {a.arg: value for a, value in zip(positional, args, strict=False)} | kwargs
        untold = Value(tags=frozenset({"held"})) if split_of(called) == "held" else Value()
        for name in [a.arg for a in (*positional, *names.kwonlyargs)]:
            value = given.get(name)
            if value is None and name in defaults:
                value = self.value(defaults[name])
            inner.names[name] = value if name in given and value is not None else self.named(name, value or untold)
        if names.vararg is not None:
            inner.names[names.vararg.arg] = Value(items=list(args[len(positional) :]))

    def _is_free(self, node: Function) -> bool:
        decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
        return any(self.value(d).role == "no_grad" or "no_grad" in ast.dump(d) for d in decorators)

    @contextmanager
    def _in(self, scope: Scope) -> Iterator[None]:
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer


def _result(returned: Sequence[Value]) -> Value:
    """What a function gives. Of several returns, the one through all the layers that does the least behind them."""
    if not returned:
        return Value(const=None)
    layers = [sum(op.kind in ("linear", "convolution") for op in value.ops) for value in returned]
    if not max(layers):
        return returned[-1]
    return min((v for v, n in zip(returned, layers, strict=True) if n == max(layers)), key=lambda v: len(v.ops))


def _generator(yielded: Sequence[Value]) -> Value | None:
    return Value(role="generator", element=yielded[0], tags=yielded[0].tags) if yielded else None


def _is_static(node: Function) -> bool:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in decorators)
