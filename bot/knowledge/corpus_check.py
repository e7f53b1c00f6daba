"""What the tables of a corpus say about each other: ids, references, weights, statements, flows. It reads no file."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.core.flow import Flow
from bot.core.measured import MEASURED
from bot.core.shown import FACTS
from bot.knowledge import corpus_shapes as shapes
from bot.knowledge.corpus import Note
from bot.knowledge.corpus_draft import Draft
from bot.knowledge.corpus_kinds import check_kind
from bot.knowledge.corpus_places import Problem, Source
from bot.knowledge.corpus_words import nearest

#: What a wording that is used after a program was read may name.
PLACEHOLDERS = ("optimizer", "learning_rate", "line")


@dataclass
class Bank:
    """All questions and statements that were read; `broken` holds ids that exist but could not be read.

    `complete` is false when a whole file could not be read: then nobody can say which ids do not exist. `elsewhere`
    holds the ids of questions that are read by others: one's own bank may name those that come with Viva.
    """

    drafts: list[Draft] = field(default_factory=list)
    statements: list[tuple[str, str, shapes.StatementsShape, Source]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    complete: bool = True
    elsewhere: frozenset[str] = frozenset()

    @property
    def ids(self) -> set[str]:
        return {draft.shape.id for draft in self.drafts} | self.elsewhere

    def knows(self, question_id: str) -> bool:
        """True unless the question certainly does not exist."""
        return not self.complete or question_id in self.broken or question_id in self.ids

    def of(self, question_id: str, point_id: str) -> shapes.StatementsShape | None:
        """The statements about a key point, if there are any."""
        return next((s for q, p, s, _ in self.statements if (q, p) == (question_id, point_id)), None)


def check_bank(bank: Bank, problems: list[Problem]) -> None:
    """Checks every question, and the statements against the questions."""
    seen: dict[str, Draft] = {}
    for draft in bank.drafts:
        first = seen.setdefault(draft.shape.id, draft)
        if first is not draft:
            says = f"the id {draft.shape.id!r} is used twice, also at {first.at('id')}; rename the newer one"
            problems.append(Problem(draft.at("id"), says))
        problems.extend(_question(draft, bank))
    problems.extend(_statements(bank))


def _question(draft: Draft, bank: Bank) -> list[Problem]:
    return [
        *_twice(draft, "points", [p.id for p in draft.shape.points]),
        *_twice(draft, "misconceptions", [m.id for m in draft.shape.misconceptions]),
        *_points(draft),
        *_references(draft),
        *_wordings(draft),
        *_others(draft, bank),
        *check_kind(draft),
    ]


def _twice(draft: Draft, table: str, ids: Sequence[str]) -> list[Problem]:
    said = f"{draft.said}the id {{!r}} is used twice in `{table}`, also at {{}}; rename one"
    return [
        Problem(draft.at(table, i, "id"), said.format(name, draft.at(table, ids.index(name), "id")))
        for i, name in enumerate(ids)
        if name in ids[:i]
    ]


def _points(draft: Draft) -> list[Problem]:
    """A question needs a point to be judged by, and each such point a follow-up; only programs show facts."""
    shape, problems = draft.shape, []
    asked = {follow_up.point for follow_up in shape.follow_ups}
    if all(point.bonus for point in shape.points):
        says = f"{draft.said}every key point is a bonus; leave `bonus` out of those that a good answer must have"
        problems.append(Problem(draft.at("points", 0, "bonus"), says))
    for i, point in enumerate(shape.points):
        said = f"{draft.said}the key point {point.id!r} "
        if not point.bonus and not point.measured and point.id not in asked:
            says = f'{said}has no follow-up; write a [[question.follow_ups]] table with point = "{point.id}"'
            problems.append(Problem(draft.at("points", i, "id"), says))
        if point.shown_by is not None and shape.kind != "code":
            says = f"{said}is shown by a program, but the question asks for none; leave `shown_by` out"
            problems.append(Problem(draft.at("points", i, "shown_by"), says))
        elif point.measured and point.shown_by is None:
            says = f"{said}is measured, and nothing says what shows it; write `shown_by`"
            problems.append(Problem(draft.at("points", i, "measured"), says))
        elif point.shown_by is not None and point.shown_by not in (*FACTS, *MEASURED):
            says = f"{said}is shown by {point.shown_by!r}, which no reader of programs finds"
            problems.append(
                Problem(draft.at("points", i, "shown_by"), says + nearest(point.shown_by, (*FACTS, *MEASURED)))
            )
    return problems


def _references(draft: Draft) -> list[Problem]:
    """Follow-ups and misconceptions must be about key points that exist."""
    known = [point.id for point in draft.shape.points]
    named = [(("follow_ups", i, "point"), f.point) for i, f in enumerate(draft.shape.follow_ups)]
    named += [(("misconceptions", i, "points"), p) for i, m in enumerate(draft.shape.misconceptions) for p in m.points]
    return [
        Problem(draft.at(*place), f"{draft.said}there is no key point {name!r}{nearest(name, known)}")
        for place, name in named
        if name not in known
    ]


def _wordings(draft: Draft) -> list[Problem]:
    problems = []
    for optimizer, wording in draft.shape.after_code.items():
        for unknown in _placeholders(wording):
            says = f"{draft.said}{{{unknown}}} cannot be filled in"
            near = nearest(unknown, PLACEHOLDERS)
            problems.append(Problem(draft.at("after_code", optimizer), says + near))
    return problems


def _placeholders(wording: str) -> list[str]:
    """The names in braces that nothing is known to fill in; a brace that is not closed is one, too."""
    try:
        names = [(name, spec, turn) for _, name, spec, turn in string.Formatter().parse(wording) if name is not None]
    except ValueError:
        return [wording[wording.find("{") + 1 :][:20]]
    return [name for name, spec, turn in names if name not in PLACEHOLDERS or spec or turn]


def _others(draft: Draft, bank: Bank) -> list[Problem]:
    """Questions that are named and not in the bank; an own bank may name those of the shipped one."""
    return [
        Problem(
            draft.at(key),
            f"{draft.said}`{key}` names {name!r}, which is not in the bank{nearest(name, bank.ids)}",
            "warning",
        )
        for key in ("see_also", "requires", "leads_to")
        for name in getattr(draft.shape, key)
        if not bank.knows(name)
    ]


def _statements(bank: Bank) -> list[Problem]:
    problems: list[Problem] = []
    points = {draft.shape.id: [p.id for p in draft.shape.points] for draft in bank.drafts}
    seen: dict[tuple[str, str], Source] = {}
    for question, point, shape, source in bank.statements:
        where = source.at((question, point))
        first = seen.setdefault((question, point), source)
        if first is not source:
            says = f"the point {point!r} of {question!r} has statements in {first.name}, too; put them in one place"
            problems.append(Problem(where, says))
        if question not in points:
            if not bank.knows(question):
                says = f"there is no question {question!r} for these statements{nearest(question, points)}"
                problems.append(Problem(where, says))
        elif point not in points[question]:
            says = f"question {question!r} has no key point {point!r}{nearest(point, points[question])}"
            problems.append(Problem(where, says))
        problems.extend(_said_twice(shape, f"question {question!r}, point {point!r}: ", where))
    return problems


def _said_twice(shape: shapes.StatementsShape, said: str, where: str) -> list[Problem]:
    every = [text for kinds in (shape.true, shape.false) for kind in kinds for text in kind[1]]
    twice = {text for text in every if every.count(text) > 1}
    return [Problem(where, f"{said}the statement {text!r} stands here twice; change one") for text in sorted(twice)]


def check_flows(
    flows: Sequence[tuple[Flow, Source]], bank: Bank, problems: list[Problem], elsewhere: Collection[str] = ()
) -> None:
    """Checks that flows have names of their own and that their steps name questions of the bank.

    `elsewhere` holds the ids of other flows, which may be rounds of these.
    """
    seen: dict[str, Source] = {}
    for flow, source in flows:
        first = seen.setdefault(flow.id, source)
        if first is not source:
            says = f"the id {flow.id!r} is used twice, also at {first.at(('id',))}; rename the newer one"
            problems.append(Problem(source.at(("id",)), says))
        for i, step in enumerate(flow.steps):
            others = [q for by_value in step.instead.values() for q in by_value.values()]
            problems.extend(_unknown([step.question, *others], source.at(("step", i)), bank))
        for i, stage in enumerate(flow.stages):
            problems.extend(_unknown(stage.questions, source.at(("stage", i)), bank))
        problems.extend(_asked_twice(flow, source))
        problems.extend(_made_of(flow, source, {*elsewhere, *(known.id for known, _ in flows)}))


def _made_of(flow: Flow, source: Source, flows: Collection[str]) -> Iterator[Problem]:
    """A flow is made of steps, or of stages, or of rounds that exist."""
    if sum(map(bool, (flow.steps, flow.stages, flow.rounds))) != 1:
        says = "a flow has [[step]] tables, or [[stage]] tables, or `rounds`; write one of the three"
        yield Problem(source.at(("id",)), says)
    for name in flow.rounds:
        if name not in flows or name == flow.id:
            yield Problem(source.at(("rounds",)), f"there is no other flow {name!r}{nearest(name, flows)}")


def _asked_twice(flow: Flow, source: Source) -> list[Problem]:
    asked = [step.question for step in flow.steps]
    return [
        Problem(source.at(("step", i, "question")), f"question {name!r} is asked at an earlier step; leave one out")
        for i, name in enumerate(asked)
        if name in asked[:i]
    ]


def check_notes(notes: Sequence[tuple[Note, str]], bank: Bank, problems: list[Problem]) -> None:
    """Checks that no term is explained twice and that notes name questions of the bank."""
    seen: dict[str, str] = {}
    for note, where in notes:
        for name in {n.lower() for n in (note.term, *note.also)}:
            first = seen.setdefault(name, where)
            if first != where:
                problems.append(Problem(where, f"the term {name!r} is explained at {first}, too; leave one out"))
        problems.extend(_unknown(note.not_during, where, bank))


def _unknown(names: Collection[str], where: str, bank: Bank) -> list[Problem]:
    return [
        Problem(where, f"there is no question {name!r}{nearest(name, bank.ids)}")
        for name in names
        if not bank.knows(name)
    ]
