"""Formulas in Unicode: what is sure is translated, what is not is left alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surfaces.text.formulas import LONGEST, readable


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"w \leftarrow w - \eta\, \nabla_w L", "w ← w − η ∇_w L"),
        (r"v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2", "vₜ = β₂ vₜ₋₁ + (1 − β₂)gₜ²"),
        (r"\hat m_t/(\sqrt{\hat v_t} + \epsilon)", "m̂ₜ/(√v̂ₜ + ε)"),
        (r"\frac{1}{N} \sum_{i=1}^{N} \ell\big(f(x_i; w), y_i\big)", "(1/N) ∑ᵢ₌₁ᴺ ℓ(f(xᵢ; w), yᵢ)"),
        (r"\frac{\partial L}{\partial W_l} = \delta_l\, a_{l-1}^{\top}", "∂L/∂Wₗ = δₗ aₗ₋₁ᵀ"),
        (r"\sigma(z) = \frac{1}{1+e^{-z}}", "σ(z) = 1/(1 + e⁻ᶻ)"),
        (r"\lfloor (n + 2p - f)/s \rfloor + 1", "⌊(n + 2p − f)/s⌋ + 1"),
        (r"y = 1 \text{ if } w \cdot x + b > 0, \text{ else } 0", "y = 1 if w · x + b > 0, else 0"),
        (r"\hat{y} = \mathrm{softmax}(Wx+b)", "ŷ = softmax(Wx + b)"),
        (r"-\sum_i y_i \log \hat y_i", "−∑ᵢ yᵢ log ŷᵢ"),
        (r"x \in \mathbb{R}^{n \times d}", "x ∈ ℝ^(n×d)"),
        (r"\mathcal{L} = \lambda \|w\|_2^2", "ℒ = λ‖w‖₂²"),
        (r"\operatorname*{arg\,min}_\theta L(\theta)", "arg min_θ L(θ)"),
        (r"\epsilon = 10^{-8}", "ε = 10⁻⁸"),
        (r"x^{2^{n}}", "x^(2ⁿ)"),
        (r"\left( \frac{a}{b} \right)^2", "(a/b)²"),
        (r"\frac{a+b}{2c}", "(a + b)/(2c)"),
        (r"\frac12 (x-y)^2", "(1/2)(x − y)²"),
        (r"p(y \mid x)", "p(y | x)"),
        (r"\nabla^2 f", "∇²f"),
        (r"\sqrt[3]{x+1}", "∛(x + 1)"),
        (r"1{,}000 + 1,000", "1,000 + 1,000"),
        (r"\theta_{t+1} := \theta_t", "θₜ₊₁ ≔ θₜ"),
        ("O(n^2)", "O(n²)"),
        ("28 \\times 28", "28 × 28"),
    ],
)
def test_what_is_sure_is_translated(latex: str, shown: str) -> None:
    assert readable(latex) == shown


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases} a \end{cases}",
        r"\unheardof{x}",
        r"\frac{a}",
        "a^",
        "_i",
        "{a",
        "a}",
        "a & b",
        r"a \\ b",
        r"\text{a \emph{b}}",
        r"\hat{x+y}",
        "",
        "x" * (LONGEST + 1),
        "{" * 30 + "x" + "}" * 30,
    ],
)
def test_what_is_unsure_is_left_alone(latex: str) -> None:
    assert readable(latex) is None


PIECES = [*"abxi019^_{}[]()\\ ,+-=/|&$~'", r"\frac", r"\sqrt", r"\hat", r"\text", r"\left", r"\sum", r"\cdot"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_nothing_makes_it_fail(latex: str) -> None:
    shown = readable(latex)
    assert shown is None or (shown and "\\frac" not in shown)


def formulas(corpus: Path) -> Iterator[str]:
    for path in sorted((corpus / "questions").glob("*.toml")):
        for text in strings(tomllib.loads(path.read_text("utf-8"))):
            for found in re.finditer(r"\$\$(.+?)\$\$|(?<!\$)\$([^$\n]+)\$(?!\$)", text, re.DOTALL):
                yield found[1] or found[2]


def strings(held: object) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for value in held.values():
            yield from strings(value)
    elif isinstance(held, list):
        for value in held:
            yield from strings(value)


def test_every_formula_of_the_corpus_can_be_shown(root: Path) -> None:
    found = list(formulas(root / "corpus"))
    assert len(found) > 20
    assert [latex for latex in found if readable(latex) is None] == []
