"""What in a notebook's cell is for IPython or the shell, and not Python. It runs nothing and judges nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Cell magics that run their cell as Python once more or less as it stands: their line goes, the rest stays.
ROUND_PYTHON = frozenset("capture debug heat lprun memit mprun prun scalene skip_timing time timeit".split())
#: Line magics before a statement of Python: the word goes, the statement stays.
BEFORE_PYTHON = frozenset(("time",))
#: Characters of a line that are quoted.
QUOTED = 60

# Possessive: a line of a hundred thousand blanks must cost no more than its length.
_MAGIC = re.compile(r"(?P<indent>[ \t]*+)%{1,2}(?P<word>[A-Za-z_]\w*)[ \t]*+(?P<rest>.*)")
_SHELL = re.compile(r"[ \t]*+!")
_INTO_NAME = re.compile(r"[ \t]*+[\w.\[\], ]{1,80}=[ \t]*+(?:!|%[A-Za-z_])")
_HELP = re.compile(r"[ \t]*+(?:\?{1,2}[ \t]*+[\w.*%]++|%{0,2}[\w.*]++\?{1,2})[ \t]*+;?[ \t]*+\Z")
_CELL = re.compile(r"[ \t]*+%%(?P<word>!|[A-Za-z_]\w*)?")
#: What decides whether the next line begins a statement: strings, comments, brackets, a backslash at the end.
_SIGN = re.compile(
    r"""'''|\"\"\"|'(?:\\.|[^'\\\n])*+'?|"(?:\\.|[^"\\\n])*+"?|\#[^\n]*|[(\[{]|[)\]}]|\\\Z""", re.VERBOSE
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f`]")


@dataclass(frozen=True)
class Kept:
    """The Python of one cell, as many lines as it had below its cell magics, and what was left out, in sentences."""

    text: str
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: str) -> Kept:
        """The Python of a cell."""
        lines = source.split("\n")
        above: list[str] = []
        while (first := next((n for n, line in enumerate(lines) if line.strip()), None)) is not None:
            magic = _CELL.match(lines[first])
            if magic is None:
                break
            if magic["word"] not in ROUND_PYTHON:
                return cls("", (*above, f"left out as a whole: {plain(lines[first])} makes it something else."))
            above.append(f"{plain(lines[first])} was left out; the cell stays.")
            del lines[: first + 1]
        text, left_out = _without_magics(lines)
        return cls(text, (*above, *left_out))


def plain(text: str) -> str:
    """A piece of a stranger's text, as code in a sentence."""
    shown = _UNPRINTABLE.sub("'", text.strip())
    return f"`{shown[:QUOTED].rstrip()}…`" if len(shown) > QUOTED else f"`{shown}`"


def _without_magics(lines: list[str]) -> tuple[str, list[str]]:
    """The lines that are Python. A comment, or a `pass` where a block needs a line, stands for what was left out."""
    kept: list[str] = []
    left_out: list[str] = []
    state, goes_on = _State(), False
    for line in lines:
        if goes_on:  # a shell line that ended in a backslash
            goes_on = line.endswith("\\")
            kept.append("")
        elif not state.begins or (why := _why_left_out(line)) is None:
            kept.append(line)
            state = state.after(line)
        elif (statement := _statement(line)) is not None:
            kept.append(statement)
            state = state.after(statement)
            left_out.append(f"`%time` was left out before {plain(statement)}.")
        else:
            goes_on = line.endswith("\\")
            kept.append(_in_place_of(line))
            left_out.append(f"{plain(line)} was left out: {why}.")
    return "\n".join(kept), left_out


def _why_left_out(line: str) -> str | None:
    if _SHELL.match(line):
        return "it is for the shell"
    if _INTO_NAME.match(line):
        return "it asks the shell or IPython, and what it would give is not there"
    if _MAGIC.match(line):
        return "it is for IPython"
    return "it asks IPython for help" if "?" in line and _HELP.match(line) else None


def _statement(line: str) -> str | None:
    """The statement behind `%time`, if that is what the line is."""
    magic = _MAGIC.match(line)
    if magic is None or magic["word"] not in BEFORE_PYTHON or not magic["rest"].strip():
        return None
    return magic["indent"] + magic["rest"]


def _in_place_of(line: str) -> str:
    said = line.strip().replace("\x00", "").rstrip("\\")
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass  # left out: {said}" if indent else f"# left out: {said}"


@dataclass(frozen=True)
class _State:
    """Where a line begins: within a string of three quotes, in brackets, after a backslash, or with a statement."""

    quotes: str = ""
    depth: int = 0
    continued: bool = False

    @property
    def begins(self) -> bool:
        return not self.quotes and self.depth == 0 and not self.continued

    def after(self, line: str) -> _State:
        """Where the next line begins."""
        quotes, depth, at, continued = self.quotes, self.depth, 0, False
        while at < len(line):
            if quotes:
                at, closed = _end_of_string(line, at, quotes)
                quotes = "" if closed else quotes
                continue
            sign = _SIGN.search(line, at)
            if sign is None:
                break
            found, at = sign[0], sign.end()
            if found in ("'''", '"""'):
                quotes = found
            elif found == "\\":
                continued = True
            elif found in "([{":
                depth += 1
            elif found in ")]}":
                depth = max(depth - 1, 0)
        return _State(quotes, depth, continued)


def _end_of_string(line: str, at: int, quotes: str) -> tuple[int, bool]:
    """Where a string of three quotes goes on: behind its end, or at the end of the line."""
    while (found := line.find(quotes, at)) >= 0:
        before = line[at:found]
        escaped = (len(before) - len(before.rstrip("\\"))) % 2
        if not escaped:
            return found + len(quotes), True
        at = found + 1
    return len(line), False
