"""Reads the files under a corpus folder into questions, flows, notes and tasks, and says what is wrong and where.

Every file is read even when another one is broken, so that an author sees all errors at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.core.flow import Flow, Stage, Step
from bot.core.question import FollowUp, Misconception, Option, Point, Question, Work
from bot.core.training import Task
from bot.knowledge import corpus_shapes as shapes
from bot.knowledge.corpus import Corpus
from bot.knowledge.corpus_check import Bank, check_bank, check_flows, check_notes
from bot.knowledge.corpus_draft import Draft
from bot.knowledge.corpus_notes import read_notes
from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.corpus_tables import read_source, shaped, toml
from bot.knowledge.corpus_tasks import TASK, TaskFolder, check_task, read_task, task_folders, with_folder
from bot.knowledge.corpus_words import nearest

STATEMENTS = ".statements.toml"
TASK_FILES = "tasks/*/[!.]*"


def read_folder(folder: Path) -> tuple[Corpus, list[Problem]]:
    """The corpus as far as it could be read, and everything that is wrong with it."""
    problems: list[Problem] = []
    if not (folder / "questions").is_dir():
        return Corpus(), [Problem(str(folder), "there is no folder `questions` here; name the folder of a corpus")]
    bank = read_bank(_sources(folder, "questions/*.toml", problems), problems)
    folders = task_folders(_sources(folder, TASK_FILES, problems))
    tasks = {task.id: task for one in folders if (task := read_into(bank, one, problems)) is not None}
    check_bank(bank, problems)
    problems.extend(_named(folders, tasks, bank))
    flows = [
        (flow, source)
        for source in _sources(folder, "interviews/*.toml", problems)
        if (flow := read_flow(source, problems)) is not None
    ]
    check_flows(flows, bank, problems)
    notes = [note for source in _sources(folder, "notes/*.md", problems) for note in read_notes(source, problems)]
    check_notes(notes, bank, problems)
    corpus = Corpus(
        bank={question.id: question for question in built(bank)},
        interviews={flow.id: flow for flow, _ in flows},
        notes=tuple(note for note, _ in notes),
        exercises=tasks,
    )
    return corpus, problems


def read_bank(sources: Iterable[Source], problems: list[Problem], elsewhere: Collection[str] = ()) -> Bank:
    """The questions and statements of some files, not checked yet; `elsewhere` holds the ids of other questions."""
    bank = Bank(elsewhere=frozenset(elsewhere))
    _read_into(bank, sources, problems)
    return bank


def read_into(bank: Bank, folder: TaskFolder, problems: list[Problem]) -> Task | None:
    """Reads a lab task, and its questions into the bank."""
    task = read_task(folder, problems)
    before = len(bank.drafts)
    _read_into(bank, folder.questions, problems)
    drafts = with_folder(bank.drafts[before:], folder, problems)
    bank.drafts[before:] = drafts
    experiments = tuple(draft.shape.id for draft in drafts if draft.experiment is not None)
    return None if task is None else replace(task, experiments=experiments)


def _named(folders: Iterable[TaskFolder], tasks: Mapping[str, Task], bank: Bank) -> Iterator[Problem]:
    """What tasks name that is not there; where a file could not be read, nobody can say."""
    for folder in folders if bank.complete else ():
        if folder.id in tasks:
            yield from check_task(tasks[folder.id], folder.files[TASK], bank.ids | bank.broken)


def _read_into(bank: Bank, sources: Iterable[Source], problems: list[Problem]) -> None:
    for source in sources:
        table = toml(source, problems)
        if table is None:
            bank.complete = False
        elif source.name.endswith(STATEMENTS):
            bank.statements.extend(_statements(source, table, problems))
        else:
            _read_questions(source, table, bank, problems)


def _read_questions(source: Source, table: dict[str, Any], bank: Bank, problems: list[Problem]) -> None:
    for key in table.keys() - {"question"}:
        near = nearest(key, ["question"])
        problems.append(Problem(source.at((key,)), f"`{key}` is not a key of a question file{near}"))
    tables = table.get("question")
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        problems.append(Problem(source.name, "there is no question here; write a [[question]] table for each one"))
        return
    for index, item in enumerate(tables):
        path = ("question", index)
        shape = shaped(shapes.QuestionShape, item, source, path, f"question {item.get('id', index + 1)!r}: ", problems)
        if shape is None:
            bank.broken.add(str(item.get("id")))
        else:
            bank.drafts.append(Draft(shape, source, path))


def _statements(
    source: Source, table: dict[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, str, shapes.StatementsShape, Source]]:
    for question, points in table.items():
        if not isinstance(points, dict):
            says = f'`{question}` holds no statements; write tables such as ["{question}"."a-point".true]'
            problems.append(Problem(source.at((question,)), says))
            continue
        for point, statements in points.items():
            said = f"question {question!r}, point {point!r}: "
            shape = shaped(shapes.StatementsShape, statements, source, (question, point), said, problems)
            if shape is not None:
                yield question, point, shape, source


def read_flow(source: Source, problems: list[Problem]) -> Flow | None:
    """The flow of a file, not checked yet; None where its file cannot be read."""
    table = toml(source, problems)
    shape = None if table is None else shaped(shapes.FlowFile, table, source, (), "", problems)
    return None if shape is None else _flow(shape)


def built(bank: Bank) -> list[Question]:
    """The questions with their statements."""
    return [_question(draft, bank) for draft in bank.drafts]


def _sources(folder: Path, pattern: str, problems: list[Problem]) -> Iterator[Source]:
    """The readable files that match, by name."""
    for path in sorted(path for path in folder.glob(pattern) if not path.is_dir()):
        source = read_source(path, path.relative_to(folder).as_posix(), problems)
        if source is not None:
            yield source


#: What the tables of a question hold besides texts, numbers and lists of them.
TABLES: Mapping[str, type[Any]] = {
    "misconceptions": Misconception,
    "follow_ups": FollowUp,
    "further": Work,
    "options": Option,
}


def _question(draft: Draft, bank: Bank) -> Question:
    shape = draft.shape
    values = _fixed(shape)
    for name, kind in TABLES.items():
        values[name] = tuple(kind(**_fixed(table)) for table in getattr(shape, name))
    values["starter"] = f"{shape.starter}\n" if shape.starter else None
    values["task"], values["experiment"] = draft.task, draft.experiment
    values["points"] = tuple(_point(point, bank.of(shape.id, point.id)) for point in shape.points)
    return Question(**values)


def _point(shape: shapes.PointShape, statements: shapes.StatementsShape | None) -> Point:
    return Point(
        **_fixed(shape),
        true=_in_order(statements.true) if statements else (),
        false=_in_order(statements.false) if statements else (),
    )


def _fixed(shape: BaseModel) -> dict[str, Any]:
    """The values of a table, its lists as tuples."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in shape.model_dump().items()}


def _in_order(kinds: shapes.TrueShape | shapes.FalseShape) -> tuple[str, ...]:
    return tuple(said for kind in type(kinds).model_fields for said in getattr(kinds, kind))


def _flow(shape: shapes.FlowFile) -> Flow:
    values = _fixed(shape)
    del values["step"], values["stage"]
    values["briefing"] = shape.briefing or ""
    values["steps"] = tuple(Step(**_fixed(step)) for step in shape.step)
    values["stages"] = tuple(Stage(**_fixed(stage)) for stage in shape.stage)
    return Flow(**values)
