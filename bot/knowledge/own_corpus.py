"""One's own questions, flows, notes and lab tasks under VIVA_HOME/corpus, read beside those that come with Viva.

A file that is wrong is left out with a notice and stops nothing. What was read is kept by its content hash, so that
only changed files are read again. It writes no file of the author's.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from bot.core.flow import Flow
from bot.core.question import Question
from bot.core.records import decode, encode
from bot.core.training import Task
from bot.knowledge.corpus import COMPILED, Corpus
from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.own_files import TASK, Compiled, Group, compiled, digest, groups_in, readable

FOLDER = "corpus"
PARTS = ("questions", "interviews", "notes", "tasks")
CACHE = "own-corpus.json"
#: So many files are named in a notice; the command lists the rest.
MOST_NAMED = 3
CHECK = "viva questions check"
UNREADABLE = "the folder cannot be read; check its permissions"


@dataclass(frozen=True)
class Own:
    """What is one's own, without what was left out; `problems` says why, one for each file."""

    corpus: Corpus = field(default_factory=Corpus)
    problems: tuple[tuple[Group, Problem], ...] = ()
    at: Mapping[str, str] = field(default_factory=dict)

    def beside(self, shipped: Corpus) -> Corpus:
        """Both together."""
        return Corpus(
            bank={**shipped.bank, **self.corpus.bank},
            interviews={**shipped.interviews, **self.corpus.interviews},
            notes=(*shipped.notes, *self.corpus.notes),
            exercises={**shipped.exercises, **self.corpus.exercises},
        )

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person is told of the files that were left out."""
        named = [_notice(problem) for _, problem in self.problems[:MOST_NAMED]]
        more = len(self.problems) - MOST_NAMED
        if more > 0:
            named.append(f"{more} more of your files {'are' if more > 1 else 'is'} left out as well.")
        return (*named, f"Until it is mended the rest of your bank is used; see: {CHECK}") if named else ()


def own_folder(home: Path) -> Path:
    """Where one's own corpus lies."""
    return home / FOLDER


def read_own(home: Path, shipped: Corpus) -> Own | None:
    """One's own corpus, or None where there is none."""
    folder = own_folder(home)
    if not folder.is_dir():
        return None
    if not readable(folder):
        return Own(problems=((Group("questions", folder), Problem(str(folder), UNREADABLE)),))
    strays = list(_strays(folder))
    kept = _Kept(home / "index" / CACHE)
    read = [kept.compiled(group) for group in groups_in(folder)]
    kept.write()
    joined = _joined(read, shipped)
    return replace(joined, problems=(*strays, *joined.problems))


def _notice(problem: Problem) -> str:
    return f"Your file {problem.where} is left out: {problem.says}."


def _strays(folder: Path) -> Iterator[tuple[Group, Problem]]:
    """Files and folders in which nobody would look."""
    for part in PARTS:
        if (folder / part).is_dir() and not readable(folder / part):
            yield Group("questions", folder / part), Problem(str(folder / part), UNREADABLE)
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*.md"), *(folder / "tasks").glob("[!.]*.*")]):
        if path.is_file() and path.name.lower() != "readme.md":
            better = f"{folder / 'questions'} (or interviews, notes, tasks/NAME)"
            says = f"it lies outside the folders that are read; move it to {better}"
            yield Group("questions", path), Problem(str(path), says)


@dataclass(frozen=True)
class _Read:
    """A group, its files' texts, and what they hold."""

    group: Group
    sources: tuple[Source, ...]
    made: Compiled

    def place(self, id_: str) -> str:
        return self.made.place(id_, str(self.group.file))


class _Kept:
    """What was read of each group before, in one file, by the hash of its contents and of the code that read it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._made_by = _code()
        self._before = self._read()
        self._now: dict[str, Any] = {}
        self._fresh = False

    def compiled(self, group: Group) -> _Read:
        """The group as it was read before, when nothing changed; else it is read and checked now."""
        problems: list[Problem] = []
        sources = group.read(problems)
        if problems:  # what cannot be read today may be readable tomorrow, with the same contents
            return _Read(group, sources, Compiled(problems=tuple(problems)))
        key = digest(sources)
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
            found = decode(Compiled, self._before[key])
            self._now[key] = self._before[key]
            return _Read(group, sources, found)
        made = compiled(group.kind, sources)
        self._now[key] = encode(made)
        self._fresh = True
        return _Read(group, sources, made)

    def write(self) -> None:
        """Keeps what was read, when that has changed; a disk without room keeps nothing, and costs time alone."""
        if not self._fresh and self._now.keys() == self._before.keys():
            return
        text = json.dumps({"made_by": self._made_by, "groups": self._now}, ensure_ascii=False)
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{CACHE}-", dir=self._file.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(name).replace(self._file)
            except OSError:
                Path(name).unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._file.read_text(encoding="utf-8"))
            groups = data["groups"] if data["made_by"] == self._made_by else {}
            return groups if isinstance(groups, dict) else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _code() -> str:
    """A hash of the code that decides what is made of a file."""
    here = Path(__file__).parent
    told = hashlib.sha256()
    for path in sorted([*here.glob("corpus*.py"), here / "own_files.py"]):
        told.update(path.read_bytes())
    told.update(repr([one.name for shape in COMPILED for one in fields(shape)]).encode())
    return told.hexdigest()[:16]


def _joined(read: Sequence[_Read], shipped: Corpus) -> Own:
    """All groups that fit together and to the shipped bank."""
    left: list[tuple[Group, Problem]] = []
    bank: dict[str, Question] = {}
    at: dict[str, str] = {}
    for one in read:
        if one.group.kind == "questions" and _fits(one, _clashes(one, shipped, at), left):
            bank.update({question.id: question for question in one.made.questions})
            at.update(one.made.at)
    tasks = _tasks(read, shipped, bank, at, left)
    notes = [note for one in read if one.group.kind == "notes" and _fits(one, (), left) for note in one.made.notes]
    flows = [one for one in read if one.group.kind == "interviews"]
    interviews = _flows(flows, {*shipped.bank, *bank}, shipped, left)
    own_notes = tuple(replace(note, id=f"own-{note.id}") for note in notes)
    return Own(Corpus(bank, interviews, own_notes, tasks), tuple(left), at)


def _tasks(
    read: Sequence[_Read],
    shipped: Corpus,
    bank: dict[str, Question],
    at: dict[str, str],
    left: list[tuple[Group, Problem]],
) -> dict[str, Task]:
    """The lab tasks that fit; their questions are added to the bank, and where they stand."""
    tasks: dict[str, Task] = {}
    for one in read:
        if one.group.kind != "tasks":
            continue
        known = {*shipped.bank, *bank, *(question.id for question in one.made.questions)}
        wrong = [*_clashes(one, shipped, at), *task_problems(one.made, one.sources, shipped.exercises, known)]
        if _fits(one, wrong, left) and one.made.task is not None:
            tasks[one.made.task.id] = one.made.task
            bank.update({question.id: question for question in one.made.questions})
            at.update(one.made.at)
    return tasks


def task_problems(
    made: Compiled, sources: Sequence[Source], shipped: Mapping[str, Task], questions: set[str]
) -> list[Problem]:
    """What is wrong with a task's name, and what it names that is not there."""
    from bot.knowledge.corpus_tasks import check_task

    if made.task is None:
        return []
    source = next(one for one in sources if Path(one.name).name == TASK)
    taken = clash("task", made.task.id, source.name, shipped, {})
    return [*([taken] if taken else []), *check_task(made.task, source, questions)]


def _fits(one: _Read, clashes: Sequence[Problem], left: list[tuple[Group, Problem]]) -> bool:
    """True when nothing is wrong with a group; else the first problem is noted."""
    wrong = [*one.made.errors, *clashes]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        left.append((one.group, replace(wrong[0], says=wrong[0].says + more)))
    return not wrong


def _clashes(one: _Read, shipped: Corpus, at: Mapping[str, str]) -> list[Problem]:
    found = [clash("question", q.id, one.place(q.id), shipped.bank, at) for q in one.made.questions]
    return [problem for problem in found if problem is not None]


def clash(what: str, id_: str, where: str, shipped: Mapping[str, object], own: Mapping[str, str]) -> Problem | None:
    """What is wrong with an id that is taken: by what comes with Viva, or by another file of one's own."""
    if id_ in shipped:
        says = f"the id {id_!r} belongs to a {what} that comes with Viva; rename yours, to “my-{id_}” say"
        return Problem(where, says)
    if id_ in own:
        return Problem(where, f"the id {id_!r} is used twice, also at {own[id_]}; rename the newer one")
    return None


def _flows(read: Sequence[_Read], ids: set[str], shipped: Corpus, left: list[tuple[Group, Problem]]) -> dict[str, Flow]:
    names = {*shipped.interviews, *(one.made.flow.id for one in read if one.made.flow)}
    flows: dict[str, Flow] = {}
    at: dict[str, str] = {}
    for one in read:
        flow = one.made.flow
        taken = clash("flow", flow.id, one.place(flow.id), shipped.interviews, at) if flow else None
        named = flow_problems(flow, one.sources[0], ids, names) if flow else []
        if _fits(one, [taken, *named] if taken else named, left) and flow is not None:
            flows[flow.id], at[flow.id] = flow, one.place(flow.id)
    return flows


def flow_problems(flow: Flow, source: Source, questions: set[str], flows: set[str]) -> list[Problem]:
    """What a flow names that is not there."""
    from bot.knowledge.corpus_check import Bank, check_flows

    problems: list[Problem] = []
    check_flows([(flow, source)], Bank(elsewhere=frozenset(questions)), problems, flows)
    return problems
