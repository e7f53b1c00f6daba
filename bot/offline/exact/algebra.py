"""Reads formulas as people type them, in LaTeX, Unicode or ASCII, into one form in which equal ones are equal.

It knows sums, products, quotients, powers, and functions; the order of factors and of terms does not matter. It knows
no algebra beyond that: nothing is multiplied out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_LETTERS = (
    "σ sigmoid|δ delta|∂ d|Δ Delta|θ theta|α alpha|β beta|η eta|γ gamma|λ lambda|μ mu|ε eps|ρ rho|φ phi|τ tau|π pi|"
    "ŷ yhat|ȳ ybar|ℓ L|· *|× *|⋅ *|∙ *|∗ *|⊙ *|− -|– -|÷ /|′ '|’ '|² ^2|³ ^3|₀ 0|₁ 1|₂ 2|₃ 3|ᵢ i|ⱼ j|ₖ k|√ sqrt"
)
_GREEK = dict(pair.split() for pair in _LETTERS.split("|"))
_LATEX = (
    (re.compile(r"\\(?:left|right|big|Big|,|;|!|:|quad|qquad|displaystyle)\b|\\[,;!: ]|[$&`]|\\\\|\*\*(?!\w)"), " "),
    (re.compile(r"\\(?:cdot|times|odot|ast)(?![A-Za-z])"), "*"),
    (re.compile(r"\\partial(?![A-Za-z])\s*"), "d"),
    (re.compile(r"\\(?:hat|widehat)\s*\{?\s*([A-Za-z])\s*\}?"), r"\1hat"),
    (re.compile(r"\\(?:mathrm|text|operatorname|mathit|mathbf)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\sigma(?![A-Za-z])"), "sigmoid"),
    (re.compile(r"\\(?:prime)"), "'"),
    (re.compile(r"\\([A-Za-z]+)"), r"\1"),
)
_FRACTION = re.compile(r"\\d?t?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_INDEX = re.compile(r"_\s*(?:\{([^{}]*)\}|\(([A-Za-z0-9]+)\)|([A-Za-z0-9]+))")
#: Two names with indices and no sign between: v1h1.
_TOGETHER = re.compile(r"(?<![A-Za-z0-9\[])([A-Za-z]\d)(?=[A-Za-z]\d?(?![A-Za-z0-9]))")
_TOP = r"\(?\s*d\s?([A-Z]\w*|loss|cost|[a-z]\d?\w?)\s*\)?"
_DERIVATIVE = re.compile(rf"(?<![\w]){_TOP}\s*/\s*\(?\s*d\s?([A-Za-z]\w*)\s*\)?")
_LOSSES = {"L", "E", "J", "C", "loss", "cost", "Loss", "Cost", "Err"}
_TOKEN = re.compile(r"\s*(D\[\w+,\w+\]|\d+(?:\.\d+)?|[A-Za-z]\w*'?|\*\*|[-+*/^()=,'])")
_FUNCTIONS = {
    "sigmoid",
    "sigma",
    "logistic",
    "tanh",
    "exp",
    "log",
    "ln",
    "relu",
    "softmax",
    "sqrt",
    "f",
    "g",
    "s",
    "sig",
    "phi",
}
_SAME = {"sigma": "sigmoid", "logistic": "sigmoid", "sig": "sigmoid", "s": "sigmoid", "ln": "log"}
#: A longer run of letters is a word of the sentence, unless it is one of _NAMES.
LONGEST_NAME = 2
FEWEST_TELLING = 3
_NAMES = {
    *(
        "delta",
        "sigmoid",
        "sigma",
        "yhat",
        "eta",
        "alpha",
        "beta",
        "gamma",
        "theta",
        "lambda",
        "out",
        "target",
        "sum",
        "net",
        "bias",
    ),
    *(
        "eps",
        "loss",
        "cost",
        "tanh",
        "exp",
        "log",
        "relu",
        "softmax",
        "sqrt",
        "logistic",
        "sig",
        "grad",
        "output",
        "phi",
        "mu",
        "rho",
        "ahat",
    ),
}
_WORDS = frozenset("is so we it in of to as by or on if an at be do go no up us my me he i and".split())

Node = tuple[Any, ...]


@dataclass(frozen=True)
class Equation:
    """An equation as two trees."""

    left: Node
    right: Node

    @property
    def names(self) -> tuple[str, ...]:
        """The names on the right, with repeats."""
        return tuple(_names(self.right))

    @property
    def telling(self) -> bool:
        """True where the right side says enough by itself: several names, and a sum among its factors."""
        return len(self.names) >= FEWEST_TELLING and _has_sum(self.right)


def normal(text: str) -> str:
    """Formulas in plain ASCII, derivatives as one name."""
    for _ in range(4):
        text, changed = _FRACTION.subn(r"(\1)/(\2)", text)
        if not changed:
            break
    for pattern, instead in _LATEX:
        text = pattern.sub(instead, text)
    text = "".join(_GREEK.get(c, c) for c in text.replace("ŷ", "ŷ"))
    text = _INDEX.sub(lambda m: re.sub(r"[^A-Za-z0-9]", "", m[1] or m[2] or m[3] or ""), text)
    text = _TOGETHER.sub(r"\1 ", text)
    return _DERIVATIVE.sub(_derivative, text)


def _derivative(match: re.Match[str]) -> str:
    top, below = match[1], match[2]
    return f"D[{'L' if top in _LOSSES else top},{below}]"


def equations(text: str) -> tuple[Equation, ...]:
    """The equations of a line of text; of a chain, its first side with each other one, and each with the next."""
    found = []
    for run in _runs(normal(text)):
        sides = _split(run)
        pairs = [*((sides[0], side) for side in sides[1:]), *pairwise(sides[1:])]
        found += [made for left, right in pairs if (made := _equation(left, right)) is not None]
    return tuple(found)


def _equation(left: list[str], right: list[str]) -> Equation | None:
    """Two sides as trees; None where one cannot be read. What is defined is the name right before the sign."""
    lefthand, righthand = parsed(left[-1:]) or parsed(left), parsed(right)
    return Equation(lefthand, righthand) if lefthand is not None and righthand is not None else None


def _runs(text: str) -> list[list[str]]:
    """The tokens between words that are no part of a formula."""
    runs: list[list[str]] = [[]]
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        token = match[1] if match else ""
        if match is None or _is_word(token, runs[-1]) or token == ",":
            runs.append([])
        else:
            runs[-1].append(token)
        place = match.end() if match else place + 1
    return [run for run in runs if "=" in run]


def _is_word(token: str, before: list[str]) -> bool:
    bare = token.rstrip("'")
    if not bare.isalpha() or bare in _NAMES or token.startswith("D["):
        return False
    if bare.lower() in _WORDS:
        return True
    return len(bare) > LONGEST_NAME and not (bare.startswith("delta") or (bare[:1] in "waxbvhz" and len(bare) == 3))


def _split(run: list[str]) -> list[list[str]]:
    sides: list[list[str]] = [[]]
    for token in run:
        if token == "=":
            sides.append([])
        else:
            sides[-1].append(token)
    return sides


def parsed(tokens: list[str]) -> Node | None:
    """The tree of an expression; None where it is none."""
    reader = _Reader(tokens)
    try:
        tree = reader.sum()
    except (IndexError, ValueError, RecursionError):
        return None
    return tree if reader.at == len(tokens) else None


class _Reader:
    """Reads sums of products, with multiplication signs left out as people do."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def sum(self) -> Node:
        terms = []
        sign = 1
        if self._next() in ("-", "+"):
            sign = -1 if self._take() == "-" else 1
        terms.append(_signed(sign, self.product()))
        while self._next() in ("+", "-"):
            sign = -1 if self._take() == "-" else 1
            terms.append(_signed(sign, self.product()))
        return terms[0] if len(terms) == 1 else ("sum", *_flat("sum", terms))

    def product(self) -> Node:
        factors = [self.factor()]
        while (token := self._next()) and token not in ("+", "-", ")", "=", "'"):
            if token in ("*", "/"):
                self._take()
            inverse = token == "/"
            factor = self.factor()
            factors.append(("^", factor, ("n", "-1")) if inverse else factor)
        return factors[0] if len(factors) == 1 else ("mul", *_flat("mul", factors))

    def factor(self) -> Node:
        base = self.atom()
        while self._next() in ("^", "**"):
            self._take()
            base = ("^", base, self.atom())
        return base

    def atom(self) -> Node:
        token = self._take()
        if token == "(":
            inside = self.sum()
            self._close()
            return inside
        if token == "-":
            return _signed(-1, self.atom())
        if token[0].isdigit():
            return ("n", token)
        if not (token[0].isalpha()):
            raise ValueError(token)
        bare = token.rstrip("'")
        if bare in _FUNCTIONS and self._next() == "(":
            self._take()
            inside = self.sum()
            self._close()
            return ("fn", _SAME.get(bare, bare) + token[len(bare) :], inside)
        return ("v", token)

    def _close(self) -> None:
        if self._take() != ")":
            raise ValueError(")")


def _signed(sign: int, term: Node) -> Node:
    return term if sign > 0 else ("mul", *_flat("mul", [("n", "-1"), term]))


def _flat(kind: str, parts: list[Node]) -> list[Node]:
    return [inner for part in parts for inner in (part[1:] if part[0] == kind else (part,))]


def shown(tree: Node, names: dict[str, str] | None = None) -> str:
    """The tree as text, parts of sums and products in one order; names exchanged where that is asked."""
    kind = tree[0]
    if kind == "n":
        return str(tree[1])
    if kind == "v":
        return (names or {}).get(str(tree[1]), str(tree[1]))
    if kind == "fn":
        return f"{tree[1]}({shown(tree[2], names)})"
    parts = [shown(part, names) for part in tree[1:]]
    return f"({'^'.join(parts)})" if kind == "^" else f"{kind}({','.join(sorted(parts))})"


def _names(tree: Node) -> list[str]:
    if tree[0] == "v":
        return [str(tree[1])]
    return [name for part in tree[1:] if isinstance(part, tuple) for name in _names(part)]


def _has_sum(tree: Node) -> bool:
    return tree[0] == "sum" or any(_has_sum(part) for part in tree[1:] if isinstance(part, tuple))
