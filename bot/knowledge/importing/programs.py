"""Tells lines of a program from prose, in text that marks neither. It understands no program."""

from __future__ import annotations

import re

_STRONG = re.compile(
    r"""^\s*(?:
      import\s+\w[\w.]*(?:\s+as\s+\w+)?(?:\s*,\s*\w[\w.]*)* | from\s+[\w.]+\s+import\b.*
      | (?:async\s+)?def\s+\w+\(.* | class\s+\w+[^.]*: | for\s+\w[\w, ]*\s+in\s.*: | (?:else|try|finally)\s*:
      | [\w.]+\([^ ].*(?:\)[,;:]?|,|\(|\[) | [\w.]+\(\)[,;:]?
      | [\w.\[\]]+(?:\s*,\s*[\w.\[\]]+)*\s*[-+*/]?=\s*[\w.]+[(\[].*
      | \(?[\w.]+(?:,\s*\(?[\w.]+\)?)+\s*=\s.*\(.*
      | (?=.*[=()\[\]<>{}]).*[;{]\s*(?://.*)? | [\])}\s]+[,;]? | //.* | [Pp]rint\s*\(.*\) | >>>\s.* | \#include.*
    )\s*$""",
    re.VERBOSE,
)
_WEAK = re.compile(
    r"^\s*(?:[\w.\[\]]+(?:\s*,\s*[\w.\[\]]+)*\s*[-+*/]?=\s*\S.*|#\s*\S.*|with\s.*:|if\s.*:|while\s.*:|return\b.*"
    r"|print\s\w+|\}.*\{?|@\w+.*)$"
)
#: Longer lines are prose that happens to end like a program's.
_LONGEST = 160


def surely_code(line: str) -> bool:
    """True for a line that is a program's whatever stands beside it."""
    return len(line) <= _LONGEST and bool(line.strip()) and bool(_STRONG.match(line))


def maybe_code(line: str) -> bool:
    """True for a line that is a program's when it stands beside such lines."""
    return len(line) <= _LONGEST and (surely_code(line) or bool(_WEAK.match(line)))
