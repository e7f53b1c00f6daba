"""What an expression of a candidate's program stands for, as far as that can be told without computing it."""

from __future__ import annotations

import ast
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from bot.lab.syntax.arithmetic import COMPARISONS, computed, multiplied, scaling
from bot.lab.syntax.calls import Call, call
from bot.lab.syntax.names import USUAL
from bot.lab.syntax.seen import Loop, Seen
from bot.lab.syntax.values import UNKNOWN, Op, Scope, Value, cut_off, element_of, learns, marks, merged, unknown

#: Fifty times what a usual program takes; one that is built to take long is followed this far.
MOST_STEPS = 15_000
MOST_ITEMS = 256


class Expressions:
    """Looks at expressions. Its heirs bind names, enter functions and follow statements, one after another."""

    seen: Seen
    scope: Scope
    globals: Scope
    steps: int

    def enter(self, function: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        raise NotImplementedError

    def bind(self, target: ast.expr, value: Value) -> None:
        raise NotImplementedError

    def value(self, node: ast.expr) -> Value:
        """What is known of an expression."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            self.seen.cut = True
            return Value()
        look = getattr(self, f"of_{type(node).__name__}", None)
        if look is not None:
            found: Value = look(node)
            return found
        return merged(*(self.value(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)))

    def of_Constant(self, node: ast.Constant) -> Value:
        return Value(const=node.value)

    def of_Name(self, node: ast.Name) -> Value:
        found = self.scope.find(node.id)
        if found is not None:
            return found
        if node.id in USUAL:
            self.seen.assumed.add(USUAL[node.id])
            return Value(ref=USUAL[node.id])
        return Value(ref=f"{self.seen.stars[-1]}.{node.id}" if self.seen.stars else node.id)

    def of_Attribute(self, node: ast.Attribute) -> Value:
        owner, name = self.value(node.value), node.attr
        if owner.attrs is not None and name in owner.attrs:
            return owner.attrs[name]
        member = owner.info.get("members", {}).get(name)
        if isinstance(member, Value):
            return replace(member, owner=owner) if member.body is not None else member
        if owner.ref and not owner.ref.startswith(".") and not owner.tags:
            return Value(ref=f"{owner.ref}.{name}")
        if name == "grad":
            return Value(tags=frozenset({"grad"}))
        if name == "training" and owner.attrs is not None:
            return Value(const=self.seen.mode != "eval")
        if name == "data" and (learns(owner.ops) or "loss" in owner.info):
            return cut_off(owner, ".data", node.lineno)
        if name in ("indices", "values") and owner.items is not None and len(owner.items) == 2:
            return owner.items[name == "indices"]
        if name in ("data", "targets", "T", "images", "labels", "train_data", "test_data"):
            raw = tuple(op for op in owner.ops if op.kind != "scale") if owner.role == "dataset" else owner.ops
            # a tensor's `.data` is still the weight of its layer
            return replace(owner, ops=raw, role="" if owner.role == "dataset" else owner.role, element=None)
        if name in self.seen.defaults and owner.const is UNKNOWN and owner.parts is None:
            return self.seen.defaults[name]
        if name in ("shape", "size", "ndim", "dtype", "device") and owner.owner is None:
            return Value(ref=f".{name}", owner=owner) if name == "size" else Value()
        return Value(ref=f".{name}", owner=owner, tags=owner.tags, ops=owner.ops, info=_loss_of(owner))

    def of_Call(self, node: ast.Call) -> Value:
        function = self.value(node.func)
        args: list[Value] = []
        for arg in node.args:
            value = self.value(arg)
            args.extend((value.items or [value]) if isinstance(arg, ast.Starred) else [value])
        kwargs = {k.arg: self.value(k.value) for k in node.keywords if k.arg is not None}
        for keyword in node.keywords:
            if keyword.arg is None:
                given = self.value(keyword.value).keys or {}
                kwargs.update({str(name): value for name, value in given.items()})
        return call(self, Call(function, args[:MOST_ITEMS], kwargs, node))

    def of_Starred(self, node: ast.Starred) -> Value:
        return self.value(node.value)

    def of_Tuple(self, node: ast.Tuple | ast.List) -> Value:
        items: list[Value] = []
        for element in node.elts[:MOST_ITEMS]:
            value = self.value(element)
            items.extend((value.items or [value]) if isinstance(element, ast.Starred) else [value])
        return Value(items=items[:MOST_ITEMS], tags=merged(*items).tags)

    of_List = of_Tuple

    def of_Dict(self, node: ast.Dict) -> Value:
        keys: dict[Any, Value] = {}
        for key, item in zip(node.keys[:MOST_ITEMS], node.values, strict=False):
            name = self.value(key).const if key is not None else UNKNOWN
            keys[name if isinstance(name, (str, int)) else UNKNOWN] = self.value(item)
        return Value(keys=keys)

    def of_UnaryOp(self, node: ast.UnaryOp) -> Value:
        inner = self.value(node.operand)
        if isinstance(node.op, ast.USub) and "loss" in inner.info and not inner.info["loss"].info.get("by_hand"):
            turned = merged(inner)
            turned.info["negated"] = node.lineno
            return turned
        number = inner.number
        if isinstance(node.op, ast.USub) and number is not None:
            return Value(const=-number)
        if isinstance(node.op, ast.Not) and isinstance(inner.const, bool):
            return Value(const=not inner.const)
        return merged(inner)

    def of_BinOp(self, node: ast.BinOp) -> Value:
        return self.combine(self.value(node.left), node.op, self.value(node.right), node)

    def combine(self, left: Value, op: ast.operator, right: Value, node: ast.AST) -> Value:
        """Arithmetic on small numbers, on lists of layers, on tensors."""
        line = getattr(node, "lineno", 0)
        if left.number is not None and right.number is not None:
            return Value(const=computed(left.number, op, right.number))
        if left.items is not None and right.items is not None and isinstance(op, ast.Add):
            return Value(items=[*left.items, *right.items][:MOST_ITEMS])
        if left.items is not None and isinstance(op, ast.Mult) and right.whole is not None:
            return Value(items=(left.items * max(0, min(right.whole, MOST_ITEMS)))[:MOST_ITEMS])
        if isinstance(op, ast.MatMult):
            return multiplied(left, right, line)
        how = scaling(left, op, right)
        if how:
            self.seen.event("scale", line, name=how)
            return replace(left.after(Op("scale", how, line)), shape=left.shape)
        result = merged(left, right)
        result.shape = left.shape or right.shape
        if len(marks(left.tags, "perm") ^ marks(right.tags, "perm")) and "image" in left.tags & right.tags:
            result.tags |= {"mixed"}
        if learns(left.ops) and learns(right.ops):
            result.ops = (*result.ops, Op("joined", "sum", line))
        elif not isinstance(op, (ast.Add, ast.Sub)) and left.number is None and right.number is None:
            result = unknown(result, "product", line)
        elif isinstance(op, ast.Pow):
            result = unknown(result, "power", line)
        return result

    def of_Compare(self, node: ast.Compare) -> Value:
        sides = [self.value(node.left), *(self.value(side) for side in node.comparators)]
        left, right = sides[0].number, sides[1].number
        compare = COMPARISONS.get(type(node.ops[0]))
        if left is not None and right is not None and compare is not None and len(sides) == 2:
            return Value(const=compare(left, right))
        if isinstance(node.ops[0], (ast.Is, ast.IsNot)) and sides[1].const is None:
            return _is_none(sides[0], isinstance(node.ops[0], ast.Is))
        result = merged(*sides)
        if isinstance(node.ops[0], ast.Eq):
            name = _name(sides[0]), _name(sides[1])
            if name[0] is not None and name[1] is not None:
                return Value(const=name[0] == name[1])
            if "choice" in result.tags:
                self.seen.event("measure", node, result, name="accuracy")
        if isinstance(node.ops[0], ast.NotEq) and None not in (_name(sides[0]), _name(sides[1])):
            return Value(const=_name(sides[0]) != _name(sides[1]))
        return Value(tags=result.tags | {"one_hot"})  # labels that are compared are no class numbers any more

    def of_Subscript(self, node: ast.Subscript) -> Value:
        held = self.value(node.value)
        if held.keys is not None:
            found = held.keys.get(_hashable(self.value(node.slice).const))
            return found if found is not None else Value()
        if held.items is not None:
            return _picked(held, self._index(node.slice))
        index = self.value(node.slice)
        if held.parts and index.whole is not None:  # a layer of a Sequential
            return _part(held.parts, index.whole)
        inner = held.element.items if held.element is not None else None
        if inner:  # dataset[i], or a batch under an index
            return Value(items=inner, tags=held.tags, element=held.element)
        tags: Set[str] = (held.tags - {"every"}) | _orders(index, bool(held.tags & {"image", "label"}))
        if "both" in tags and not self.seen.looped and "every" not in index.tags:  # what was joined is split again
            self.seen.event("split_anew", node)
            tags = {tag for tag in tags if tag not in ("both", "held") and not tag.startswith("both@")}
        if not isinstance(node.slice, ast.Slice) and (index.whole is not None or index.role == "index"):
            tags = tags | {"one"}
        if held.role == "eye" and "label" in index.tags:
            tags = tags | {*index.tags, "one_hot"}
        return replace(held, items=None, ref="", owner=None, const=UNKNOWN, shape=None, role="", tags=frozenset(tags))

    def _index(self, node: ast.expr) -> int | slice | None:
        if isinstance(node, ast.Slice):
            bounds = (node.lower, node.upper, node.step)
            parts = [self.value(bound).whole if bound is not None else None for bound in bounds]
            known = all(bound is None or part is not None for bound, part in zip(bounds, parts, strict=True))
            return slice(*parts) if known and parts[2] != 0 else None
        return self.value(node).whole

    def of_IfExp(self, node: ast.IfExp) -> Value:
        test = self.value(node.test).const
        first, second = self.value(node.body), self.value(node.orelse)
        if test is False or (test is not True and first.const is None):
            return second
        return first if test is True else _perhaps(first, second)

    def of_Lambda(self, node: ast.Lambda) -> Value:
        return Value(body=node, scope=self.scope)

    def of_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        self.bind(node.target, value)
        return value

    def of_Await(self, node: ast.Await) -> Value:
        return self.value(node.value)

    def of_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
        first = node.generators[0]
        iterated = self.value(first.iter)
        turns = iterated.items if iterated.items and len(iterated.items) <= 24 else [element_of(iterated)]
        outer, self.scope = self.scope, Scope(self.scope)
        results: list[Value] = []
        try:
            with self.seen.looping(Loop(first, iterated)):
                for element in turns:
                    self.bind(first.target, element)
                    for other in node.generators[1:]:
                        self.bind(other.target, element_of(self.value(other.iter)))
                    results.append(self.value(node.elt))
        finally:
            self.scope = outer
        known = iterated.items is not None and len(node.generators) == 1
        return Value(items=results) if known else Value(element=results[0], tags=results[0].tags, ops=results[0].ops)

    of_SetComp = of_ListComp
    of_GeneratorExp = of_ListComp


def _orders(index: Value, of_data: bool) -> set[str]:
    """What picking rows in an order that was drawn tells about them; of an order itself it stays an order."""
    if not of_data:
        return {tag for tag in index.tags if tag.startswith(("order@", "drawn@"))}
    orders = {f"perm@{number}" for number in marks(index.tags, "order")}
    return orders | {tag for tag in index.tags if tag.startswith("drawn@")}


def _loss_of(value: Value) -> dict[str, Any]:
    return {"loss": value.info["loss"]} if "loss" in value.info else {}


def _is_none(value: Value, wanted: bool) -> Value:
    if value.const is None:
        return Value(const=wanted)
    known = value.role or value.is_module or value.body is not None or value.ref or value.const is not UNKNOWN
    return Value(const=not wanted) if known else Value()


def _part(parts: Sequence[Value | Op], at: int) -> Value:
    """A layer of a container, by its place."""
    found = parts[at] if -len(parts) <= at < len(parts) else Value()
    return found if isinstance(found, Value) else Value(parts=[found])


def _picked(held: Value, index: int | slice | None) -> Value:
    items = held.items or []
    if isinstance(index, slice):
        return Value(items=items[index], tags=held.tags)
    if index is not None and -len(items) <= index < len(items):
        return items[index]
    return items[0] if items and index is None else Value()


def _perhaps(value: Value, other: Value) -> Value:
    """A value that may be another: of labels it is not said that they were cast when they may not have been."""
    if "label" not in value.tags:
        return value
    return value.tagged(without={tag for tag in value.tags - other.tags if tag.startswith(("floated@", "shortened@"))})


def _name(value: Value) -> str | None:
    if value.ref == "__name__":
        return "__main__"
    return value.text


def _hashable(key: Any) -> Any:
    return key if isinstance(key, (str, int)) else None
