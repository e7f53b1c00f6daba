"""The Python in a file: a program as it stands, or the code cells of a notebook without what is for IPython alone.

It runs and parses no Python: magics and shell lines are found by where a statement begins. Nothing is opened here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.training import LARGEST_SOURCE
from bot.errors import WrongUsage
from bot.lab.magics import Kept, plain

#: Characters of a notebook that are looked at. Most are pictures in its output.
LARGEST_NOTEBOOK = 16 * 1024 * 1024
#: Signs that open or part values. A notebook of a thousand cells has some ten thousand; each costs memory once read.
MOST_OPENED = 100_000
MOST_PARTED = 500_000
#: What was left out is named line by line up to here.
MOST_NAMED = 6
_MARK = re.compile(r"# cell (\d+)")
CLEAR = "In Jupyter, clear all outputs and save it; or export it as a Python file (.py) and name that."


def python_of(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The program in a file of this name, and sentences on what was left out. WrongUsage says why there is none.

    Before each cell of a notebook stands a line `# cell N`; N counts the code cells from 1. Lines keep their places.
    """
    if not (named := name.lower().endswith(".ipynb")) and not _looks_like_one(text):
        return text, ()
    book = _read(text)
    if book is None or not (cells := _cells(book)):
        if named:
            raise WrongUsage(f"{_called(name)} is no notebook that can be read: {_why(book)}. {CLEAR}")
        return text, ()
    _in_python(book, name)
    return _joined([_source(cell, number, name) for number, cell in enumerate(cells, 1)], name)


def place_in(program: str, line: int) -> str:
    """Where a line of a notebook's program stands in the notebook: `cell 2, line 2`."""
    cell, begins = 0, 0
    lines = program.split("\n")
    for number, text in enumerate(lines[:line], 1):
        mark = _MARK.fullmatch(text)
        # A comment of the candidate's own may look like a mark; before each but the first there is an empty line.
        if mark and int(mark[1]) > cell and (number == 1 or not lines[number - 2]):
            cell, begins = int(mark[1]), number
    return f"cell {cell}, line {line - begins}" if cell and line > begins else f"line {line}"


def _looks_like_one(text: str) -> bool:
    head = text[:200].lstrip("\ufeff \t\r\n")
    return head.startswith("{") and ('"cells"' in text or '"worksheets"' in text)


def _read(text: str) -> Mapping[str, Any] | None:
    """The object that the text holds, if it holds one; a text that would cost too much is not read."""
    if len(text) > LARGEST_NOTEBOOK:
        raise WrongUsage(f"The notebook is larger than {LARGEST_NOTEBOOK // 1024 // 1024} MiB. {CLEAR}")
    if text.count("[") + text.count("{") > MOST_OPENED or text.count(",") > MOST_PARTED:
        raise WrongUsage(f"The notebook holds too much data in its output. {CLEAR}")
    try:
        found = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _cells(book: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The code cells, of format 4 or of format 3, which has them on worksheets."""
    sheets = book.get("worksheets") if isinstance(book.get("worksheets"), list) else [book]
    listed = [sheet.get("cells") for sheet in sheets or () if isinstance(sheet, dict)]
    cells = [cell for cells in listed if isinstance(cells, list) for cell in cells]
    return [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]


def _why(book: Mapping[str, Any] | None) -> str:
    return "it is no valid JSON object" if book is None else "it has no code cells"


def _in_python(book: Mapping[str, Any], name: str) -> None:
    about = book.get("metadata")
    about = about if isinstance(about, dict) else {}
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        says = about.get(part)
        language = says.get(key) if isinstance(says, dict) else None
        if isinstance(language, str) and language and not language.lower().startswith(("python", "ipython")):
            raise WrongUsage(f"{_called(name)} is written in {plain(language)}, and here it must be Python.")


def _source(cell: Mapping[str, Any], number: int, name: str) -> str:
    """The text of a cell: one string, or a list of lines. Format 3 calls it `input`."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise WrongUsage(f"Code cell {number} of {_called(name)} holds no text. {CLEAR}")
    return source.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def _joined(sources: list[str], name: str) -> tuple[str, tuple[str, ...]]:
    """One program of all cells, with what was left out."""
    if sum(map(len, sources)) > LARGEST_SOURCE * 4:  # what is left out may be long; what is left is measured below
        raise WrongUsage(_too_large(sum(map(len, sources))))
    kept = [Kept.of(source) for source in sources]
    cells = [_in_place(cell.text, source) for cell, source in zip(kept, sources, strict=True)]
    program = "\n".join(f"# cell {n}\n{cell}\n" for n, cell in enumerate(cells, 1) if cell.strip())
    if not program:
        raise WrongUsage(f"The code cells of {_called(name)} hold no Python. Write the program into them and save it.")
    if "\x00" in program:
        raise WrongUsage(f"{_called(name)} holds NUL characters, so it is no Python source. {CLEAR}")
    if (size := len(program.encode())) > LARGEST_SOURCE:
        raise WrongUsage(_too_large(size))
    return program, tuple(_notices(kept))


def _in_place(text: str, source: str) -> str:
    """The Python of a cell, with empty lines for what was left out above it."""
    return "\n" * (source.count("\n") - text.count("\n")) + text.rstrip()


def _too_large(size: int) -> str:
    largest = f"{LARGEST_SOURCE // 1024} KiB"
    return f"The code cells come to {size // 1024} KiB; {largest} is the most. Hand in the program alone, without data."


def _notices(kept: list[Kept]) -> Iterator[str]:
    left_out = [f"Code cell {n}: {sentence}" for n, cell in enumerate(kept, 1) for sentence in cell.left_out]
    yield from left_out[:MOST_NAMED]
    if (more := len(left_out) - MOST_NAMED) > 0:
        yield f"So {'was one more line' if more == 1 else f'were {more} more lines'} for IPython or the shell."


def _called(name: str) -> str:
    return plain(name) if name.strip() else "The notebook"
