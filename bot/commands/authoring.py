"""`viva questions new` and `viva questions check`: a template for a question, and what is wrong with a corpus file."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

import typer

from bot.app.bank import lenient_bank, open_recalling
from bot.app.home import prepare_home
from bot.commands.library import drawing
from bot.core.question import Kind
from bot.errors import IndexUnavailable, WrongUsage
from bot.knowledge import own_check, own_index
from bot.knowledge.corpus import Corpus, corpus_folder
from bot.knowledge.corpus_places import Problem
from bot.knowledge.corpus_words import nearest
from bot.knowledge.folders import index_folders
from bot.knowledge.own_corpus import Own, own_folder, read_own
from bot.knowledge.own_files import STATEMENTS, groups_in
from bot.knowledge.question_template import FORMS, template
from bot.knowledge.vectors import Recalling
from bot.settings import read_settings

MOST_ID = 60


def new_command(id_: str, kind: str, out: Path | None) -> None:
    """Writes a template for a question and for its statements; never over a file that is there."""
    if kind not in FORMS and kind in get_args(Kind):
        where = "experiments.toml of a folder under corpus/tasks; corpus/README.md says how"
        raise WrongUsage(f"A question of the kind {kind!r} belongs to a lab task: write it into {where}.")
    if kind not in FORMS:
        near = nearest(kind, FORMS)
        raise WrongUsage(f"There is no kind of question {kind!r}{near}{'' if near.endswith('?') else '.'}")
    _good_id(id_)
    home = prepare_home(read_settings())
    shipped = lenient_bank(home)
    own = read_own(home, shipped) or Own()
    if id_ in shipped.bank or id_ in own.corpus.bank:
        whose = f"of yours ({own.at[id_]})" if id_ in own.at else "that comes with Viva"
        raise WrongUsage(f"The id {id_!r} belongs to a question {whose}. Choose another, “my-{id_}” say.")
    folder = out if out is not None and out.is_dir() else own_folder(home) / "questions"
    file = out if out is not None and folder != out else folder / f"{id_}.toml"
    if file.suffix != ".toml" or file.name.endswith(STATEMENTS):
        raise WrongUsage(
            f"A question file ends in .toml: write --out {file.with_name(file.name.split('.')[0] + '.toml')}"
        )
    made = template(id_, cast(Kind, kind))
    beside = file.with_name(f"{file.name.removesuffix('.toml')}{STATEMENTS}")
    texts = {file: made.question} | ({beside: made.statements} if made.statements else {})
    _write(texts)
    typer.echo("\n".join(["Written:", *(f"  {path}" for path in texts), _next(file, home)]))


def _good_id(id_: str) -> None:
    good = "".join(c if c.isascii() and c.isalnum() else "-" for c in id_.lower())
    good = "-".join(part for part in good.split("-") if part)[:MOST_ID].strip("-")
    if good != id_:
        instead = f", such as {good!r}" if good else ""
        raise WrongUsage(f"{id_[:MOST_ID]!r} is no id: take lower-case letters, digits and single hyphens{instead}.")


def _write(texts: dict[Path, str]) -> None:
    """All of the files or none."""
    done: list[Path] = []
    try:
        for path in texts:
            if path.exists() or path.is_symlink():
                raise WrongUsage(
                    f"{path} is there already, and nothing is written over it. Name another file: --out FILE"
                )
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                done.append(path)
                file.write(text)
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        raise WrongUsage(
            f"{error.filename or path} cannot be written: {error.strerror}. Name another file: --out FILE"
        ) from None


def _next(file: Path, home: Path) -> str:
    """What to do with a new file."""
    named = shlex.quote(str(file if file.is_absolute() else os.path.relpath(file)))
    told = [
        "Fill in what begins with “<write ”: the statements decide how well answers are marked. Then:",
        f"  viva questions check {named}",
        f'  viva questions try {named} --good "…" --half "…" --wrong "…"',
    ]
    if not file.resolve().is_relative_to(own_folder(home).resolve()):
        told.append(f"Viva asks it once it lies in {own_folder(home) / 'questions'}.")
    return "\n".join(told)


def check_command(files: Sequence[Path], as_json: bool, quick: bool) -> int:
    """Says what is wrong with the files, or with all of one's own; 1 when there are errors."""
    home = prepare_home(read_settings())
    shipped = lenient_bank(home)
    folder = own_folder(home)
    own = read_own(home, shipped) or Own()
    groups = own_check.groups_of(files, folder) if files else groups_in(folder)
    if not groups and not own.problems:
        typer.echo(f"There is nothing of your own to check in {folder}. Begin with: viva questions new my-question")
        return 0
    around = own_check.Around(shipped, corpus_folder(), own.corpus, own.at)
    embedder = None if quick else open_recalling(home)
    try:
        checked = own_check.check_groups(groups, around, embedder)
    except IndexUnavailable as error:
        sys.stderr.write(f"viva: The statements were not compared with each other: {error}\n")
        checked = own_check.check_groups(groups, around, None)
        embedder = None
    for one in checked:
        _tell(one, as_json)
    left = [problem for group, problem in own.problems if not files and group not in groups]
    for problem in left:
        _line(problem, as_json)
    if embedder is not None and own.corpus.bank:
        _keep(home, own.corpus, embedder, as_json)
    return int(bool(left) or any(one.count("error") for one in checked))


def _tell(one: own_check.Checked, as_json: bool) -> None:
    """The problems of a group, and how many there are."""
    for problem in one.problems:
        _line(problem, as_json)
    errors, warnings = one.count("error"), one.count("warning")
    names = [str(path) for path in one.group.files]
    if as_json:
        told = {"type": "summary", "files": names, "questions": len(one.held.questions)}
        typer.echo(json.dumps({"v": 1, **told, "errors": errors, "warnings": warnings}, ensure_ascii=False))
        return
    held = _held(one)
    found = ", ".join(_counted(n, what) for n, what in ((errors, "error"), (warnings, "warning")) if n)
    typer.echo(f"{one.group.file}: {held}{', ' if held else ''}{found or 'nothing wrong'}.")


def _held(one: own_check.Checked) -> str:
    if one.held.flow is not None:
        return f"the flow {one.held.flow.id!r}"
    count, what = (len(one.held.notes), "note") if one.held.notes else (len(one.held.questions), "question")
    return _counted(count, what) if count else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _line(problem: Problem, as_json: bool) -> None:
    if as_json:
        file, line = own_check.place(problem)
        told = {"type": "problem", "file": file, "line": line, "severity": problem.severity, "says": problem.says}
        typer.echo(json.dumps({"v": 1, **told}, ensure_ascii=False))
    else:
        typer.echo(f"{problem.where}: {problem.severity}: {problem.says}")


def _keep(home: Path, own: Corpus, embedder: Recalling, silent: bool) -> None:
    """Keeps the vectors of one's own questions, so that no sitting has to make them."""
    with drawing(silent) as progress:
        own_index.keep(
            index_folders(home).home,
            own_index.texts_of(own),
            embedder,
            lambda done, of: progress(f"{done} of {of} texts embedded"),
        )
