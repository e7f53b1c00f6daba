"""The first reading of a corpus file: its text, its tables, and the tables in their shapes, with what does not fit.

It knows no kind of file; which tables a file has is corpus_files' and corpus_tasks'.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.corpus_words import sentence

Shape = TypeVar("Shape", bound=BaseModel)

#: The largest corpus file that is read: a hundred times what a topic needs, and small enough to be parsed.
LARGEST_FILE = 4 * 1024 * 1024


def read_source(path: Path, name: str, problems: list[Problem]) -> Source | None:
    """The text of a file under the name that problems give it; None, with a problem, where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            problems.append(Problem(name, f"the file is larger than {LARGEST_FILE >> 20} MiB; split it by topic"))
            return None
        return Source(name, path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        problems.append(Problem(name, f"byte {error.start} is not UTF-8 text; save the file as UTF-8"))
    except OSError as error:
        problems.append(Problem(name, f"the file cannot be read ({error.strerror}); check its permissions"))
    return None


def toml(source: Source, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        says, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        where = f"{source.name}:{line.group(1)}" if line else source.name
        problems.append(Problem(where, f"this is not TOML: {says}; mend the line, or put the text in quotation marks"))
        return None


def shaped(
    shape: type[Shape], table: Any, source: Source, path: tuple[str | int, ...], said: str, problems: list[Problem]
) -> Shape | None:
    """The table in its shape, or None, with a problem for each key that does not fit."""
    try:
        return shape.model_validate(table)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            place = (*path, *detail["loc"])
            problems.append(Problem(source.at(place), said + sentence(detail, shape, place)))
        return None
