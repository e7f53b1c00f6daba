"""Reads a lab task, a folder of its own: what is to be built, by which measure, and the experiments on it.

Its questions are read like all others (corpus_files); here they get what the folder's other files hold. Nothing is run.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from bot.core.question import Experiment, Recorded
from bot.core.training import LARGEST_SOURCE, Case, Limits, Task
from bot.knowledge.corpus_draft import Draft
from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.corpus_tables import shaped, toml
from bot.knowledge.corpus_task_shapes import CasesFile, RecordedFile, RunShape, TaskFile
from bot.knowledge.corpus_words import nearest

TASK, QUESTION, EXPERIMENTS = "task.toml", "question.toml", "experiments.toml"
STATEMENT, STARTER, REFERENCE, EXPERIMENT = "statement.md", "starter.py", "reference.py", "experiment.py"
CASES, RECORDED = "cases.json", "recorded.json"
REQUIRED = (TASK, STATEMENT, STARTER, REFERENCE, QUESTION)
#: The files whose tables are questions, and statements about them.
QUESTIONS = (QUESTION, "question.statements.toml", EXPERIMENTS, "experiments.statements.toml")
KNOWN = frozenset({*REQUIRED, *QUESTIONS, EXPERIMENT, CASES, RECORDED})
#: What stands in a reference for the program of reference.py.
HOLE = "{reference.py}"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class TaskFolder:
    """The files of one task by their names; `name` is the folder's, as problems give it."""

    id: str
    name: str
    files: Mapping[str, Source] = field(default_factory=dict)

    def at(self, file: str) -> str:
        return self.files[file].name if file in self.files else f"{self.name}/{file}"

    def text(self, file: str) -> str:
        return self.files[file].text.strip("\n") if file in self.files else ""

    @property
    def questions(self) -> list[Source]:
        """The files that are read as questions and statements."""
        return [self.files[name] for name in QUESTIONS if name in self.files]


def task_folders(sources: Iterable[Source]) -> list[TaskFolder]:
    """The sources by the folders that they lie in."""
    folders: dict[str, dict[str, Source]] = {}
    for source in sources:
        path = PurePath(source.name)
        folders.setdefault(path.parent.as_posix(), {})[path.name] = source
    return [TaskFolder(PurePath(name).name, name, files) for name, files in folders.items()]


def read_task(folder: TaskFolder, problems: list[Problem]) -> Task | None:
    """The task without its questions; None where task.toml cannot be read."""
    problems.extend(_files(folder))
    problems.extend(_programs(folder))
    if TASK not in folder.files:
        return None
    source = folder.files[TASK]
    table = toml(source, problems)
    shape = None if table is None else shaped(TaskFile, table, source, (), "", problems)
    if shape is None:
        return None
    problems.extend(_measure(shape, folder))
    return Task(
        id=folder.id,
        title=shape.title,
        measure=shape.measure,
        limits=Limits(seconds=shape.limits.seconds, memory=shape.limits.memory),
        accuracy=shape.accuracy,
        most_parameters=shape.most_parameters,
        runs=shape.runs,
        function=shape.function or "",
        cases=_cases(folder, problems),
        follow_ups=tuple(shape.follow_ups),
        forbids=tuple(shape.forbids),
        program=f"{folder.text(EXPERIMENT)}\n" if EXPERIMENT in folder.files else "",
    )


def _files(folder: TaskFolder) -> Iterable[Problem]:
    if not _ID.match(folder.id):
        yield Problem(folder.name, "a task's folder has a name of lower-case letters, digits and hyphens; rename it")
    for name in REQUIRED:
        if name not in folder.files:
            yield Problem(folder.at(name), f"the task {folder.id!r} lacks this file; write it")
    for name in folder.files.keys() - KNOWN:
        yield Problem(folder.at(name), f"nobody reads this file of a task{nearest(name, KNOWN)}")
    for one, other in ((EXPERIMENT, EXPERIMENTS), (EXPERIMENTS, EXPERIMENT), (RECORDED, EXPERIMENTS)):
        if one in folder.files and other not in folder.files:
            yield Problem(folder.at(one), f"{one} is of no use without {other}; write that file, too")


def _programs(folder: TaskFolder) -> Iterable[Problem]:
    """Programs must be Python and short enough to be handed in, and no question be hidden in the statement."""
    for name in (STARTER, REFERENCE, EXPERIMENT):
        if name not in folder.files:
            continue
        if len(folder.files[name].text.encode()) > LARGEST_SOURCE:
            yield Problem(folder.at(name), f"the program is larger than {LARGEST_SOURCE >> 10} KiB; shorten it")
            continue
        try:
            ast.parse(folder.files[name].text)
        except SyntaxError as error:
            yield Problem(f"{folder.at(name)}:{error.lineno}", f"this is not Python ({error.msg}); mend the line")
        except (ValueError, RecursionError) as error:
            yield Problem(folder.at(name), f"this cannot be parsed as Python ({error}); mend the program")
    if STATEMENT in folder.files and not folder.text(STATEMENT).strip():
        yield Problem(folder.at(STATEMENT), "the statement is empty; write what is to be built")


def _measure(shape: TaskFile, folder: TaskFolder) -> Iterable[Problem]:
    """What belongs to the one measure and not to the other."""
    at = folder.files[TASK].at
    if shape.measure == "call":
        if shape.function is None:
            yield Problem(at(("measure",)), "`function` is missing; write the name of the function that is called")
        if shape.cases is None:
            yield Problem(at(("measure",)), '`cases` is missing; write cases = "cases.json", and that file')
        for key in ("accuracy", "most_parameters"):
            if getattr(shape, key) is not None:
                yield Problem(at((key,)), f"`{key}` belongs to tasks that classify; leave it out")
    else:
        for key in ("function", "cases"):
            if getattr(shape, key) is not None:
                yield Problem(at((key,)), f'`{key}` belongs to tasks with measure = "call"; leave it out')
    if shape.cases is not None and CASES not in folder.files:
        yield Problem(folder.at(CASES), f"the task {folder.id!r} lacks this file, which `cases` names; write it")
    if shape.cases is None and CASES in folder.files:
        yield Problem(folder.at(CASES), 'nobody reads this file; write cases = "cases.json" into task.toml')


def _cases(folder: TaskFolder, problems: list[Problem]) -> tuple[Case, ...]:
    if CASES not in folder.files:
        return ()
    source = folder.files[CASES]
    data = _json(source, problems)
    shape = None if data is None else shaped(CasesFile, data, source, (), "", problems)
    if shape is None:
        return ()
    for i, case in enumerate(shape.cases):
        sizes = [math.prod(dimensions) for dimensions in case.shapes]
        if sizes != [len(numbers) for numbers in case.inputs]:
            says = f"case {i + 1}: the shapes {case.shapes} want {sizes} numbers, and `inputs` has others; mend one"
            problems.append(Problem(source.name, says))
    return tuple(
        Case(
            inputs=tuple(map(tuple, case.inputs)),
            shapes=tuple(map(tuple, case.shapes)),
            expects=tuple(case.expects),
            tolerance=case.tolerance,
            says=case.says or "",
        )
        for case in shape.cases
    )


def _json(source: Source, problems: list[Problem]) -> Any:
    try:
        return json.loads(source.text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f"{source.name}:{line}" if line else source.name
        problems.append(Problem(where, f"this is not JSON: {error}; mend the line"))
        return None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def with_folder(drafts: Sequence[Draft], folder: TaskFolder, problems: list[Problem]) -> list[Draft]:
    """The questions of a task with what its other files hold: statement, starter, program, what was recorded."""
    first = [draft for draft in drafts if draft.source.name == folder.at(QUESTION)]
    others = [draft for draft in drafts if draft.source.name == folder.at(EXPERIMENTS)]
    if len(first) > 1 or (first and first[0].shape.kind != "code"):
        says = f'{QUESTION} holds one question of the kind "code"; experiments stand in {EXPERIMENTS}'
        problems.append(Problem(first[-1].at("kind"), says))
    recorded = _recorded(folder, problems, [draft.shape.id for draft in others])
    defaults = _defaults(folder, problems)
    for draft in others:
        problems.extend(_experiment(draft, defaults))
    return [
        *(_with_task(draft, folder, problems) for draft in first),
        *(_with_experiment(draft, folder, recorded) for draft in others),
    ]


def _with_task(draft: Draft, folder: TaskFolder, problems: list[Problem]) -> Draft:
    shape = draft.shape
    for key, file in (("statement", STATEMENT), ("starter", STARTER)):
        if getattr(shape, key) is not None:
            problems.append(Problem(draft.at(key), f"{draft.said}`{key}` comes from {file}; leave it out here"))
    fence = f"```python\n{folder.text(REFERENCE)}\n```"
    update = {
        "statement": folder.text(STATEMENT).strip() or None,
        "starter": folder.text(STARTER) or None,
        "reference": shape.reference.replace(HOLE, fence),
    }
    return replace(draft, shape=shape.model_copy(update=update), task=folder.id)


def _with_experiment(draft: Draft, folder: TaskFolder, recorded: Mapping[str, tuple[Recorded, ...]]) -> Draft:
    shape = draft.shape.experiment
    if shape is None:
        return draft
    experiment = Experiment(
        task=folder.id,
        changes=shape.changes,
        base=shape.base,
        expects=shape.expects,
        recorded=recorded.get(draft.shape.id, ()),
    )
    return replace(draft, experiment=experiment)


def _experiment(draft: Draft, defaults: Mapping[str, Any] | None) -> Iterable[Problem]:
    """An experiment is predicted, and changes settings that the program has."""
    shape = draft.shape
    if shape.kind != "predict":
        yield Problem(draft.at("kind"), f'{draft.said}an experiment is predicted; write kind = "predict"')
    for table in ("changes", "base"):
        for key, value in (getattr(shape.experiment, table) if shape.experiment else {}).items():
            if defaults is not None and key not in defaults:
                says = f"{draft.said}{EXPERIMENT} has no setting {key!r}{nearest(key, defaults)}"
                yield Problem(draft.at("experiment", table), says)
            elif defaults is not None and type(value) is not type(defaults[key]):
                says = f"{draft.said}the setting {key!r} is like {defaults[key]!r}; write a value of that kind"
                yield Problem(draft.at("experiment", table), says)


def _defaults(folder: TaskFolder, problems: list[Problem]) -> Mapping[str, Any] | None:
    """The settings of experiment.py: a dictionary DEFAULTS that can be read off the text."""
    if EXPERIMENT not in folder.files:
        return None
    try:
        tree = ast.parse(folder.files[EXPERIMENT].text)
    except (SyntaxError, ValueError, RecursionError):  # has been said
        return None
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    named = [node for node in assigned if [ast.unparse(target) for target in node.targets] == ["DEFAULTS"]]
    try:
        found = ast.literal_eval(named[0].value) if named else None
    except ValueError:
        found = None
    if isinstance(found, dict) and "SETTINGS" in folder.files[EXPERIMENT].text:
        return found
    says = "the program needs a dictionary DEFAULTS of plain values, and `{**DEFAULTS, **SETTINGS}`; write both"
    problems.append(Problem(folder.at(EXPERIMENT), says))
    return None


def _recorded(folder: TaskFolder, problems: list[Problem], known: Sequence[str]) -> dict[str, tuple[Recorded, ...]]:
    if RECORDED not in folder.files:
        return {}
    source = folder.files[RECORDED]
    data = _json(source, problems)
    shape = None if data is None else shaped(RecordedFile, data, source, (), "", problems)
    if shape is None:
        return {}
    for id_, runs in shape.experiments.items():
        if id_ not in known:
            says = f"there is no experiment {id_!r}{nearest(id_, known)}; record them anew"
            problems.append(Problem(source.name, says))
        if any(len(run.steps) != len(run.losses) for run in (runs.ran, runs.beside)):
            problems.append(Problem(source.name, f"{id_!r}: there must be a loss for each step; record it anew"))
    return {id_: (_run(runs.ran, shape.on), _run(runs.beside, shape.on)) for id_, runs in shape.experiments.items()}


def _run(shape: RunShape, on: str) -> Recorded:
    return Recorded(on, shape.accuracy, tuple(shape.steps), tuple(shape.losses))


def check_task(task: Task, source: Source, questions: Iterable[str]) -> list[Problem]:
    """What a task names that is not there."""
    known = set(questions)
    return [
        Problem(source.at(("follow_ups",)), f"there is no question {name!r}{nearest(name, known)}")
        for name in task.follow_ups
        if name not in known
    ]
