"""Fits how the two readings are weighed, and writes bot/offline/weighing.json: python -m evals.reader.weigh FOLDER.

FOLDER is a run of evals.reader.train that held answers back, as it does by default: answers of a hand that it never
saw to questions that it knows, and answers to questions of which it saw nothing. The numbers are right for the
reader of that run; for one that has seen these answers too they are taken over.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from bot.core.marking import Mark, Part, Verdict, grade, standing
from bot.core.question import Question
from bot.offline.grader import OfflineGrader
from bot.offline.statement_words import Numbers
from bot.offline.weighing import Weighing, Weighings
from bot.offline.whole_answer import WholeAnswers, terse
from bot.ports.reading import STANDINGS
from evals.answers import WORTH, Labelled, Reply, replies, true_score
from evals.attacks import misplaced
from evals.measures import false_blame, false_praise, spearman
from evals.reader.train import split

OUT = Path(__file__).parent.parent.parent / "bot" / "offline" / "weighing.json"
VERSION = 2
RIDGE = 0.3
FOLDS = 6
#: A draft has no false statements, so that one of its measures is the same for all.
LEAST_SPREAD = 0.01
UNHEARD = -20.0
#: From the worth that is expected of a point to its credit. Straight through, everybody would get a little for nothing
#: and nobody full marks: what is most likely met counts whole, and what is most likely not met counts nothing. With
#: these borders what is given is neither above nor below what is due, in the mean (+.015 and +.002, held out); from .1
#: to .7 there was less praise (4.5 %, 4.6 %) and more blame (17 %, 26 %).
CREDIT = ((0.0, 0.0), (0.05, 0.0), (0.6, 1.0), (1.0, 1.0))
#: The fitting asks for measures only; nothing is weighed yet.
_BLANK = Weighing((), (), (), CREDIT)
NO_WEIGHINGS = Weighings(_BLANK, _BLANK, _BLANK, _BLANK, VERSION)


@dataclass(frozen=True)
class Row:
    """An answer's key point: its place in the question, its measures and its label's place in STANDINGS."""

    answer: Labelled | Reply
    place: int
    measures: Numbers
    label: int


def rows(grader: OfflineGrader, questions: Mapping[str, Question], answers: Sequence[Labelled]) -> list[Row]:
    """The measures of every point that words earn; none of an answer without a sentence to judge."""
    found: list[Row] = []
    for answer in answers:
        question = questions[answer.question]
        for place, measures in grader.measured(question, Part(answer.answer)).items():
            label = answer.points.get(question.points[place].id, "missing")
            found.append(Row(answer, place, measures, STANDINGS.index(label)))
    return found


def reply_rows(grader: OfflineGrader, questions: Mapping[str, Question], short: Sequence[Reply]) -> list[Row]:
    """The measures of the one point that each reply was asked about; none of one that is read as a whole answer."""
    found: list[Row] = []
    for one in short:
        part = Part(one.answer, about=one.about)
        if terse(part):
            for place, measures in grader.measured(questions[one.question], part).items():
                found.append(Row(one, place, measures, STANDINGS.index(one.label)))
    return found


def told_of_replies(data: Sequence[Row], chances: Numbers) -> str:
    """What the chances come to, by what the replies are labelled."""
    credit = np.array([_BLANK.credit_of(cast(Sequence[float], chance)) for chance in chances])
    labels = np.array([row.label for row in data])
    means = (f"{name} {credit[labels == n].mean():.2f}" for n, name in enumerate(STANDINGS) if (labels == n).any())
    right = np.mean(labels == chances.argmax(1))
    return f"{len(data)} replies: {', '.join(means)} in the mean; {right:.1%} as labelled"


def without_statements(question: Question) -> Question:
    """The question as its owner might have written it, with key points and nothing to compare with."""
    return replace(question, points=tuple(replace(point, true=(), false=()) for point in question.points))


def fitted(data: Sequence[Row]) -> dict[str, Any]:
    """The numbers of a Weighing, as it reads them."""
    from sklearn.linear_model import LogisticRegression

    x, y = np.array([row.measures for row in data]), np.array([row.label for row in data])
    centre, spread = x.mean(0), np.maximum(x.std(0), LEAST_SPREAD)
    model = LogisticRegression(C=RIDGE, max_iter=1000).fit((x - centre) / spread, y)
    numbers = np.zeros((len(STANDINGS), x.shape[1] + 1))
    numbers[:, -1] = UNHEARD  # of a verdict that nobody was given
    numbers[model.classes_] = np.column_stack([model.coef_, model.intercept_])
    return {
        "centre": [round(float(n), 5) for n in centre],
        "spread": [round(float(n), 5) for n in spread],
        "weights": [[round(float(n), 5) for n in row] for row in numbers],
        "credit": CREDIT,
    }


def held_out(data: Sequence[Row]) -> Numbers:
    """Each row's chances by numbers that were fitted without its question."""
    ids = sorted({row.answer.question for row in data})
    chances = np.zeros((len(data), len(STANDINGS)))
    for fold in range(FOLDS):
        out = set(ids[fold::FOLDS])
        weighing = as_weighing(fitted([row for row in data if row.answer.question not in out]))
        for n, row in enumerate(data):
            if row.answer.question in out:
                chances[n] = weighing.of(row.measures)
    return chances


def as_weighing(numbers: Mapping[str, Any]) -> Weighing:
    """The same numbers in use."""
    weights = tuple(tuple(row) for row in numbers["weights"])
    return Weighing(tuple(numbers["centre"]), tuple(numbers["spread"]), weights, tuple(numbers["credit"]))


def told(questions: Mapping[str, Question], answers: Sequence[Labelled], data: Sequence[Row], chances: Numbers) -> str:
    """What the chances come to, answer by answer: rank correlation, false praise, false blame."""
    credits: dict[str, dict[int, float]] = {answer.id: {} for answer in answers}
    for row, chance in zip(data, chances, strict=True):
        credits[row.answer.id][row.place] = _BLANK.credit_of(cast(Sequence[float], chance))
    true = np.array([true_score(questions[a.question], a.points) for a in answers])
    given = np.array([_score(questions[a.question], a, credits[a.id]) for a in answers])
    elsewhere = given[[a.kind.startswith("misplaced") for a in answers]]
    right = np.mean([row.label == int(c.argmax()) for row, c in zip(data, chances, strict=True)])
    return (
        f"{len(answers)} answers: Spearman {spearman(true, given):.3f}, false praise {false_praise(true, given):.1%}, "
        f"false blame {false_blame(true, given):.1%}; {right:.1%} of {len(data)} points as labelled; good answers to "
        f"other questions {elsewhere.mean():.2f} in the mean, {elsewhere.max():.2f} at most"
    )


def _score(question: Question, answer: Labelled, credits: Mapping[int, float]) -> float:
    marks = []
    for place, point in enumerate(question.points):
        read = not point.exact and not point.measured
        credit = credits.get(place, 0.0) if read else WORTH[answer.points.get(point.id, "missing")]
        marks.append(Mark(point.id, credit, 1.0, standing(credit)))
    return grade(question, [Part("", verdict=Verdict("weighed", tuple(marks)))]).score or 0.0


def main() -> None:
    from bot.knowledge.folders import Folders
    from bot.knowledge.reader import TransformerReader
    from bot.knowledge.reader_card import CARD_FILE, shipped_reader
    from bot.knowledge.reader_files import reader_files
    from evals.places import bank, embedder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="of a training run that held answers back")
    parser.add_argument("--write", action="store_true", help=f"writes {OUT.name}")
    options = parser.parse_args()
    questions = bank()
    shipped = shipped_reader(options.folder)
    if shipped is None:
        raise SystemExit(f"There is no reader in {options.folder}; python -m evals.reader.train makes one.")
    card = json.loads((options.folder / CARD_FILE).read_text(encoding="utf-8"))
    held = split(questions, card["trained"]["hands"].split(",")[-1], card["trained"]["left_out"])
    folders = Folders(options.folder, options.folder)
    reader = TransformerReader(shipped.name, lambda: reader_files(shipped, folders), shipped.learnt)
    bare = {id_: without_statements(question) for id_, question in questions.items()}
    parts = {
        "learnt": (questions, held.known),
        "others": (questions, held.left_out),
        "drafts": (bare, held.left_out),
    }
    numbers: dict[str, Any] = {"version": VERSION, "fitted_on": card["trained"]}
    for name, (asked, own) in parts.items():
        # Good answers to other questions are weighed with them: what is well told and beside the point earns nothing.
        answers = [*own, *misplaced(asked, own)]
        grader = OfflineGrader(embedder(), whole=WholeAnswers(reader, NO_WEIGHINGS))
        data = rows(grader, asked, answers)
        print(f"{name}: {told(asked, answers, data, held_out(data))}", flush=True)
        numbers[name] = fitted(data)
    new = [*replies("tuning"), *(r for r in replies("training") if r.question in held.out)]
    data = reply_rows(OfflineGrader(embedder(), whole=WholeAnswers(reader, NO_WEIGHINGS)), questions, new)
    print(f"replies: {told_of_replies(data, held_out(data))}", flush=True)
    numbers["replies"] = fitted(data)
    if options.write:
        OUT.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
        print(f"written to {OUT.name}")


if __name__ == "__main__":
    main()
