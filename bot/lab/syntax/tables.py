"""Long literals from which a program's `predict` looks up its answers. It follows names, and runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

#: Labels of ten thousand images do not fit into less. Counted in letters or bytes, in one statement.
LONG = 2_000
MOST = 12


def looked_up(tree: ast.Module) -> Iterator[int]:
    """The lines of long literals that `predict` uses, by itself or through names that are made of them."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    if "predict" not in functions:
        return
    long = {id(one): one for one in ast.walk(tree) if isinstance(one, ast.stmt) and _length(one) > LONG}
    if long:
        used = _used(tree, functions)
        yield from sorted({one.lineno for one in long.values() if _belongs(one, functions["predict"], used)})[:MOST]


def _length(statement: ast.stmt) -> int:
    """Letters and bytes in the literals of a simple statement; a docstring has none."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return 0
    if hasattr(statement, "body"):
        return 0
    constants = (node.value for node in ast.walk(statement) if isinstance(node, ast.Constant))
    return sum(len(value) for value in constants if isinstance(value, (str, bytes)))


def _belongs(statement: ast.stmt, predict: ast.FunctionDef, used: set[str]) -> bool:
    return any(node is statement for node in ast.walk(predict)) or bool(_made(statement) & used)


def _used(tree: ast.Module, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """All names that what `predict` does may depend on."""
    sources: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        for name in _made(node):
            sources.setdefault(name, set()).update(_names(node))
    for name, function in functions.items():
        sources.setdefault(name, set()).update(_names(function))
    found, left = set(), ["predict"]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(sources.get(name, ()))
    return found


def _made(node: ast.AST) -> set[str]:
    """The names that a statement gives a value to, or changes: `a = …`, `a[i] = …`, `for a in …`, `a.update(…)`."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For)):
        targets = [node.target]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        targets = [node.value.func.value]
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return {root.id for root in map(_root, parts) if isinstance(root, ast.Name)}


def _root(target: ast.expr) -> ast.expr:
    while isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        target = target.value
    return target


def _names(node: ast.AST) -> set[str]:
    """The names in a statement; of a loop, those that it goes over."""
    inside = node.iter if isinstance(node, ast.For) else node
    return {one.id for one in ast.walk(inside) if isinstance(one, ast.Name)}
