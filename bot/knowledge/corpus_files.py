"""Reads the files under a corpus folder into questions, flows and notes, and says what is wrong with them and where.

Every file is read even when another one is broken, so that an author sees all errors at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.core.flow import Flow, Stage, Step
from bot.core.question import FollowUp, Misconception, Option, Point, Question, Work
from bot.knowledge import corpus_shapes as shapes
from bot.knowledge.corpus import Corpus
from bot.knowledge.corpus_check import Bank, check_bank, check_flows, check_notes
from bot.knowledge.corpus_draft import Draft
from bot.knowledge.corpus_notes import read_notes
from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.corpus_words import nearest, sentence

Shape = TypeVar("Shape", bound=BaseModel)

#: The largest corpus file that is read: a hundred times what a topic needs, and small enough to be parsed.
LARGEST_FILE = 4 * 1024 * 1024
STATEMENTS = ".statements.toml"


def read_folder(folder: Path) -> tuple[Corpus, list[Problem]]:
    """The corpus as far as it could be read, and everything that is wrong with it."""
    problems: list[Problem] = []
    if not (folder / "questions").is_dir():
        return Corpus(), [Problem(str(folder), "there is no folder `questions` here; name the folder of a corpus")]
    bank = read_bank(_sources(folder, "questions/*.toml", problems), problems)
    check_bank(bank, problems)
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
    )
    return corpus, problems


def read_bank(sources: Iterable[Source], problems: list[Problem], elsewhere: Collection[str] = ()) -> Bank:
    """The questions and statements of some files, not checked yet; `elsewhere` holds the ids of other questions."""
    bank = Bank(elsewhere=frozenset(elsewhere))
    for source in sources:
        table = _toml(source, problems)
        if table is None:
            bank.complete = False
        elif source.name.endswith(STATEMENTS):
            bank.statements.extend(_statements(source, table, problems))
        else:
            _read_questions(source, table, bank, problems)
    return bank


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
        shape = _shaped(shapes.QuestionShape, item, source, path, f"question {item.get('id', index + 1)!r}: ", problems)
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
            shape = _shaped(shapes.StatementsShape, statements, source, (question, point), said, problems)
            if shape is not None:
                yield question, point, shape, source


def read_flow(source: Source, problems: list[Problem]) -> Flow | None:
    """The flow of a file, not checked yet; None where its file cannot be read."""
    table = _toml(source, problems)
    shape = None if table is None else _shaped(shapes.FlowFile, table, source, (), "", problems)
    return None if shape is None else _flow(shape)


def built(bank: Bank) -> list[Question]:
    """The questions with their statements."""
    return [_question(draft, bank) for draft in bank.drafts]


def _sources(folder: Path, pattern: str, problems: list[Problem]) -> Iterator[Source]:
    """The readable files that match, by name."""
    for path in sorted(folder.glob(pattern)):
        source = read_source(path, path.relative_to(folder).as_posix(), problems)
        if source is not None:
            yield source


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


def _toml(source: Source, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        says, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        where = f"{source.name}:{line.group(1)}" if line else source.name
        problems.append(Problem(where, f"this is not TOML: {says}; mend the line, or put the text in quotation marks"))
        return None


def _shaped(
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
