"""What was come across while a program was followed: losses, steps of training, measurements, and where each stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.lab.syntax.values import Op, Value

if TYPE_CHECKING:
    from bot.lab.syntax.expressions import Expressions

RATES = {"lr", "learning_rate", "learningrate", "alpha", "eta", "rate", "step_size", "stepsize"}
LONGEST_TEST = 200
_PASSING = ("batch", "iter", "step", "chunk", "loader")


@dataclass(frozen=True)
class Loop:
    """A loop that is being gone through."""

    node: ast.For | ast.AsyncFor | ast.While | ast.comprehension
    iterated: Value

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 0)

    @property
    def kind(self) -> str:
        """`epochs`, `batches`, or `loop` where it is not clear."""
        words = self._words()
        if any("epoch" in word for word in words):
            return "epochs"
        given = self.iterated
        passes = given.role == "loader" or given.element is not None or given.info.get("strides", False)
        if passes or any(part in word for word in words for part in _PASSING):
            return "batches"
        return "epochs" if given.role == "range" else "loop"

    def _words(self) -> list[str]:
        node = self.node
        heads = [node.test] if isinstance(node, ast.While) else [node.target, node.iter]
        return [n.id.lower() for head in heads for n in ast.walk(head) if isinstance(n, ast.Name)]


@dataclass(frozen=True)
class Event:
    """Something that happens in the program at a line, inside these loops (outermost first).

    `under` are the tests that could not be told, as text: it happens only when they are so (or, with `not `, are not).
    """

    kind: str
    line: int
    loops: tuple[Loop, ...] = ()
    free: bool = False
    evaluating: bool = False
    tags: frozenset[str] = frozenset()
    name: str = ""
    ops: tuple[Op, ...] = ()
    info: dict[str, Any] = field(default_factory=dict)
    under: tuple[str, ...] = ()

    @property
    def innermost(self) -> ast.AST | None:
        return self.loops[-1].node if self.loops else None


class Seen:
    """Collects events in the order of the program."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.imports: set[str] = set()
        self.assumed: set[str] = set()
        self.stars: list[str] = []
        self.optimizers: list[Value] = []
        self.modules: list[Value] = []
        self.defaults: dict[str, Value] = {}
        self.cut = False
        self._loops: list[Loop] = []
        self._sampled: set[int] = set()
        self._free = 0
        self._under: list[str] = []
        self._numbers = 0
        self.depth = 0
        self.mode = ""

    def event(self, kind: str, node: ast.AST | int, value: Value | None = None, name: str = "", **info: Any) -> Event:
        """Notes that something happens at a line."""
        value = value or Value()
        event = Event(
            kind,
            node if isinstance(node, int) else getattr(node, "lineno", 0),
            tuple(self._loops),
            self._free > 0 or "free" in value.tags,
            self.mode == "eval" or "evaluating" in value.tags,
            value.tags,
            name,
            value.ops,
            info,
            tuple(self._under),
        )
        if len(self.events) < 2_000:
            self.events.append(event)
        return event

    @property
    def ways(self) -> tuple[str, ...]:
        """How what is computed here is computed: `free` of gradients, `evaluating`."""
        return ("free",) * (self._free > 0) + ("evaluating",) * (self.mode == "eval")

    @property
    def looped(self) -> bool:
        return bool(self._loops)

    @property
    def learning(self) -> bool:
        """True for what is done here with gradients, in training mode."""
        return not self._free and self.mode != "eval"

    def number(self) -> int:
        """A number that no other thing has: for orders that are drawn, for tensors that are learned."""
        self._numbers += 1
        return self._numbers

    def of(self, *kinds: str) -> list[Event]:
        return [event for event in self.events if event.kind in kinds]

    def sample(self) -> None:
        """Examples are drawn at random here: the innermost loop goes over mini-batches, whatever it is called."""
        if self._loops:
            self._sampled.add(id(self._loops[-1].node))

    def draws(self, loop: Loop) -> bool:
        """True for a loop whose turns draw their examples at random, so that one of them is enough."""
        return id(loop.node) in self._sampled

    def passes(self, loop: Loop) -> bool:
        """True for a loop over mini-batches."""
        return loop.kind == "batches" or self.draws(loop)

    @contextmanager
    def looping(self, loop: Loop) -> Iterator[None]:
        self._loops.append(loop)
        try:
            yield
        finally:
            self._loops.pop()

    @contextmanager
    def only_if(self, test: ast.expr, so: bool = True) -> Iterator[None]:
        """What is inside happens only when a test that cannot be told is so, or is not."""
        self._under.append(("" if so else "not ") + ast.unparse(test)[:LONGEST_TEST])
        try:
            yield
        finally:
            self._under.pop()

    @contextmanager
    def without_gradients(self, free: bool) -> Iterator[None]:
        self._free += free
        try:
            yield
        finally:
            self._free -= free

    def by_hand(self, tracer: Expressions, node: ast.Assign | ast.AugAssign) -> None:
        """Notes an update that the program makes itself: `w -= lr * w.grad`, or the same as an assignment."""
        change = node.value if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub) else None
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Sub):
            change = node.value.right
        if change is not None:
            self.change_by_hand(tracer, change, node)
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and _reads_gradient(node.value):
            turned = any(isinstance(n, (ast.USub, ast.Sub)) for n in ast.walk(node.value))
            self.change_by_hand(tracer, node.value, node, uphill=not turned)

    def change_by_hand(self, tracer: Expressions, change: ast.expr, node: ast.AST, uphill: bool = False) -> None:
        products = [n for n in ast.walk(change) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult)]
        factors = [factor for product in products for factor in (product.left, product.right)]
        rates = [factor for factor in factors if _name(factor).lower() in RATES]
        if not rates and not (factors and any(_is_gradient(n) for n in ast.walk(change))):
            return
        numbers = [factor for factor in factors if isinstance(factor, ast.Constant)]
        rate = tracer.value((rates or numbers)[0]) if rates or numbers else Value()
        source = ast.unparse(rates[0]) if rates else ""
        self.event("step", node, hand=True, uphill=uphill)
        info = {"line": getattr(node, "lineno", 0), "hand": True, "rate": rate, "stated": True, "source": source[:40]}
        self.optimizers.append(Value(role="optimizer", const="SGD", info=info))


def _reads_gradient(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "grad" for n in ast.walk(node))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_gradient(node: ast.AST) -> bool:
    name = _name(node) if isinstance(node, ast.expr) else ""
    return name.startswith("grad") or name.endswith("_grad") or (name[:1] == "d" and name[1:2].isupper())
