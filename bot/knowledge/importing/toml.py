"""Writes draft questions as a TOML file that an author can edit by hand. It makes no question and reads no file."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.core.question import Question
from bot.errors import WrongUsage
from bot.knowledge.importing.found import Found

_HEAD = """\
# Draft questions, drawn from documents by `viva import`: each key point is a sentence of the answer, hints and
# follow-ups are made by rule. Read them, keep what is right, and mend the rest. An interview says of each that it is
# judged less surely, until its points have six true and six false statements in a file beside this one that ends with
# `.statements.toml`. To be asked them, put the file into the folder corpus/questions/ of your data folder (VIVA_HOME).
"""
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LOW = re.compile(r"[\x00-\x1f\x7f\"\\\ud800-\udfff]")


def toml_of(questions: Sequence[Question], found: Sequence[Found]) -> str:
    """The file's text; `found` says of each question where it comes from."""
    tables = (_question(question, one) for question, one in zip(questions, found, strict=True))
    return "\n".join([_HEAD, *tables])


def _question(question: Question, one: Found) -> str:
    return "\n".join([*_origin(one), "[[question]]", *_fields(question), *_tables(question), ""])


def _origin(one: Found) -> Iterator[str]:
    """Where a question comes from and how sure it is, as a comment."""
    inferred = "; the wording of the question is not the document's" if one.inferred else ""
    yield f"# {_comment(f'From {one.place}. Confidence {one.confidence:.2f}: {one.why}{inferred}.')}"


def _fields(question: Question) -> Iterator[str]:
    for name in ("id", "kind", "title", "ask", "reworded", "plain", "aim", "level"):
        yield f"{name} = {text(getattr(question, name))}"
    yield f"topics = {_list(question.topics)}"
    yield f"sources = {_list(question.sources)}"
    yield f"reference = {long_text(question.reference)}"
    yield f"hints = [\n{''.join(f'  {text(hint)},{chr(10)}' for hint in question.hints)}]"


def _tables(question: Question) -> Iterator[str]:
    for point in question.points:
        weight = f"{point.weight:g}"
        yield f"\n[[question.points]]\nid = {text(point.id)}\nsays = {text(point.says)}\nweight = {weight}"
    for follow_up in question.follow_ups:
        yield "\n[[question.follow_ups]]"
        yield f"point = {text(follow_up.point)}\nwhen = {text(follow_up.when)}\nask = {text(follow_up.ask)}"


def text(value: str) -> str:
    """A basic string of TOML."""
    return f'"{_LOW.sub(_escaped, value)}"'


def long_text(value: str) -> str:
    """A string over several lines: as it stands where it can, so that formulas need no second backslash."""
    if "'''" not in value and not value.endswith("'") and not _UNPRINTED.search(value):
        return f"'''\n{value}\n'''"
    lines = (_LOW.sub(_escaped, line) for line in value.split("\n"))
    return '"""\n' + "\n".join(lines) + '\n"""'


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    if "\ud800" <= character <= "\udfff":
        return "\\uFFFD"  # half a character: TOML has no name for it
    return _ESCAPES.get(character, f"\\u{ord(character):04X}")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(text(value) for value in values)}]"


def _comment(value: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", value).split())


def write_whole(path: Path, content: str, replace: bool) -> None:
    """Writes a file all at once, or not at all; one that is there already is left as it is unless told otherwise."""
    if path.exists() and not replace:
        raise WrongUsage(f"{path} is there already and was left as it is. Name another file, or add --force.")
    if not path.parent.is_dir():
        raise WrongUsage(f"There is no folder {path.parent} to write {path.name} into. Make it first.")
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:  # also at Ctrl-C
        Path(part).unlink(missing_ok=True)
        raise
