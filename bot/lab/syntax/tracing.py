"""Follows a candidate's program statement by statement without running it: who is what, and what goes through what.

Every loop is gone through once, every branch is taken, nothing is computed but small numbers. The work is bounded.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from bot.lab.syntax.calls import Call, call
from bot.lab.syntax.entering import Entering
from bot.lab.syntax.expressions import MOST_STEPS
from bot.lab.syntax.names import split_of
from bot.lab.syntax.seen import Loop
from bot.lab.syntax.values import Scope, Value, element_of

#: What gives another tensor and leaves the one it is given as it is.
PURE = set(
    "to cuda float long div mul view reshape flatten relu sigmoid tanh gelu softmax log_softmax dropout squeeze".split()
)
MOST_TURNS = 24


class Tracer(Entering):
    """Goes through a module; what it comes across is in `seen`."""

    def run(self, module: ast.Module) -> None:
        """The whole program, and then the functions that nothing in it has called."""
        self.block(module.body)
        for node in module.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node not in self.entered:
                self.enter(Value(body=node, scope=self.globals), [], {})
            elif isinstance(node, ast.ClassDef):
                self._uncalled_methods(node)

    def _uncalled_methods(self, node: ast.ClassDef) -> None:
        owner = self.globals.find(node.name)
        methods = [n for n in node.body if isinstance(n, ast.FunctionDef) and n not in self.entered]
        if owner is None or not methods or any(base.endswith("Optimizer") for base in owner.info.get("bases", ())):
            return
        instance = call(self, Call(owner, [], {}, node))
        for method in methods:
            if method not in self.entered:
                self.enter(Value(body=method, scope=self.globals, owner=instance), [], {})

    def block(self, body: Sequence[ast.stmt]) -> bool | None:
        """Goes through statements; True when the function surely ends in them."""
        for node in body:
            if self.steps > MOST_STEPS:
                return None
            handler = getattr(self, f"on_{type(node).__name__}", None)
            try:
                if handler is not None and handler(node) and self.inside:
                    return True
            except RecursionError:
                self.seen.cut = True
        return None

    def on_Expr(self, node: ast.Expr) -> None:
        """A call that is made for what it does: `relu_(x)` and its like change what the name stands for."""
        value, call = self.value(node.value), node.value
        if not isinstance(call, ast.Call):
            return
        of_data = not value.is_module and (value.ops or value.tags & {"image", "label"})
        kept = any(k.arg in ("inplace", "out") for k in call.keywords)
        if name_of(call) in PURE and of_data and not kept:
            self.seen.event("discarded", node, value, name=name_of(call))
        function = call.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        changes = name.endswith("_") or any(k.arg == "inplace" for k in call.keywords)
        subject = function.value if isinstance(function, ast.Attribute) else None
        for changed in [*call.args[:1], subject] if changes else []:
            known = self.scope.names.get(changed.id) if isinstance(changed, ast.Name) else None
            if known is not None and isinstance(changed, ast.Name) and len(value.ops) > len(known.ops):
                self.scope.names[changed.id] = value

    def on_Assert(self, node: ast.Assert) -> None:
        self.value(node.test)

    def on_Return(self, node: ast.Return) -> bool:
        value = self.value(node.value) if node.value is not None else Value(const=None)
        if self.returned:
            self.returned[-1].append(value)
        return True

    def of_Yield(self, node: ast.Yield) -> Value:
        if node.value is not None and self.yielded:
            self.yielded[-1].append(self.value(node.value))
        return Value()

    def on_Raise(self, node: ast.Raise) -> bool:
        return True

    def on_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.seen.imports.add(alias.name)
            name = alias.asname or alias.name.split(".")[0]
            self.scope.names[name] = Value(ref=alias.name if alias.asname else name)

    def on_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        self.seen.imports.add(module)
        for alias in node.names:
            if alias.name == "*":
                self.seen.stars.append(module)
            else:
                self.scope.names[alias.asname or alias.name] = Value(ref=f"{module}.{alias.name}")

    def on_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.scope.names[node.name] = Value(body=node, scope=self.scope)

    on_AsyncFunctionDef = on_FunctionDef

    def on_ClassDef(self, node: ast.ClassDef) -> None:
        inner = Scope(self.scope)
        with self._in(inner):
            self.block(node.body)
        bases = [self.value(base) for base in node.bases]
        attrs = dict(inner.names)
        for base in bases:
            attrs = {**base.info.get("members", {}), **attrs}
        refs = [ref for base in bases for ref in (base.ref, *base.info.get("bases", ()))]
        info = {"members": attrs, "bases": [ref for ref in refs if ref]}
        self.scope.names[node.name] = Value(body=node, scope=self.scope, info=info)

    def on_Assign(self, node: ast.Assign) -> None:
        self.seen.by_hand(self, node)
        value = self.value(node.value)
        for target in node.targets:
            self.bind(target, value)

    def on_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.value(node.value))

    def on_AugAssign(self, node: ast.AugAssign) -> None:
        self.seen.by_hand(self, node)
        left, right = self.value(node.target), self.value(node.value)
        if isinstance(node.op, ast.Add) and "loss" in right.info:
            self.seen.event("kept", node, right, name=ast.unparse(node.target)[:60])
        self.bind(node.target, self.combine(left, node.op, right, node))

    def on_If(self, node: ast.If) -> bool | None:
        test = self.value(node.test).const
        if test is None or isinstance(test, bool):
            return self.block(node.body if test else node.orelse)
        before = dict(self.scope.names)
        with self.seen.only_if(node.test):
            ends = self.block(node.body)
        after = self.scope.names
        self.scope.names = before
        with self.seen.only_if(node.test, so=False):
            both = self.block(node.orelse) and ends
        second = self.scope.names
        if not ends:
            self.scope.names = _joined(before, after, second) if node.orelse else {**second, **after}
        return both

    def on_For(self, node: ast.For) -> None:
        iterated = self.value(node.iter)
        turns = self._turns(node, iterated)
        with self.seen.looping(Loop(node, iterated)):
            for element in turns:
                self.bind(node.target, element)
                self.block(node.body)
        self.block(node.orelse)

    on_AsyncFor = on_For

    def _turns(self, node: ast.For, iterated: Value) -> list[Value]:
        """Loops that build or apply layers, or go over the parts of the data, turn by turn; all others once."""
        known = iterated.items
        if not known or len(known) > MOST_TURNS or not (_builds(node, known) or _names_parts(known)):
            element = element_of(iterated)
            return [_single(element) if iterated.role == "dataset" else element]
        return known

    def on_While(self, node: ast.While) -> None:
        self.value(node.test)
        with self.seen.looping(Loop(node, self._counted(node.test))):
            self.block(node.body)
        self.block(node.orelse)

    def _counted(self, test: ast.expr) -> Value:
        """`while epoch < 10` is a loop of ten turns, as far as can be told."""
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Lt, ast.LtE)):
            return Value(role="range", info={"count": self.value(test.comparators[0]).whole})
        return Value()

    def on_With(self, node: ast.With | ast.AsyncWith) -> bool | None:
        free = False
        for item in node.items:
            value = self.value(item.context_expr)
            free = free or value.role == "no_grad"
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        with self.seen.without_gradients(free):
            return self.block(node.body)

    on_AsyncWith = on_With

    def on_Try(self, node: ast.Try) -> None:
        self.block(node.body)
        for handler in node.handlers:
            self.block(handler.body)
        self.block(node.orelse)
        self.block(node.finalbody)

    def on_Match(self, node: ast.Match) -> None:
        self.value(node.subject)
        for case in node.cases:
            self.block(case.body)


def _single(value: Value) -> Value:
    """One example, not a batch of them."""
    items = None if value.items is None else [_single(item) for item in value.items]
    return replace(value, items=items, tags=value.tags | {"one"})


def name_of(call: ast.Call) -> str:
    """What is called, by its last name."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _joined(before: dict[str, Value], first: dict[str, Value], second: dict[str, Value]) -> dict[str, Value]:
    """Names after an if with an else: where both branches give one, that of the first is kept."""
    changed = {name: value for name, value in first.items() if before.get(name) is not value}
    return {**second, **changed}


def _builds(node: ast.For, known: Sequence[Value]) -> bool:
    if any(value.is_module for value in known):
        return True
    names = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    changes = any(isinstance(n, ast.AugAssign) for n in node.body)
    grows = changes or bool(names & {"append", "extend", "add", "insert", "add_module"})
    return grows and not names & {"backward", "step", "zero_grad"}


def _names_parts(known: Sequence[Value]) -> bool:
    """True for `("train", "valid")`, for pairs of such a word and a loader, and for loaders alone."""
    words = [value.items[0].text if value.items else value.text for value in known]
    parts = {split_of(word) for word in words if word}
    parts |= {tag for value in known if value.role == "loader" for tag in value.tags}
    return {"train", "held"} <= parts
