"""What operators make of small numbers and of tensors in a candidate's program. Nothing large is computed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from bot.lab.syntax.values import UNKNOWN, Op, Value, merged

LARGEST = 2**63

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def multiplied(left: Value, right: Value, line: int) -> Value:
    """A matrix product: a linear layer when the matrix is one that the program learns."""
    weights, data = (right, left) if "parameter" in right.tags or right.shape else (left, right)
    if "parameter" not in weights.tags and not weights.shape:
        return merged(left, right)
    sizes = weights.shape if weights.shape and len(weights.shape) == 2 else (None, None)
    if weights is left:
        sizes = sizes[::-1]
    fill, filled = weights.info.get("fill"), weights.info.get("filled")
    op = Op("linear", "matrix product", line, sizes[0], sizes[1], fill=fill, filled=filled)
    return data.after(op, tags={tag for tag in weights.tags if tag.startswith("param@")})


def scaling(left: Value, op: ast.operator, right: Value) -> str:
    """How pixels are scaled here, or nothing."""
    number = right.number
    if isinstance(op, ast.Div) and number is not None and 127 <= number <= 256:
        return f"divided by {number:g}"
    if isinstance(op, ast.Div) and number is not None and 20 <= number <= 256 and "image" in left.tags:
        return f"divided by {number:g}"
    if isinstance(op, ast.Mult) and number is not None and 1 / 256 <= number <= 1 / 127:
        return f"multiplied by {number:.4g}"
    if isinstance(op, ast.Mult) and left.number is not None and 1 / 256 <= left.number <= 1 / 127:
        return f"multiplied by {left.number:.4g}"
    if isinstance(op, ast.Div) and right.role in ("spread", "largest") and "image" in right.tags | left.tags:
        return "divided by its spread" if right.role == "spread" else "divided by its largest value"
    return ""


def computed(left: float, op: ast.operator, right: float) -> Any:
    """A small number, or UNKNOWN: whatever could take long or grow large is left alone."""
    try:
        if isinstance(op, ast.Pow):
            result = left**right if abs(left) <= 1024 and abs(right) <= 16 else UNKNOWN
        elif isinstance(op, ast.LShift):
            result = int(left) << int(right) if 0 <= right <= 32 and abs(left) <= 1024 else UNKNOWN
        else:
            result = _ARITHMETIC[type(op)](left, right)
    except (ArithmeticError, KeyError, ValueError, TypeError):
        return UNKNOWN
    fits = isinstance(result, (int, float)) and abs(result) <= LARGEST
    return result if fits else UNKNOWN
