"""One's own corpus files: which belong together, what they hold, and what is wrong with them, each file by itself.

It does not know the shipped bank (own_corpus puts the two together), and reads no file that it was not shown.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.core.flow import Flow
from bot.core.question import Question
from bot.core.training import Task
from bot.knowledge.corpus import Note
from bot.knowledge.corpus_places import Problem, Source

Kind = Literal["questions", "interviews", "notes", "tasks"]

STATEMENTS = ".statements.toml"
#: The file of a lab task's folder that the folder is known by.
TASK = "task.toml"
#: How the placeholders of a template begin (question_template.py).
PLACEHOLDER = re.compile(r"<write [^<>\n]*>")
MOST_LINES = 12


@dataclass(frozen=True)
class Group:
    """The files that are read together: questions with their statements, a flow, notes, or a task's whole folder."""

    kind: Kind
    file: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and the statements beside it; of a task, all that its folder holds."""
        if self.kind == "tasks":
            return tuple(sorted(path for path in self.file.parent.glob("[!.]*") if not path.is_dir()))
        if self.kind != "questions":
            return (self.file,)
        beside = self.file.with_name(self.file.name.removesuffix(".toml") + STATEMENTS)
        return (self.file, beside) if beside.exists() else (self.file,)

    def read(self, problems: list[Problem]) -> tuple[Source, ...]:
        """The text of its files under their full names; what cannot be read is a problem."""
        from bot.knowledge.corpus_tables import read_source

        found = [read_source(path, str(path), problems) for path in self.files]
        return tuple(source for source in found if source is not None)


@dataclass(frozen=True)
class Compiled:
    """What a group holds, as far as it could be read, and what is wrong with it. `at` says where each id stands."""

    questions: tuple[Question, ...] = ()
    flow: Flow | None = None
    notes: tuple[Note, ...] = ()
    task: Task | None = None
    problems: tuple[Problem, ...] = ()
    at: tuple[tuple[str, str], ...] = ()

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def place(self, id_: str, otherwise: str) -> str:
        """File and line of a question or flow."""
        return dict(self.at).get(id_, otherwise)


def groups_in(folder: Path) -> list[Group]:
    """The groups of a corpus folder, by name; of one that cannot be entered, none."""
    if not readable(folder):
        return []
    tomls = sorted((folder / "questions").glob("*.toml"))
    questions = [path for path in tomls if not path.name.endswith(STATEMENTS)]
    alone = [path for path in tomls if path.name.endswith(STATEMENTS) and main_file(path) not in questions]
    return [
        *(Group("questions", path) for path in [*questions, *alone]),
        *(Group("interviews", path) for path in sorted((folder / "interviews").glob("*.toml"))),
        *(Group("notes", path) for path in sorted((folder / "notes").glob("*.md"))),
        *(Group("tasks", path / TASK) for path in sorted((folder / "tasks").glob("[!.]*")) if path.is_dir()),
    ]


def readable(folder: Path) -> bool:
    """Whether a folder can be entered and listed."""
    return os.access(folder, os.R_OK | os.X_OK)


def main_file(path: Path) -> Path:
    """The question file that a file of statements belongs to, the task of its files; any other file is its own."""
    if path.parent.parent.name == "tasks" or (path.parent / TASK).is_file():
        return path.with_name(TASK)
    if path.name.endswith(STATEMENTS):
        return path.with_name(path.name.removesuffix(STATEMENTS) + ".toml")
    return path


def digest(sources: Sequence[Source]) -> str:
    """A hash of names and contents."""
    told = "\n".join(f"{source.name}\n{hashlib.sha256(source.text.encode()).hexdigest()}" for source in sources)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:24]


def compiled(kind: Kind, sources: Sequence[Source], elsewhere: Collection[str] = ()) -> Compiled:
    """Reads and checks the files of a group; `elsewhere` holds the ids of the questions outside it."""
    if kind == "questions":
        return _questions(sources, elsewhere)
    if kind == "interviews":
        return _flow(sources[0])
    if kind == "tasks":
        return _task(sources, elsewhere)
    from bot.knowledge.corpus_notes import read_notes

    problems: list[Problem] = []
    notes = read_notes(sources[0], problems)
    return Compiled(
        notes=tuple(note for note, _ in notes),
        problems=tuple(problems),
        at=tuple((note.id, where) for note, where in notes),
    )


def _questions(sources: Sequence[Source], elsewhere: Collection[str]) -> Compiled:
    from bot.knowledge.corpus_check import check_bank
    from bot.knowledge.corpus_files import built, read_bank

    problems: list[Problem] = []
    if sources and all(source.name.endswith(STATEMENTS) for source in sources):
        name = main_file(Path(sources[0].name)).name
        says = f"these statements have no question file beside them; write the question into {name}"
        return Compiled(problems=(Problem(f"{sources[0].name}:1", says),))
    bank = read_bank(sources, problems, elsewhere)
    check_bank(bank, problems)
    here = {draft.shape.id for draft in bank.drafts} | bank.broken
    for question, _, _, source in bank.statements:
        if bank.complete and question in elsewhere and question not in here:
            says = f"the question {question!r} is in another file; its statements belong beside it"
            problems.append(Problem(source.at((question,)), says))
    left = [problem for source in sources for problem in _placeholders(source)]
    if left:  # what a placeholder breaks besides is said by it
        problems = [*left, *(problem for problem in problems if "<write " not in problem.says)]
    at = tuple((draft.shape.id, draft.at("id")) for draft in bank.drafts)
    return Compiled(tuple(built(bank)), problems=tuple(dict.fromkeys(problems)), at=at)


def _task(sources: Sequence[Source], elsewhere: Collection[str]) -> Compiled:
    from bot.knowledge.corpus_check import Bank, check_bank
    from bot.knowledge.corpus_files import built, read_into
    from bot.knowledge.corpus_tasks import task_folders

    problems: list[Problem] = []
    bank = Bank(elsewhere=frozenset(elsewhere))
    (folder,) = task_folders(sources)
    task = read_into(bank, folder, problems)
    check_bank(bank, problems)
    at = [(draft.shape.id, draft.at("id")) for draft in bank.drafts]
    return Compiled(tuple(built(bank)), task=task, problems=tuple(dict.fromkeys(problems)), at=tuple(at))


def _flow(source: Source) -> Compiled:
    from bot.knowledge.corpus_files import read_flow

    problems: list[Problem] = []
    flow = read_flow(source, problems)
    at = ((flow.id, source.at(("id",))),) if flow else ()
    return Compiled(flow=flow, problems=tuple(problems), at=at)


def _placeholders(source: Source) -> Iterator[Problem]:
    """What of the template is not filled in yet: one problem a file, at the first place."""
    found = [
        (number, match.group())
        for number, line in enumerate(source.text.split("\n"), 1)
        if not line.lstrip().startswith("#") and (match := PLACEHOLDER.search(line))
    ]
    if not found:
        return
    first, text = found[0]
    rest = [str(number) for number, _ in found[1:]]
    more = ", ".join(rest[:MOST_LINES]) + (" …" if len(rest) > MOST_LINES else "")
    also = f" (and on {len(rest)} more line{'s' * (len(rest) > 1)}: {more})" if rest else ""
    says = f"the template's “{text}” is still there{also}; write your own text in its place"
    yield Problem(f"{source.name}:{first}", says)
