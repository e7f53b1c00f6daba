"""What the graders are measured on: the parts of the report, as cases with a true score each. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.core.marking import Standing
from bot.core.question import Question
from bot.knowledge.answer_lines import AnswerLine
from bot.knowledge.rubrics import given
from evals.answers import FOLDER, WORTH, Labelled, Reply, hand, replies, true_score
from evals.attacks import attacks, misplaced

#: What can be asked for, and the hands that each part is made of.
PARTS = ("known", "unseen", "reference", "voices", "replies", "attacks")
KNOWN, UNSEEN = ("D",), ("E", "F", "G")
#: Pairs that a few words tell apart, and what is right and what is wrong in the same odd voices.
VOICES = {"voices, known": "K", "voices, unseen": "L"}
#: The files that the figures rest on.
FILES = tuple(
    FOLDER / f"{name}.jsonl" for name in (*KNOWN, *UNSEEN, *VOICES.values(), "replies", "second_reading", "settled")
)
#: The kinds of the labelled answers, the best first; other kinds stand as they come.
KINDS = (
    *("excellent", "odd-words", "good", "mixed", "odd-mixed", "partial", "weak"),
    *("wrong", "odd-wrong", "swapped", "negated", "vague", "soup"),
)


@dataclass(frozen=True)
class Case:
    """An answer, what it is judged by, and its true score.

    Without `lines` it is judged by its question, as in an interview; else as `viva grade` judges these lines, of which
    the best counts: a question of a public set may have several references. `rubrics` are the questions meant. A reply
    to a follow-up is `about` one key point, whose credit is its score.
    """

    id: str
    part: str
    voice: str
    kind: str
    question: str
    answer: str
    true: float
    rubrics: Sequence[Question]
    labels: Mapping[str, Standing] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] = ()
    about: str | None = None


def cases(part: str, bank: Mapping[str, Question]) -> list[Case]:
    """All cases of a part, in order."""
    if part == "attacks":
        return made(bank)
    if part == "voices":
        told = [(name, one) for name, file in VOICES.items() for one in hand(file)]
        return [_labelled(name, one.voice, one, bank[one.question]) for name, one in told]
    if part == "replies":
        return [_reply(one, bank[one.question]) for one in replies("report")]
    answers = [(name, one) for name in (KNOWN if part == "known" else UNSEEN) for one in hand(name)]
    if part == "reference":
        return [by_reference(name, one, bank[one.question]) for name, one in answers]
    return [_labelled(part, name, one, bank[one.question]) for name, one in answers]


def made(bank: Mapping[str, Question]) -> list[Case]:
    """The answers made from the questions of the report, those that some grader may know apart from the others.

    They are made from these alone and in one order, so that another question in the bank changes none of them.
    """
    known, unseen = (asked(names) for names in (KNOWN, UNSEEN))
    of = {name: bank[name] for name in sorted(known | unseen)}
    parts = {name: "attacks, known" if name in known else "attacks, unseen" for name in of}
    foreign = [one for names in (KNOWN, UNSEEN) for one in misplaced(bank, [a for name in names for a in hand(name)])]
    return [_labelled(parts[one.question], "made", one, bank[one.question]) for one in (*attacks(of), *foreign)]


def asked(hands: Iterable[str]) -> frozenset[str]:
    """The ids of the questions that these hands answer."""
    return frozenset(one.question for name in hands for one in hand(name))


def by_reference(name: str, one: Labelled, question: Question) -> Case:
    """The answer with nothing but the question's text and its reference to be judged by."""
    line = {"question": question.ask, "answer": one.answer, "reference": question.reference}
    true = true_score(question, one.points)
    return of_lines(one.id, "reference", name, one.kind, one.question, true, [line])


def of_lines(
    id_: str, part: str, voice: str, kind: str, question: str, true: float, lines: Sequence[Mapping[str, Any]]
) -> Case:
    """A case that is judged as `viva grade` judges these lines, each of which holds the answer."""
    rubrics = [given(AnswerLine.model_validate(line), line["question"]) for line in lines]
    return Case(id_, part, voice, kind, question, lines[0]["answer"], true, rubrics, lines=lines)


def _labelled(part: str, name: str, one: Labelled, question: Question) -> Case:
    true = true_score(question, one.points)
    return Case(one.id, part, name, one.kind, one.question, one.answer, true, [question], one.points)


def _reply(one: Reply, question: Question) -> Case:
    part = "replies, known" if one.question in asked(KNOWN) else "replies, unseen"
    labels = {one.about: one.label}
    return Case(
        one.id,
        part,
        one.writer,
        one.label,
        one.question,
        one.answer,
        WORTH[one.label],
        [question],
        labels,
        about=one.about,
    )


def sample(every: Sequence[Case], size: int, seed: int) -> list[Case]:
    """So many cases, of each part, voice and kind its share; the same cases and seed give the same sample.

    All stand in a row, stratum by stratum and shuffled within each, of which every n-th is taken.
    """
    if size >= len(every):
        return list(every)
    strata: dict[tuple[str, str, str], list[Case]] = {}
    for case in every:
        strata.setdefault((case.part, case.voice, case.kind), []).append(case)
    row: list[Case] = []
    for name, found in sorted(strata.items()):
        row += Random(f"{seed}:{name}").sample(sorted(found, key=lambda case: case.id), len(found))
    chosen = {id(row[(2 * n + 1) * len(row) // (2 * size)]) for n in range(size)}
    return [case for case in every if id(case) in chosen]
