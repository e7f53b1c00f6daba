"""Finds the program in a message: between fences, or pasted as it is. It reads shapes of lines and parses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

_FENCE = re.compile(r"^[ \t]{0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]{0,40})$", re.MULTILINE)
_PYTHON = frozenset(("", "py", "py3", "python", "python3", "pytorch", "ipython", "torch", "code"))
#: So many fences, and so many lines, are looked at; what lies beyond goes with what lies before.
_MOST_FENCES = 64
_MOST_LINES = 400
_LEAST_LINES = 3
_SHARE_OF_CODE = 0.7
_LIBRARY = re.compile(r"\b(?:torch|nn|keras|tf|tensorflow|optim|np|numpy|load_mnist)\b[.\s(]")
_CODE_LINE = re.compile(
    r"""
      \s*(?:import\s+[\w.]+(?:\s+as\s+\w+)?|from\s+[\w.]+\s+import\s.*)\s*$          # an import
    | \s*(?:def|class|for|while|if|elif|with|else|try|except|finally)\b.*:\s*(?:\#.*)?$ # a block
    | \s*(?:return|yield|raise|del|assert|global)\b.*$ | \s*(?:pass|break|continue)\s*$ # a statement
    | \s*[@\#].*$                                                                      # a decorator, a comment
    | \s*[\w.\[\]'":*-]{1,60}(?:,\s?[\w.\[\]'"*-]{1,40}){0,6}\s{0,3}[-+*/@]?/?=\s*\S.*$ # an assignment
    | \s*[\w.]{1,60}\(.*$                                                              # a call
    | \s*[\])}]+[\])},:.\w()\s]*$                                                      # what closes a bracket
    | (?:\ {2,}|\t)\s*[\w.\[\]'"*]{1,60}\s*[,)(=].*$                                   # what stands in brackets
    """,
    re.VERBOSE,
)
#: Four words in a row, outside of strings and comments, are a sentence about a call, and no program.
_PROSE = re.compile(r"(?:\b[a-z]{2,}\b[ ,]{1,2}){3}[a-z]{2,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*$", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A program and the words around it."""

    code: str
    prose: str


def program(text: str) -> Found | None:
    """The program in a message on a code question; None when there is none."""
    return _fenced(text) or _pasted(text)


def _fenced(text: str) -> Found | None:
    """What stands between fences, several blocks as one; an open fence runs to the end."""
    if "```" not in text and "~~~" not in text:
        return None
    blocks: list[tuple[int, int, int, int]] = []
    opened: re.Match[str] | None = None
    for fence in islice(_FENCE.finditer(text), _MOST_FENCES):
        if opened is None:
            opened = fence
        elif _closes(fence, opened):
            blocks.append((opened.start(), opened.end() + 1, fence.start(), fence.end()))
            blocks = blocks if _is_python(opened) else blocks[:-1]
            opened = None
    if opened is not None and _is_python(opened):
        blocks.append((opened.start(), opened.end() + 1, len(text), len(text)))
    code = "\n\n".join(text[start:end].strip("\n") for _, start, end, _ in blocks)
    return Found(code, _around(text, blocks)) if code.strip() else None


def _closes(fence: re.Match[str], opened: re.Match[str]) -> bool:
    same = fence["mark"][0] == opened["mark"][0] and len(fence["mark"]) >= len(opened["mark"])
    return same and not fence["info"].strip()


def _is_python(fence: re.Match[str]) -> bool:
    return fence["info"].strip().lower().strip("{}. ") in _PYTHON


def _around(text: str, blocks: list[tuple[int, int, int, int]]) -> str:
    pieces, at = [], 0
    for start, _, _, end in blocks:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    return "\n".join(piece.strip() for piece in pieces if piece.strip())


def _pasted(text: str) -> Found | None:
    """An unfenced paste: from the first line of code to the last, where most of what lies between is code."""
    lines = text.split("\n", _MOST_LINES)
    looked = lines[:_MOST_LINES]
    shapes = [(at, _CODE_LINE.match(line[:200]) is not None) for at, line in enumerate(looked) if line.strip()]
    like_code = [at for at, is_code in shapes if is_code]
    if not like_code:
        return None
    first, last = like_code[0], like_code[-1] if len(lines) <= _MOST_LINES else len(lines) - 1
    within = [is_code for at, is_code in shapes if first <= at <= last]
    code = "\n".join(lines[first : last + 1])
    if sum(within) < _SHARE_OF_CODE * len(within):
        return None
    if len(within) < _LEAST_LINES and (first > 0 or not _LIBRARY.search(code[:2000])):
        return None
    if len(within) == 1 and _PROSE.search(_QUOTED.sub("", code)):
        return None
    around = ("\n".join(part).strip() for part in (lines[:first], lines[last + 1 :]))
    return Found(code.strip("\n"), "\n".join(part for part in around if part))
