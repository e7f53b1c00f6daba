"""What was judged, counted: for each part of the report the figures of each contender, and those of a second reader.

It judges nothing and words nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.core.question import Question
from evals.answers import FOLDER, labelled, second_labels, true_score
from evals.grading.cases import KINDS, KNOWN, UNSEEN
from evals.grading.contenders import Outcome
from evals.grading.judging import Judged
from evals.measures import BLAMED, GOOD, Step, Value, calibration, calibration_error, measured

#: A second reader saw the key points, so that they are measured where those count.
READ = {"known": KNOWN, "unseen": UNSEEN}


@dataclass(frozen=True)
class Figures:
    """What one contender came to in a part. `kinds` and `blame` are means and shares by kind and by voice."""

    grader: str
    version: str
    n: int
    not_graded: int
    measures: Mapping[str, Value]
    kinds: Mapping[str, float]
    blame: Mapping[str, float]
    calibration: Sequence[Step] = ()
    calibration_error: float | None = None


@dataclass(frozen=True)
class Section:
    """A part of the report: how much there is, its true means by kind, and the figures of everybody."""

    part: str
    n: int
    questions: int
    kinds: Mapping[str, float]
    graders: Sequence[Figures]
    reader: Figures | None = None

    def of(self, grader: str) -> Figures:
        """The figures of a contender."""
        return next(one for one in self.graders if one.grader == grader)


def sections(judged: Sequence[Judged], versions: Mapping[str, str], bank: Mapping[str, Question]) -> list[Section]:
    """The parts that were judged, in order; `versions` by the contenders' names, in the order of the rows."""
    parts = dict.fromkeys(one.case.part for one in judged)
    return [_section(part, [j for j in judged if j.case.part == part], versions, bank) for part in parts]


def _section(part: str, judged: Sequence[Judged], versions: Mapping[str, str], bank: Mapping[str, Question]) -> Section:
    return Section(
        part,
        len(judged),
        len({j.case.question for j in judged}),
        _by_kind((j.case.kind, j.case.true) for j in judged),
        [_figures(name, version, judged) for name, version in versions.items()],
        second_reader(READ[part], bank) if part in READ else None,
    )


def _figures(name: str, version: str, judged: Sequence[Judged]) -> Figures:
    """What was not graded counts as 0, and is counted."""
    outcomes = [j.outcomes[name] for j in judged]
    given = [outcome.score or 0.0 for outcome in outcomes]
    steps = calibration([mark for j, o in zip(judged, outcomes, strict=True) for mark in _marks(j, o)])
    return Figures(
        name,
        version,
        len(judged),
        sum(outcome.score is None for outcome in outcomes),
        measured([j.case.true for j in judged], given, [j.case.question for j in judged]),
        _by_kind((j.case.kind, score) for j, score in zip(judged, given, strict=True)),
        _blame((j.case.voice, j.case.true, score) for j, score in zip(judged, given, strict=True)),
        steps,
        calibration_error(steps),
    )


def _marks(judged: Judged, outcome: Outcome) -> list[tuple[float, bool]]:
    """How sure each mark is, and whether its verdict is that of the label; marks without a label say nothing."""
    labels = judged.case.labels
    return [(sure, verdict == labels[point]) for point, verdict, sure in outcome.marks if point in labels]


def _by_kind(named: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The means of the kinds: those of labelled answers from good to bad, others as they came."""
    kinds = _means(named)
    return {kind: kinds[kind] for kind in (*KINDS, *kinds) if kind in kinds}


def _means(named: Iterable[tuple[str, float]]) -> dict[str, float]:
    groups: dict[str, list[float]] = {}
    for name, value in named:
        groups.setdefault(name, []).append(value)
    return {name: round(fmean(values), 4) for name, values in groups.items()}


def _blame(scored: Iterable[tuple[str, float, float]]) -> dict[str, float]:
    return _means((voice, float(given < BLAMED)) for voice, true, given in scored if true >= GOOD)


def second_reader(hands: Iterable[str], bank: Mapping[str, Question]) -> Figures:
    """What the labels of the second reader come to, held against those of the writers: no grader can agree better
    with labels than readers do. These labels are the first ones, before anything was settled between the two."""
    second = second_labels()
    read = [(name, one) for name in hands for one in labelled(FOLDER / f"{name}.jsonl") if one.id in second]
    true = [true_score(bank[one.question], one.points) for _, one in read]
    given = [true_score(bank[one.question], second[one.id]) for _, one in read]
    return Figures(
        "second reader",
        "",
        len(read),
        0,
        measured(true, given, [one.question for _, one in read]),
        _by_kind((one.kind, score) for (_, one), score in zip(read, given, strict=True)),
        _blame((name, was, score) for (name, _), was, score in zip(read, true, given, strict=True)),
    )
