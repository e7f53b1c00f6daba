"""The tables of `viva eval grader` in Markdown, and the same as plain data. It counts nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evals.grading.figures import Section
from evals.measures import Value

TITLES: Mapping[str, str] = {
    "known": "Known questions, a writer nothing was learnt from",
    "unseen": "Questions never trained on",
    "reference": "The same answers, judged from the question's reference alone",
    "voices, known": "Pairs that a few words tell apart, and right and wrong in the same odd voices, known questions",
    "voices, unseen": "The same, questions never trained on",
    "replies, known": "Replies to follow-ups, each worth what it says of the one key point, known questions",
    "replies, unseen": "The same, questions never trained on",
    "attacks, known": "Answers made to deceive, on known questions",
    "attacks, unseen": "Answers made to deceive, on questions never trained on",
}
#: The columns of the first table: their headings, the measure, and whether it is a share.
COLUMNS = (
    ("Spearman", "spearman", False),
    ("Pearson's r", "pearson", False),
    ("false praise", "false_praise", True),
    ("false blame", "false_blame", True),
    ("score error", "error", False),
)
LEGEND = """\
In brackets the interval that holds 95 of 100 draws of as many questions. *False praise*: of the answers worth .25 or
less, the share that was given more than .5; *false blame*: of those worth .8 or more, the share that was given less
than .6; *score error*: how far the score lies from the true one, in the mean. What was not graded counts as 0. The
scores of the first three are taken as they come. *Second reader*: other labels of a part of the same answers, held
against those of their writers."""


def whole(sections: Sequence[Section]) -> Iterator[str]:
    """Everything, part by part."""
    for section in sections:
        yield from (*heading(section), "", *figures(section), "")
        for table in (kinds(section), blame(section), calibration(section)):
            yield from (*table, "") if table else ()
    yield LEGEND


def brief(sections: Sequence[Section]) -> Iterator[str]:
    """The first table of each part, and the means by kind of the labelled answers."""
    for section in sections:
        yield from (*heading(section), "", *figures(section), "")
        if section.part in ("known", "voices, known", "attacks, known"):
            yield from (*kinds(section), "")
    yield LEGEND


def heading(section: Section) -> list[str]:
    """What the part is, and how much there is of it."""
    title = TITLES.get(section.part, f"Public set: {section.part}")
    questions = "1 question" if section.questions == 1 else f"{section.questions} questions"
    return [f"**{title}** ({section.n:,} answers to {questions})"]


def figures(section: Section) -> list[str]:
    """The first table: a row for each contender, and the second reader's last."""
    rows = [
        "| judged by | " + " | ".join(name for name, _, _ in COLUMNS) + " | not graded |",
        "| --- |" + " ---: |" * (len(COLUMNS) + 1),
    ]
    readers = [section.reader] if section.reader is not None else []
    for one in (*section.graders, *readers):
        cells = [_value(one.measures[measure], share) for _, measure, share in COLUMNS]
        name = f"*second reader, of {one.n}*" if one in readers else one.grader
        rows.append(f"| {name} | " + " | ".join(cells) + f" | {one.not_graded or '–'} |")
    return rows


def kinds(section: Section) -> list[str]:
    """The mean score by kind of answer."""
    if len(section.kinds) < 2:
        return []
    rows = ["| mean score | " + " | ".join(section.kinds) + " |", "| --- |" + " ---: |" * len(section.kinds)]
    named = [("*true*", section.kinds), *((one.grader, one.kinds) for one in section.graders)]
    return rows + [f"| {name} | " + " | ".join(_plain(of[kind]) for kind in section.kinds) + " |" for name, of in named]


def blame(section: Section) -> list[str]:
    """False blame by voice, where there are several."""
    voices = sorted({voice for one in section.graders for voice in one.blame})
    if len(voices) < 2:
        return []
    rows = [
        "| false blame | " + " | ".join(f"hand {v}" if len(v) == 1 else v for v in voices) + " |",
        "| --- |" + " ---: |" * len(voices),
    ]
    for one in section.graders:
        cells = [_share(one.blame[voice]) if voice in one.blame else "–" for voice in voices]
        rows.append(f"| {one.grader} | " + " | ".join(cells) + " |")
    return rows


def calibration(section: Section) -> list[str]:
    """How many marks are right, by how sure they were said to be."""
    sure = [one for one in section.graders if one.calibration]
    if not sure:
        return []
    rows = ["| marks right, by how sure | marks | sure | right |", "| --- | ---: | ---: | ---: |"]
    for one in sure:
        for step in one.calibration:
            cells = f"{step.n:,} | {_plain(step.sure)} | {_plain(step.right)}"
            rows.append(f"| {one.grader}, from {_plain(step.begins)} | {cells} |")
        rows.append(f"| {one.grader}, mean distance | | | {_plain(one.calibration_error)} |")
    return rows


def _value(value: Value, share: bool) -> str:
    if value.value is None:
        return "–"
    if value.low is None or value.high is None:
        return _share(value.value) if share else _plain(value.value)
    if share:
        return f"{_share(value.value)} ({100 * value.low:.1f} to {100 * value.high:.1f})"
    return f"{_plain(value.value)} ({_plain(value.low)} to {_plain(value.high)})"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def data(section: Section) -> dict[str, Any]:
    """A part as plain data."""
    return asdict(section)
