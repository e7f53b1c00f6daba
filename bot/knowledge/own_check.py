"""Checks corpus files as their author wants it: every problem with its file and line, and what to write.

Shapes and references are corpus_check's, nearness of statements is corpus_statements'; here their findings are placed.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core.question import ENOUGH_STATEMENTS, Question
from bot.errors import WrongUsage
from bot.knowledge.corpus import Corpus
from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.corpus_statements import check_statements
from bot.knowledge.own_corpus import FOLDER, PARTS, clash, flow_problems, task_problems
from bot.knowledge.own_files import TASK, Compiled, Group, Kind, compiled, groups_in, main_file
from bot.ports import Embedder


@dataclass(frozen=True)
class Checked:
    """What came of checking a group of files."""

    group: Group
    sources: tuple[Source, ...]
    held: Compiled
    problems: tuple[Problem, ...]

    def count(self, severity: str) -> int:
        """How many errors or warnings there are."""
        return sum(problem.severity == severity for problem in self.problems)


@dataclass(frozen=True)
class Around:
    """The corpus around the files that are checked: what comes with Viva (and where), and one's own."""

    shipped: Corpus
    folder: Path
    own: Corpus
    at: Mapping[str, str]


def groups_of(paths: Iterable[Path], own: Path) -> list[Group]:
    """The groups that the paths name: files, folders, or names of files of one's own; WrongUsage for others."""
    found = [group for path in paths for group in _groups(path, own)]
    return list(dict.fromkeys(found))


def _groups(path: Path, own: Path) -> list[Group]:
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        return [Group("questions", _meant(path, own))]
    if main_file(path).name == TASK:
        return [Group("tasks", main_file(path))]
    if path.suffix == ".md":
        return [Group("notes", path)]
    if path.suffix != ".toml":
        raise WrongUsage(
            f"{path} is no corpus file: questions and interviews stand in .toml files, notes in .md files. "
            "A template for a question: viva questions new my-question"
        )
    return [Group(_kind(path), main_file(path) if main_file(path).exists() else path)]


def _in_folder(folder: Path) -> list[Group]:
    parts = {"interviews": "interviews", "notes": "notes", "tasks": "tasks"}
    if folder.parent.name == "tasks" or (folder / TASK).is_file():
        return [Group("tasks", folder / TASK)]
    groups = groups_in(folder) if any((folder / part).is_dir() for part in PARTS) else []
    if folder.name in ("questions", *parts):
        groups += [group for group in groups_in(folder.parent) if folder in group.file.parents[:2]]
    elif (folder / FOLDER).is_dir():
        groups += _in_folder(folder / FOLDER)
    elif not groups:
        groups = [group for path in sorted(folder.glob("*.toml")) for group in _groups(path, folder)]
    if not groups:
        raise WrongUsage(f"The folder {folder} holds no corpus file. Make one: viva questions new my-question")
    return groups


def _meant(path: Path, own: Path) -> Path:
    """A file that is named by its id alone, or without its ending; WrongUsage with the nearest name."""
    for place in (path.with_name(f"{path.name}.toml"), own / "questions" / f"{path.name}.toml"):
        if place.is_file():
            return place
    folder = path.parent if path.parent.is_dir() else Path()
    names = {str(near): near.stem for root in (folder, own / "questions") for near in root.glob("*.toml")}
    near = difflib.get_close_matches(path.stem, list(names.values()), n=1)
    meant = next((f" Did you mean {full}?" for full, name in names.items() if name in near), "")
    raise WrongUsage(f"There is no file {path}.{meant} A new question begins with: viva questions new {path.stem}")


def _kind(path: Path) -> Kind:
    """What a TOML file holds: by its folder, or by its keys."""
    if path.parent.name == "interviews":
        return "interviews"
    if path.parent.name == "questions":
        return "questions"
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8-sig")).keys()
    except (OSError, ValueError, RecursionError):  # what is wrong is said when it is read
        return "questions"
    return "interviews" if keys & {"step", "stage", "rounds"} else "questions"


def check_groups(groups: Sequence[Group], around: Around, embedder: Embedder | None) -> list[Checked]:
    """Checks the groups, each against the whole bank; without an embedder statements are not compared."""
    read = [(group, problems, group.read(problems)) for group in groups for problems in [list[Problem]()]]
    alone = [compiled(group.kind, sources) if sources else Compiled() for group, _, sources in read]
    ids = [{question.id for question in made.questions} for made in alone]
    flows = {made.flow.id for made in alone if made.flow} | {*around.shipped.interviews, *around.own.interviews}
    every = {*around.shipped.bank, *around.own.bank}.union(*ids)
    checked = []
    for n, (group, problems, sources) in enumerate(read):
        if not sources:
            checked.append(Checked(group, sources, Compiled(), tuple(problems)))
            continue
        here = {id_: at for made in alone[:n] for id_, at in made.at}
        held = compiled(group.kind, sources, every - ids[n])
        found = [*problems, *held.problems, *_taken(group, held, around, here)]
        if held.task is not None:
            at_home = group.file.resolve().is_relative_to(around.folder.resolve())
            found += task_problems(held, sources, {} if at_home else around.shipped.exercises, every)
        if held.flow is not None:
            found += flow_problems(held.flow, sources[0], every, flows)
        found += [problem for question in held.questions for problem in _statements(question, held, sources, embedder)]
        checked.append(Checked(group, sources, held, tuple(sorted(dict.fromkeys(found), key=_by_place))))
    return checked


def _by_place(problem: Problem) -> tuple[str, int]:
    name, line = place(problem)
    return name, line or 0


def place(problem: Problem) -> tuple[str, int | None]:
    """The file and the line of a problem."""
    name, _, line = problem.where.rpartition(":")
    return (name, int(line)) if name and line.isdigit() else (problem.where, None)


def _taken(group: Group, held: Compiled, around: Around, here: Mapping[str, str]) -> Iterator[Problem]:
    """Ids that are taken. The shipped bank's own files take none from themselves."""
    at_home = group.file.resolve().is_relative_to(around.folder.resolve())
    elsewhere = {id_: at for id_, at in around.at.items() if _file_of(at) not in map(str, map(_real, group.files))}
    what = "flow" if group.kind == "interviews" else "question"
    ids = [held.flow.id] if held.flow else [question.id for question in held.questions]
    for id_ in ids:
        shipped = around.shipped.interviews if held.flow else around.shipped.bank
        found = clash(what, id_, held.place(id_, str(group.file)), {} if at_home else shipped, {**elsewhere, **here})
        if found:
            yield found


def _file_of(at: str) -> str:
    return str(_real(Path(at.rpartition(":")[0])))


def _real(path: Path) -> Path:
    return path.resolve()


def _statements(
    question: Question, held: Compiled, sources: Sequence[Source], embedder: Embedder | None
) -> Iterator[Problem]:
    """Key points without enough statements, and statements that may mislead the grader, each at its line."""
    for point in question.points:
        if point.draft:
            says = (
                f"question {question.id!r}: the key point {point.id!r} has {len(point.true)} true and "
                f"{len(point.false)} false statements; write {ENOUGH_STATEMENTS} or {ENOUGH_STATEMENTS + 1} of each, "
                "or it is judged less surely"
            )
            yield Problem(_where(question, point.id, "", held, sources), says, "warning")
    if embedder is None or not any(point.true or point.false for point in question.points):
        return
    for problem in check_statements([question], embedder):
        _, _, point_id = problem.where.partition("/")
        yield replace(
            problem,
            where=_where(question, point_id, problem.says, held, sources),
            says=f"question {question.id!r}: {problem.says}",
        )


def _where(question: Question, point_id: str, says: str, held: Compiled, sources: Sequence[Source]) -> str:
    """The line of the statement that a problem quotes, of its point's statements, or of the question."""
    told = [text for point in question.points if point.id == point_id for text in (*point.true, *point.false)]
    quoted = [text for text in told if repr(text) in says]
    for source in sources[1:]:
        if quoted:
            first = min(quoted, key=lambda text: says.index(repr(text)))
            lines = source.text.split("\n")
            line = next((n for n, text in enumerate(lines, 1) if first in text), None)
            if line is not None:
                return f"{source.name}:{line}"
        at = source.at((question.id, point_id) if point_id else (question.id,))
        if at != source.name:
            return at
    return _point_at(question, point_id, held, sources[0]) or held.place(question.id, sources[0].name)


def _point_at(question: Question, point_id: str, held: Compiled, source: Source) -> str | None:
    """The line of a key point in its question's table."""
    ids = [point.id for point in question.points]
    if point_id not in ids:
        return None
    at = held.place(question.id, "")
    numbers = [place[1] for place in source.places if len(place) == 3 and place[2] == "id" and source.at(place) == at]
    return source.at(("question", numbers[0], "points", ids.index(point_id), "id")) if numbers else None
