"""Strangers' words within Markdown: quoted so that no markup of theirs can act. It says nothing of its own."""

from __future__ import annotations

import io
import re
import tokenize

#: A line of code longer than this is not read out.
LONGEST_CODE = 100
#: A quotation longer than this many characters is shortened where it is shown; the mark keeps all of it.
LONGEST_QUOTE = 160
MARKUP = frozenset("\\`*_[]<>|$#~&")
_RUN = re.compile("`+")


def verbatim(text: str) -> str:
    """Words on one line, with all that Markdown would act on escaped."""
    return _escaped(" ".join(text.split()))


def shortened(quote: str, longest: int = LONGEST_QUOTE) -> str:
    """A quotation in one line, cut at a word, without the full stop at its end: the sentence around it has its own."""
    line = " ".join(quote.split()).rstrip(".,;: ")
    return verbatim(line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …")


def sentence(text: str) -> str:
    """A sentence on one line, escaped but for what it has between single backticks: that is shown as code."""
    line = " ".join(text.split())
    pieces = line.split("`")
    if len(pieces) % 2 == 0 or not all(pieces[1::2]) or not all(pieces[2:-1:2]):  # one left open, or two in a row
        return _escaped(line)
    return "".join(f"`{piece}`" if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))


def between_backticks(text: str) -> str:
    """Words that may stand between single backticks: on one line, cut where long, with ' for each backtick."""
    line = " ".join(text.split()).replace("`", "'")
    return line if len(line) <= LONGEST_CODE else line[:LONGEST_CODE].rstrip(" ,(") + " …"


def line_of_code(code: str) -> str:
    """A line of a program, without the comment at its end, that may stand between single backticks."""
    return between_backticks(_without_comment(code.strip()[: 4 * LONGEST_CODE]) or code)


def fenced(source: str, language: str) -> str:
    """Source as a fenced block that no line of it can close."""
    text = source.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    fence = "`" * max(3, 1 + max((len(run) for run in _RUN.findall(text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _escaped(line: str) -> str:
    return "".join(f"\\{c}" if c in MARKUP else c for c in line)


def _without_comment(line: str) -> str:
    """The line up to its comment; all of it where that cannot be told, as within a string of several lines."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(line, newline="\n").readline):
            if token.type == tokenize.ERRORTOKEN or token.start[0] > 1:
                return line
            if token.type == tokenize.COMMENT:
                return line[: token.start[1]].rstrip()
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return line
