r"""LaTeX formulas as readable Unicode: `\frac{1}{N}\sum_i x_i^2` becomes `(1/N) ∑ᵢ xᵢ²`. It typesets nothing.

Whatever it is not sure of it leaves alone: `readable` then answers None, and the source is shown as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.surfaces.text import symbols as s

#: Longer formulas, and deeper ones, are shown as they are.
LONGEST = 2_000
DEEPEST = 24
#: A longer sub- or superscript is set in brackets: small letters in a row are hard to read.
LONGEST_SCRIPT = 8

Kind = Literal[
    "atom", "fraction", "operator", "relation", "slash", "comma", "open", "close", "function", "big", "prefix", "space"
]

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|:=|\s+|.", re.DOTALL)


class _Unsure(Exception):
    """Something that this translator does not know."""


@dataclass(frozen=True)
class Piece:
    """A translated piece, and how it stands to its neighbours."""

    text: str
    kind: Kind = "atom"
    scripted: bool = False


def readable(latex: str) -> str | None:
    """The formula in Unicode, or None where it cannot be told with certainty."""
    if len(latex) > LONGEST:
        return None
    try:
        text = _joined(_Reader(latex).pieces(None))
    except _Unsure:
        return None
    return text.strip() or None


class _Reader:
    """Reads a formula from left to right. Blanks mean nothing but in `words`."""

    def __init__(self, latex: str) -> None:
        self.tokens = _TOKEN.findall(latex)
        self.at = 0
        self.depth = 0

    def peek(self) -> str | None:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise _Unsure("it ends too early")
        self.at += 1
        return token

    def pieces(self, end: str | None) -> list[Piece]:
        """Everything up to `end`, which is taken, or up to the end of the formula."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Unsure("too deep")
        found: list[Piece] = []
        while (token := self.peek()) != end:
            if token is None or token in ("}", "&"):
                raise _Unsure("unbalanced")
            self.at += 1
            found += self.piece(token, found)
        self.at += end is not None
        self.depth -= 1
        return found

    def piece(self, token: str, before: list[Piece]) -> list[Piece]:
        if token in ("^", "_"):
            return [self.script(token, before)]
        if token == "{":
            return [_grouped(self.pieces("}"))]
        if token.startswith("\\"):
            return self.command(token[1:].rstrip("*"))
        return [Piece(*_PLAIN.get(token, (token, "atom")))]

    def argument(self) -> list[Piece]:
        """What a command or a script applies to: a group, or a single piece."""
        token = self.take()
        if token == "{":
            return self.pieces("}")
        if token in ("^", "_", "}", "&"):
            raise _Unsure("an argument is missing")
        if token.isdigit() and len(token) > 1:  # TeX takes one digit of \frac12
            self.at -= 1
            self.tokens[self.at] = token[1:]
            token = token[0]
        return self.piece(token, [])

    def script(self, sign: str, before: list[Piece]) -> Piece:
        """Attaches a sub- or superscript to the last piece, which it replaces."""
        if not before or before[-1].kind in ("operator", "relation", "slash", "comma", "space", "open"):
            raise _Unsure("a script on nothing")
        base = before.pop()
        text = f"({base.text})" if base.kind == "fraction" else base.text
        kind: Kind = "atom" if base.kind == "fraction" else base.kind
        return Piece(text + _script(sign, self.argument()), kind, scripted=True)

    def command(self, name: str) -> list[Piece]:
        if name in _NAMED:
            return [Piece(*_NAMED[name])]
        if name in s.SPACES:
            return [Piece(s.SPACES[name], "space")] if s.SPACES[name] else []
        if name in s.DROPPED:
            return self.dropped(name)
        if name in ("frac", "tfrac", "dfrac", "cfrac"):
            return [_fraction(self.argument(), self.argument())]
        if name == "sqrt":
            return [self.root()]
        if name in s.ACCENTS:
            return [Piece(_accented(_joined(self.argument()), s.ACCENTS[name]))]
        if name in s.FONTS or name in s.WORDS:
            return [_word(_grouped(self.argument()) if name in s.FONTS else Piece(self.words()))]
        if name in ("mathbb", "mathcal", "mathscr"):
            letters = s.BLACKBOARD if name == "mathbb" else s.SCRIPT
            return [Piece("".join(letters.get(letter, letter) for letter in _joined(self.argument())))]
        raise _Unsure(name)

    def dropped(self, name: str) -> list[Piece]:
        if name in ("left", "right") and self.peek() == ".":
            self.at += 1
        return []

    def root(self) -> Piece:
        degree: list[Piece] = []
        if self.peek() == "[":
            self.at += 1
            degree = self.pieces("]")
        index = _joined(degree, tight=True)
        sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(index) or _script("^", degree) + "√"
        under = self.argument()
        return Piece(sign + (_joined(under) if len(under) == 1 else f"({_joined(under)})"))

    def words(self) -> str:
        if self.take() != "{":
            raise _Unsure("words without braces")
        found = ""
        while (token := self.tokens[self.at] if self.at < len(self.tokens) else None) != "}":
            if token is None or token in ("{", "$") or (token[0] == "\\" and token[1:] not in s.SPACES):
                raise _Unsure("a command among words")
            found += " " if token.isspace() else s.SPACES[token[1:]] if token[0] == "\\" else token
            self.at += 1
        self.at += 1
        return found


_PLAIN: dict[str, tuple[str, Kind]] = {
    **{sign: (sign, "relation") for sign in "=<>"},
    ":=": ("≔", "relation"),
    "+": ("+", "operator"),
    "-": ("−", "operator"),
    "*": ("*", "operator"),
    "/": ("/", "slash"),
    **{sign: (sign, "comma") for sign in ",;:"},
    **{sign: (sign, "open") for sign in "(["},
    **{sign: (sign, "close") for sign in ")]"},
    "'": ("′", "atom"),
    "~": (" ", "space"),
}

_NAMED: dict[str, tuple[str, Kind]] = {
    **{name: (sign, "atom") for name, sign in {**s.ORDINARY, **s.BAR}.items()},
    **{name: (sign, "prefix") for name, sign in s.PREFIX.items()},
    **{name: (sign, "relation") for name, sign in s.RELATION.items()},
    **{name: (sign, "operator") for name, sign in s.BINARY.items()},
    **{name: (sign, "big") for name, sign in s.BIG.items()},
    **{name: (sign, "open") for name, sign in s.OPENING.items()},
    **{name: (sign, "close") for name, sign in s.CLOSING.items()},
    **{name: (sign, "function") for name, sign in s.FUNCTIONS.items()},
    **{sign: (sign, "atom") for sign in "%&#$_"},
    "{": ("{", "open"),
    "}": ("}", "close"),
    "|": ("‖", "atom"),
}


def _grouped(pieces: Sequence[Piece]) -> Piece:
    """A group as one piece; braces around a single sign take away its spacing, as in 1{,}000."""
    if len(pieces) == 1 and pieces[0].kind not in ("operator", "relation", "comma"):
        return pieces[0]
    return Piece(_joined(pieces))


def _word(piece: Piece) -> Piece:
    """A word of several letters stands apart from its neighbours, as `max` does."""
    return replace(piece, kind="function") if len(piece.text) > 1 and piece.text.isalpha() else piece


def _accented(text: str, mark: str) -> str:
    if not text or len(text) > 3 or not text.isalnum():
        raise _Unsure("an accent over more than a letter")
    return unicodedata.normalize("NFC", "".join(letter + mark for letter in text))


def _script(sign: str, pieces: Sequence[Piece]) -> str:
    """A sub- or superscript in small letters where Unicode has them, else behind its sign."""
    text = _joined(pieces, tight=True).strip()
    table = s.SUPERSCRIPTS if sign == "^" else s.SUBSCRIPTS
    if not text:
        raise _Unsure("an empty script")
    if len(text) <= LONGEST_SCRIPT and all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    plain = text.isalnum() and not any(piece.scripted for piece in pieces)
    return sign + (text if len(text) == 1 or plain else f"({text})")


def _fraction(over: Sequence[Piece], under: Sequence[Piece]) -> Piece:
    if not over or not under:
        raise _Unsure("half a fraction")
    inside = any(piece.kind in ("operator", "relation", "comma", "slash", "fraction") for piece in over[1:])
    bare = not inside and over[0].kind != "fraction"
    top = _joined(over)
    bottom = _joined(under)
    alone = under[0].kind != "fraction" and len(under) == 1
    clinging = len(under) == 2 and (under[0].kind == "prefix" or under[0].text == "d")
    return Piece(f"{top if bare else f'({top})'}/{bottom if alone or clinging else f'({bottom})'}", "fraction")


_TIGHT: frozenset[Kind] = frozenset(["operator", "relation", "slash", "comma", "open", "big", "prefix", "function"])
_STANDING: frozenset[Kind] = frozenset(["atom", "close", "fraction", "function", "big", "prefix", "open", "slash"])


def _joined(pieces: Sequence[Piece], tight: bool = False) -> str:
    """The pieces in a row, spaced as TeX would; `tight` leaves out what scripts have no room for."""
    out = ""
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else None
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        out = _appended(out, _set(piece, before, after, tight), piece)
        if not tight and after is not None and _apart(piece, before, after):
            out += " "
    return out


def _appended(out: str, text: str, piece: Piece) -> str:
    """Never two blanks, but where the formula asks for a wide gap."""
    if piece.kind == "space":
        return out.rstrip(" ") + " " * max(len(text), len(out) - len(out.rstrip(" ")))
    return out + (text.lstrip(" ") if out.endswith(" ") else text)


def _set(piece: Piece, before: Piece | None, after: Piece | None, tight: bool) -> str:
    """One piece with the blanks or brackets that its neighbours make necessary."""
    if piece.kind == "fraction":
        crowded = (before is not None and before.kind in ("atom", "close", "fraction", "slash", "prefix")) or (
            after is not None and after.kind in ("atom", "open", "fraction", "big", "function", "prefix", "slash")
        )
        return f"({piece.text})" if crowded else piece.text
    if tight or piece.kind not in ("operator", "relation", "comma"):
        return piece.text
    if piece.kind == "comma":
        return piece.text if after is None or after.kind == "close" else piece.text + " "
    unary = piece.kind == "operator" and (before is None or before.kind in _TIGHT)
    return piece.text if unary else f" {piece.text} " if before is not None else f"{piece.text} "


def _apart(piece: Piece, before: Piece | None, after: Piece) -> bool:
    """Whether a blank parts two pieces that stand side by side."""
    if piece.kind not in _STANDING or after.kind not in _STANDING or "slash" in (piece.kind, after.kind):
        return False
    if piece.kind == "open" or after.kind == "close" or (piece.kind == "prefix" and not set("_^") & set(piece.text)):
        return False
    if piece.kind == "big" or after.kind in ("big", "function"):
        return True
    if piece.kind == "function":
        return after.kind != "open"
    if "fraction" in (piece.kind, after.kind):
        return after.kind != "open"
    return piece.scripted and after.kind in ("atom", "prefix") and piece.kind in ("atom", "prefix")
