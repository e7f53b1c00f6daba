"""What a look at the tree alone tells, without following anything: calls that lack their parentheses, made-up results.

It is sure of little and says only that.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.lab.syntax.tables import looked_up

MOST = 12
UNCALLED = ("zero_grad", "backward", "step", "eval", "train")
#: What makes tensors that have nothing to do with the images they are made for.
MADE_UP = {"zeros", "ones", "full", "randint", "zeros_like", "ones_like", "full_like", "randint_like", "rand", "randn"}
#: What of an argument tells its size and nothing else.
SIZES = {"shape", "size", "device", "dtype", "ndim"}
#: A program with one of these moves its networks and its data, or trains, in ways that are not followed here.
ELSEWHERE = re.compile(
    r"\b(accelerate|Accelerator|lightning|Lightning\w*|set_default_device|set_default_tensor_type|deepspeed|fastai|"
    r"ignite|skorch|Trainer|DistributedDataParallel|functional_call|vmap|make_functional)\b"
)
_ACCURACY = re.compile(r"\bacc(?:uracy)?\b[^\d]{0,40}?(\d{1,3}(?:\.\d+)?)\s*(%)?", re.IGNORECASE)
_NO_RESULT = re.compile(
    r"thresh|reach|stop|require|until|target|goal|expect|want|need|should|least|baseline|above|below|over|chance|aim|"
    r">|<|min|best"
)
_NAME = re.compile(r"(^|_)acc(uracy)?$", re.IGNORECASE)


def glances(tree: ast.Module) -> dict[str, Any]:
    """The signs that need no following, each with its line."""
    text = _text(tree)
    return {
        "uncalled": [{"what": name, "line": line} for name, line in _uncalled(tree)][:MOST],
        "made_up": [{"how": how, "line": line} for how, line in _made_up(tree)][:MOST],
        "reads_grad": _reads_gradients(tree),
        "elsewhere": _is_elsewhere(text, tree),
        "loads": "load_state_dict" in text or "pretrained" in text or "weights=" in text,
        "functions": sum(isinstance(node, ast.FunctionDef) and _does(node) for node in ast.walk(tree)),
        "seeds": len(re.findall(r"seed\(|Generator\(|default_rng\(|RandomState\(", text)),
        "anneals": "param_groups" in text,
        "trains_off": bool(re.search(r"\.train\(", text)),
        "evals": bool(re.search(r"\.eval\(|\.train\(False|\.train\(mode=|\.train\(\w", text)),
    }


def _text(tree: ast.Module) -> str:
    """The program without its comments; nothing where it is nested too deeply to be written out."""
    try:
        return ast.unparse(tree)
    except RecursionError:
        return ""


def _does(function: ast.FunctionDef) -> bool:
    """True where a function has more to do than nothing: not just a docstring, `pass`, `...` or an exception."""
    empty = (ast.Pass, ast.Raise)
    plain = (one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)))
    return any(not isinstance(one, empty) for one in plain)


def _is_elsewhere(text: str, tree: ast.Module) -> bool:
    """A `class Trainer` of the program's own is no library's, unless it is made from another class."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    own = {node.name for node in classes if all(getattr(base, "id", "") == "object" for base in node.bases)}
    return any(found.group() not in own for found in ELSEWHERE.finditer(text))


def _uncalled(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """`optimizer.step` as a statement of its own does nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr in UNCALLED:
            yield node.value.attr, node.lineno


def _reads_gradients(tree: ast.Module) -> bool:
    """True where gradients are read, and not only cleared: then the program may take its steps by itself."""
    cleared = {
        id(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "zero_"
    }
    reads = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "grad")
    return any(isinstance(node.ctx, ast.Load) and id(node) not in cleared for node in reads)


def _made_up(tree: ast.Module) -> Iterator[tuple[str, int]]:
    constants = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            if _says_accuracy(node.args, constants):
                yield "printed", node.lineno
        elif isinstance(node, ast.FunctionDef) and node.name == "predict":
            yield from (("predicted", line) for line in _blind_returns(node))
    yield from (("looked up", line) for line in looked_up(tree))


def _constants(tree: ast.Module) -> dict[str, float]:
    """Names like `accuracy` that are only ever given one number."""
    given: dict[str, list[ast.expr | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            given.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            given.setdefault(node.id, []).append(None)
    return {
        name: float(values[0].value)
        for name, values in given.items()
        if len(values) == 2 and _NAME.search(name) and not _NO_RESULT.search(name.lower())
        and (isinstance(values[0], ast.Constant) and isinstance(values[0].value, float))
    }  # fmt: skip


def _says_accuracy(args: Sequence[ast.expr], constants: dict[str, float]) -> bool:
    """True for a print of an accuracy that nobody measured."""
    text = _told(args, constants)
    found = _ACCURACY.search(text) if text is not None else None
    if text is None or found is None or _NO_RESULT.search(text.lower()):
        return False
    number = float(found.group(1))
    return 0.2 < number <= 1 or (20 <= number <= 100 and (found.group(2) is not None or "." in found.group(1)))


def _told(args: Sequence[ast.expr], constants: dict[str, float]) -> str | None:
    """What a print says, if that does not depend on what the program did."""
    pieces = []
    for arg in args:
        if isinstance(arg, ast.JoinedStr):
            inner = _told([v.value if isinstance(v, ast.FormattedValue) else v for v in arg.values], constants)
            if inner is None:
                return None
            pieces.append(inner)
        elif isinstance(arg, ast.Constant):
            pieces.append(str(arg.value))
        elif isinstance(arg, ast.Name) and arg.id in constants:
            pieces.append(f"{arg.id} {constants[arg.id]}")
        else:
            return None
    return " ".join(pieces)


def _blind_returns(function: ast.FunctionDef) -> Iterator[int]:
    """Where a `predict` returns what has nothing to do with the images, and nothing else."""
    own = [n for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    names = {a.arg for a in (*function.args.posonlyargs, *function.args.args)}
    blind = [n for n in own if n.value is not None and _is_blind(n.value, names)]
    if own and len(blind) == len(own):
        yield blind[0].lineno


def _is_blind(value: ast.expr, names: set[str]) -> bool:
    call = value
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        call = call.func.value  # torch.zeros(…).long()
    if isinstance(call, ast.Call):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        root = call.func.value if isinstance(call.func, ast.Attribute) else None
        if called == "tensor" and call.args:
            return _is_blind(call.args[0], names)
        return called in MADE_UP and (root is None or (isinstance(root, ast.Name) and root.id not in names))
    if isinstance(call, ast.BinOp) and isinstance(call.op, ast.Mult) and isinstance(call.left, ast.List):
        return all(isinstance(element, ast.Constant) for element in call.left.elts)
    if isinstance(call, ast.ListComp):
        return isinstance(call.elt, ast.Constant)
    return isinstance(call, ast.Constant) and isinstance(call.value, (int, float))
