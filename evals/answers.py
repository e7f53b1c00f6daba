"""Labelled answers: reads the files beside this one, and says what their labels amount to. It grades nothing.

Where two readers differed over a label, the hands in `labelled/` are read with what was settled; the files keep what
was first given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bot.core.marking import Mark, Part, Standing, Verdict, grade
from bot.core.question import Point, Question

HERE = Path(__file__).parent
#: Written blind to the statements; what the published figures are measured on, and nothing is tuned on.
BLIND = HERE / "opengenus.jsonl"
#: Written by the grader's author; what the weights are fitted on.
DEVELOPMENT = HERE / "grader_dev.jsonl"
#: Answers of many kinds, a file a hand; labelled/README.md says who wrote what, and what for.
FOLDER = HERE / "labelled"
Purpose = Literal["training", "tuning", "report"]
#: Who wrote the replies to follow-ups, by what they are for.
REPLIERS: Mapping[Purpose, Sequence[str]] = {"training": ("R0", "R1", "R2"), "tuning": ("R3",), "report": ("R4",)}
WORTH: Mapping[Standing, float] = {"met": 1.0, "partial": 0.5, "missing": 0.0, "wrong": 0.0}


@dataclass(frozen=True)
class Labelled:
    """An answer and what it says of each key point, by the writer who wrote it; `voice` is how it talks, where told."""

    id: str
    question: str
    kind: str
    answer: str
    points: Mapping[str, Standing]
    writer: str = ""
    voice: str = ""


@dataclass(frozen=True)
class Reply:
    """What somebody says to a follow-up, and how the one key point that it asked about stands by that."""

    id: str
    question: str
    about: str
    ask: str
    answer: str
    label: Standing
    writer: str


@dataclass(frozen=True)
class Twin:
    """A fact in several wordings, and its contrary in as many: with names, directions or numbers exchanged."""

    id: str
    true: tuple[str, ...]
    false: tuple[str, ...]


@dataclass(frozen=True)
class Settlement:
    """What two readers called a key point of an answer, and what holds: see the rule in labelled/README.md."""

    id: str
    point: str
    first: Standing
    second: Standing
    settled: Standing
    why: str


def labelled(path: Path) -> list[Labelled]:
    """The answers of a file, in order, with the labels that stand in it."""
    fields = ("id", "question", "kind", "answer", "points", "writer", "voice")
    return [Labelled(**{k: row[k] for k in fields if k in row}) for row in _rows(path)]


def hands(folder: Path = FOLDER) -> list[str]:
    """The names of the hands, in order."""
    return sorted(file.stem for file in folder.glob("?.jsonl"))


def hand(name: str, folder: Path = FOLDER) -> list[Labelled]:
    """The answers of a hand, in order, with what was settled where the second reader differed from the first."""
    return as_settled(labelled(folder / f"{name}.jsonl"), settlements(folder))


def off_subject(folder: Path = FOLDER) -> list[str]:
    """Texts on nothing that is asked, in the styles in which people explain; to train with, not to report on."""
    return [row["text"] for row in _rows(folder / "off_subject.jsonl")]


def elsewhere(folder: Path = FOLDER) -> tuple[dict[str, Question], list[Labelled]]:
    """Questions that no bank holds, with key points alone, and answers to them: to learn more subjects from."""
    questions: dict[str, Question] = {}
    answers: list[Labelled] = []
    for row in _rows(folder / "elsewhere.jsonl"):
        questions[row["id"]] = _bare(row["id"], row["ask"], row["points"])
        for n, one in enumerate(row["answers"], 1):
            answers.append(Labelled(f"Q-{row['id']}-{n}", row["id"], writer="Q", **one))
    return questions, answers


def twins(folder: Path = FOLDER) -> tuple[dict[str, Question], list[Twin]]:
    """Facts of no bank, each with what says it and with the same turned false by few words; and what they answer."""
    questions: dict[str, Question] = {}
    found: list[Twin] = []
    for n, row in enumerate(_rows(folder / "twins.jsonl")):
        one = Twin(f"twin-{n}", (row["says"], *row["right"]), (row["false"], *row["wrong"]))
        questions[one.id] = _bare(one.id, row["ask"], {"says": row["says"]})
        found.append(one)
    return questions, found


def replies(purpose: Purpose, folder: Path = FOLDER) -> list[Reply]:
    """Replies to follow-ups, most of them short: those that are there to be learnt from, or for another purpose."""
    every = [Reply(**row) for row in _rows(folder / "replies.jsonl")]
    return [one for one in every if one.writer in REPLIERS[purpose]]


def second_labels(folder: Path = FOLDER) -> dict[str, Mapping[str, Standing]]:
    """What the second readers called the key points of the answers that they read, by the answer's id."""
    return {row["id"]: row["points"] for row in _rows(folder / "second_reading.jsonl")}


def settlements(folder: Path = FOLDER) -> list[Settlement]:
    """Every disagreement that was settled."""
    return [Settlement(**row) for row in _rows(folder / "settled.jsonl")]


def as_settled(answers: Iterable[Labelled], settled: Iterable[Settlement]) -> list[Labelled]:
    """The answers with the settled labels in place of their own."""
    changes: dict[str, dict[str, Standing]] = {}
    for one in settled:
        changes.setdefault(one.id, {})[one.point] = one.settled
    return [replace(answer, points={**answer.points, **changes.get(answer.id, {})}) for answer in answers]


def true_score(question: Question, points: Mapping[str, Standing]) -> float:
    """What core/marking.py makes of the labels; a key point without one counts as missing, except what only a run
    shows, of which an answer says nothing.

    Labels do not say where in the answer a point was found, so that steps out of order go unnoticed.
    """
    labels = {point.id: points.get(point.id, "missing") for point in question.points if not point.measured}
    marks = tuple(Mark(id_, WORTH[label], 1.0, label) for id_, label in labels.items())
    return grade(question, [Part("", verdict=Verdict("labels", marks))]).score or 0.0


def _bare(id_: str, ask: str, says: Mapping[str, str]) -> Question:
    """A question of which nothing but the key points is known."""
    points = tuple(Point(point, told) for point, told in says.items())
    known = {"id": id_, "title": ask, "ask": ask, "reworded": ask, "plain": ask, "aim": "", "points": points}
    return Question(**known, level="intermediate", topics=(), reference=" ".join(says.values()), hints=())


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
