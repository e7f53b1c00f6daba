"""`viva import`: questions out of articles, listed, or written as drafts that an author edits. It indexes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import typer

from bot.commands.library import drawing
from bot.core.question import Level
from bot.errors import DocumentUnreadable, WrongUsage

if TYPE_CHECKING:
    from bot.knowledge.importing.found import Findings, Found

#: How much of an answer the listing shows.
_SHOWN = 160
#: Lines about what could not be read are cut after so many for one file.
_MOST_LINES = 40


@dataclass(frozen=True)
class Wish:
    """What is to be done with what is found."""

    out: Path | None = None
    force: bool = False
    level: str | None = None
    as_json: bool = False


def import_command(files: Sequence[Path], wish: Wish) -> int:
    """Reads each file; the exit code is 1 when one of them could not be read."""
    level = _level(wish.level)
    _check_out(wish)
    with drawing(wish.as_json) as progress:
        done = [findings for file in files if (findings := _read(file, progress, wish.as_json)) is not None]
    if not wish.as_json:  # JSON was printed file by file, and has it all
        _tell(done, listing=wish.out is None)
    wrote = wish.out is None or _write(wish.out, wish.force, done, level)
    return 0 if wrote and len(done) == len(files) else 1


def _level(level: str | None) -> Level:
    known = get_args(Level)
    if level is not None and level not in known:
        raise WrongUsage(f"There is no level {level[:40]!r}. The levels are: {', '.join(known)}.")
    return cast(Level, level or "intermediate")


def _check_out(wish: Wish) -> None:
    """Says before any work what cannot be written afterwards."""
    out = wish.out
    if out is None:
        if wish.force:
            raise WrongUsage("--force is for --out FILE.toml, and no file was named.")
        return
    if out.suffix.lower() != ".toml" or out.name.endswith(".statements.toml"):
        raise WrongUsage(f"{out} is no name for a file of questions: it ends with .toml, such as notes.toml.")
    if out.exists() and not wish.force:
        raise WrongUsage(f"{out} is there already and was left as it is. Name another file, or add --force.")
    if not out.parent.is_dir():
        raise WrongUsage(f"There is no folder {out.parent} to write {out.name} into. Make it first.")


def _read(file: Path, progress: Callable[[str], None], as_json: bool) -> Findings | None:
    """What a file holds; None, and why on standard error, when it cannot be read."""
    from bot.knowledge.importing.reading import find_questions
    from bot.knowledge.importing.taking import read_document

    progress(f"Reading {file.name}")
    try:
        findings = find_questions(read_document(file), progress)
    except DocumentUnreadable as error:
        progress("")
        sys.stderr.write(f"viva: {error}\n")
        if as_json:
            gone = {"v": 1, "type": "unreadable", "name": file.name, "why": str(error)}
            typer.echo(json.dumps(gone, ensure_ascii=False))
        return None
    if as_json:
        typer.echo(json.dumps(_data(findings), ensure_ascii=False))
    return findings


def _tell(done: Sequence[Findings], listing: bool) -> None:
    """The listing on standard output; on standard error what could not be read, and what an author should look at."""
    if listing:
        _list(done)
    for findings in done:
        for line in _remarks(findings):
            sys.stderr.write(f"viva: {line}\n")


def _list(done: Sequence[Findings]) -> None:
    """The questions, numbered, with how sure each is, where it stands, and how its answer begins."""
    for n, findings in enumerate(done):
        typer.echo(("\n" if n else "") + _head(findings))
        for number, one in enumerate(findings.questions, 1):
            typer.echo(f"\n{number:>3}. [{one.confidence:.2f}] {one.question}")
            typer.echo(f"     {one.place}" + ("; worded anew" if one.inferred else ""))
            typer.echo(f"     {_beginning(one)}")


def _head(findings: Findings) -> str:
    count = len(findings.answered)
    without = len(findings.questions) - count
    more = f", and {without} without an answer" if without else ""
    found = "1 question with its answer" if count == 1 else f"{count} questions with their answers"
    return f"{findings.name}: {found}{more}."


def _beginning(one: Found) -> str:
    text = " ".join(one.answer.split())
    if not text:
        return "(no answer in the document)"
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"


def _remarks(findings: Findings) -> Iterator[str]:
    """What could not be read of a document, and which answers seem to lack something."""
    yield from (f"{findings.name}: {note}" for note in findings.notes)
    lines = [f"not read: {unread}." for unread in findings.unread]
    lines += [f"look at {one.place}: {one.why}." for one in findings.answered if "; " in one.why]
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"{findings.name}: and {len(lines) - _MOST_LINES} more such lines; --json has all."


def _data(findings: Findings) -> dict[str, Any]:
    return {
        "v": 1,
        "type": "document",
        "name": findings.name,
        "questions": [_question(number, one) for number, one in enumerate(findings.questions, 1)],
        "unread": [{"place": _place(one.place), "why": one.why} for one in findings.unread],
        "notes": list(findings.notes),
    }


def _question(number: int, one: Found) -> dict[str, Any]:
    return {
        "number": number,
        "question": one.question,
        "answer": one.answer,
        "place": _place(one.place),
        "confidence": one.confidence,
        "why": one.why,
        "inferred": one.inferred,
    }


def _place(place: Any) -> dict[str, Any]:
    return {
        "file": place.file,
        "line": None if place.page else place.line or None,
        "page": place.page or None,
        "under": list(place.under),
    }


def _write(out: Path, force: bool, done: Sequence[Findings], level: Level) -> bool:
    """Writes the drafts of all files into one; False when there are none."""
    from bot.core.question import Question
    from bot.knowledge.importing.drafts import drafts
    from bot.knowledge.importing.toml import toml_of, write_whole

    questions: list[Question] = []
    for findings in done:
        ids = {question.id for question in questions}
        questions.extend(drafts(findings.answered, Path(findings.name).stem, level, ids))
    if not questions:
        sys.stderr.write(f"viva: {out} was not written: no question with an answer was found.\n")
        return False
    found = [one for findings in done for one in findings.answered]
    write_whole(out, toml_of(questions, found), force)
    left = sum(len(findings.questions) - len(findings.answered) for findings in done)
    without = f" {left} without an answer were left out." if left else ""
    typer.echo(
        f"{out}: {len(questions)} draft questions.{without} Check them with `viva questions check {out}`, and put the "
        "file into corpus/questions/ of your data folder to be asked them.",
        err=True,
    )
    return True
