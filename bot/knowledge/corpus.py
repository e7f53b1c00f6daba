"""The corpus as the rest of Viva sees it: questions, flows, notes and lab tasks, from the files or a compiled form.

It parses nothing itself (corpus_files does) and knows no vectors.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.flow import Flow
from bot.core.question import Experiment, Point, Question
from bot.core.records import decode, encode
from bot.core.training import Case, Task
from bot.errors import BadCorpus, WrongUsage


@dataclass(frozen=True)
class Note:
    """A term of art, explained in a few sentences that answer no question of the bank.

    `also` holds its other names; while one of the questions in `not_during` is open, the term is not explained.
    """

    id: str
    term: str
    text: str
    topic: str
    also: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_during: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corpus:
    """All that was read, checked; a `bot.ports.Bank`."""

    bank: Mapping[str, Question] = field(default_factory=dict)
    interviews: Mapping[str, Flow] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    exercises: Mapping[str, Task] = field(default_factory=dict)

    def question(self, question_id: str) -> Question:
        """The question of that id; WrongUsage with the nearest id when there is none."""
        found = self.bank.get(question_id)
        if found is None:
            raise WrongUsage(_unknown("question", question_id, self.bank))
        return found

    def flow(self, name: str) -> Flow:
        """The flow of that name; WrongUsage with the nearest name when there is none."""
        found = self.interviews.get(name)
        if found is None:
            raise WrongUsage(_unknown("flow", name, self.interviews))
        return found

    def flows(self) -> Sequence[Flow]:
        """All flows, by name."""
        return tuple(self.interviews.values())

    def questions(self) -> Sequence[Question]:
        """All questions, in the order of the files."""
        return tuple(self.bank.values())

    def task(self, task_id: str) -> Task:
        """The lab task of that id; WrongUsage with the nearest id when there is none."""
        found = self.exercises.get(task_id)
        if found is None:
            raise WrongUsage(_unknown("task", task_id, self.exercises))
        return found

    def tasks(self) -> Sequence[Task]:
        """All lab tasks, by name."""
        return tuple(self.exercises.values())


#: What a corpus is compiled to: when their fields change, what was compiled before is not used.
COMPILED = (Question, Point, Experiment, Flow, Task, Case)


def corpus_folder() -> Path:
    """Where the corpus that belongs to this program lies: inside the package as installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "corpus", package.parent / "corpus"):
        if (folder / "questions").is_dir():
            return folder
    raise BadCorpus(
        f"The corpus is missing: no folder {package / 'corpus'} or {package.parent / 'corpus'}. Install Viva again."
    )


def read_corpus(folder: Path) -> Corpus:
    """Reads and checks every file of the corpus; BadCorpus names all that is wrong, each with its file and line."""
    from bot.knowledge.corpus_files import read_folder  # pydantic and tomllib are not needed for the compiled form

    corpus, problems = read_folder(folder)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise BadCorpus(_all_of(errors))
    return corpus


def to_data(corpus: Corpus) -> dict[str, Any]:
    """The corpus as plain JSON data."""
    return {
        "v": 1,
        "questions": [encode(question) for question in corpus.questions()],
        "flows": [encode(flow) for flow in corpus.flows()],
        "notes": [encode(note) for note in corpus.notes],
        "tasks": [encode(task) for task in corpus.tasks()],
    }


def from_data(data: Mapping[str, Any]) -> Corpus:
    """The corpus that `to_data` wrote down. It is not checked again."""
    questions = [decode(Question, item) for item in data["questions"]]
    flows = [decode(Flow, item) for item in data["flows"]]
    tasks = [decode(Task, item) for item in data["tasks"]]
    return Corpus(
        bank={question.id: question for question in questions},
        interviews={flow.id: flow for flow in flows},
        notes=tuple(decode(Note, item) for item in data["notes"]),
        exercises={task.id: task for task in tasks},
    )


#: How many problems one message lists: more of them hide the first ones from view.
MOST_PROBLEMS = 20
#: How many names an unknown one is answered with.
MOST_NAMES = 40


def _all_of(errors: Sequence[object]) -> str:
    """One message for all errors, one to a line."""
    if len(errors) == 1:
        return str(errors[0])
    lines = [f"The corpus has {len(errors)} errors:", *(f"  {error}" for error in errors[:MOST_PROBLEMS])]
    if len(errors) > MOST_PROBLEMS:
        lines.append(f"  ... and {len(errors) - MOST_PROBLEMS} more.")
    return "\n".join(lines)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    listed = f"The {what}s are: {', '.join(names)}." if names else f"The corpus holds no {what}."
    if len(names) > MOST_NAMES:
        listed = f"`viva {what}s` lists all {len(names)}."
    return f"There is no {what} {name[:60]!r}.{meant} {listed}"
