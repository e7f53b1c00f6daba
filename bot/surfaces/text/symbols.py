"""What LaTeX's names look like in Unicode: data for `formulas`, which decides how they are put together.

Only signs of the Basic Multilingual Plane: terminal fonts seldom have the mathematical alphabets beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping

_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ "
    "mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ "
    "psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"
)
_ORDINARY = (
    "infty ∞ ell ℓ hbar ℏ emptyset ∅ varnothing ∅ forall ∀ exists ∃ top ⊤ bot ⊥ ldots … dots … cdots ⋯ dotsc … "
    "dotsb ⋯ vdots ⋮ prime ′ dagger † Re ℜ Im ℑ aleph ℵ square □ checkmark ✓ colon : lbrace { rbrace }"
)
_PREFIX = "partial ∂ nabla ∇ neg ¬ lnot ¬"
_RELATION = (
    "leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ sim ~ simeq ≃ cong ≅ propto ∝ equiv ≡ in ∈ notin ∉ ni ∋ subset ⊂ "
    "subseteq ⊆ supset ⊃ supseteq ⊇ to → rightarrow → longrightarrow ⟶ leftarrow ← longleftarrow ⟵ gets ← "
    "leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ iff ⟺ mapsto ↦ uparrow ↑ downarrow ↓ "
    "ll ≪ gg ≫ coloneqq ≔ mid | parallel ∥ perp ⊥ models ⊨ triangleq ≜ ngeq ≱ nleq ≰"
)
_BINARY = (
    "cdot · times × div ÷ pm ± mp ∓ odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ circ ∘ ast ∗ star ⋆ bullet • cup ∪ cap ∩ "
    "setminus ∖ wedge ∧ land ∧ vee ∨ lor ∨"
)
_BIG = "sum ∑ prod ∏ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂"
_OPENING = "langle ⟨ lfloor ⌊ lceil ⌈"
_CLOSING = "rangle ⟩ rfloor ⌋ rceil ⌉"
_BAR = "vert | Vert ‖ lvert | rvert | lVert ‖ rVert ‖"


def _pairs(words: str) -> Mapping[str, str]:
    split = words.split()
    return dict(zip(split[::2], split[1::2], strict=True))


ORDINARY: Mapping[str, str] = {**_pairs(_GREEK), **_pairs(_ORDINARY)}
#: Signs that cling to what follows: ∂L, ∇J.
PREFIX = _pairs(_PREFIX)
RELATION = _pairs(_RELATION)
BINARY = _pairs(_BINARY)
BIG = _pairs(_BIG)
OPENING = _pairs(_OPENING)
CLOSING = _pairs(_CLOSING)
BAR = _pairs(_BAR)

#: Functions that are set upright; most are spelt as they are named.
FUNCTIONS: Mapping[str, str] = {
    **{name: name for name in "log ln lg exp sin cos tan sinh cosh tanh cot arctan arcsin arccos".split()},
    **{name: name for name in "max min sup inf lim det dim ker gcd deg Pr arg hom".split()},
    "argmax": "arg max",
    "argmin": "arg min",
    "limsup": "lim sup",
    "liminf": "lim inf",
}

#: Combining marks for accents over one letter.
ACCENTS: Mapping[str, str] = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0305",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "mathring": "\u030a",
    "check": "\u030c",
    "breve": "\u0306",
    "underline": "\u0332",
}

#: Fonts that change nothing a terminal could show.
FONTS = frozenset(
    "mathbf mathrm mathit mathsf mathtt mathnormal boldsymbol bm symbf symbfit mathop mathbin mathrel mathord".split()
)
#: Words inside a formula: their spaces count.
WORDS = frozenset("text textrm textbf textit textsf texttt mbox operatorname".split())
#: Sizes and styles: dropped.
DROPPED = frozenset(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm displaystyle textstyle "
    "scriptstyle limits nolimits nonumber notag".split()
)
SPACES: Mapping[str, str] = {
    ",": " ",
    ":": " ",
    ";": " ",
    " ": " ",
    "!": "",
    "quad": "  ",
    "qquad": "   ",
    "thinspace": " ",
    "enspace": " ",
}

BLACKBOARD: Mapping[str, str] = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
SCRIPT: Mapping[str, str] = dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True))

SUPERSCRIPTS: Mapping[str, str] = {
    **dict(zip("0123456789+−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
    **dict(zip("ABDEGHIJKLMNOPRTUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", strict=True)),
    **dict(zip("βγδθφχ", "ᵝᵞᵟᶿᵠᵡ", strict=True)),
    "⊤": "ᵀ",
    "′": "′",
    "*": "*",
    "∗": "*",
    "∘": "°",
    "†": "†",
}
SUBSCRIPTS: Mapping[str, str] = {
    **dict(zip("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
    **dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
    **dict(zip("βγρφχ", "ᵦᵧᵨᵩᵪ", strict=True)),
}
