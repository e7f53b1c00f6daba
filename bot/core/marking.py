"""Marks, and all arithmetic of scores.

It does not judge: a grader gives each key point a credit, and what that is worth is decided here and nowhere else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.core.made import Made
from bot.core.question import Point, Question

Standing = Literal["met", "partial", "missing", "wrong"]
Band = Literal["strong", "partial", "weak", "none"]
#: Why a point counts half: it is out of order, lacks its reason, or the answer turns the wrong way.
Halved = Literal["", "order", "reason", "hinge"]

MET_FROM = 0.75
PARTIAL_FROM = 0.35
BANDS: tuple[tuple[float, Band], ...] = ((0.8, "strong"), (0.5, "partial"), (0.2, "weak"))
#: What a credit is worth once the candidate was helped: by the number of hints taken.
HINT_SHARES = (1.0, 0.75, 0.5, 0.25)
#: What a credit is worth after a follow-up that points at the key point.
FOLLOW_UP_SHARE = 0.75
#: What a point is worth that stands out of order, lacks its reason, or supports the wrong verdict.
HALVED_SHARE = 0.5
#: Who says a step with one of these goes back on purpose: it is not out of order.
LOOKING_BACK = re.compile(
    r"\b(?:before|beforehand|first|firstly|prior|initially|to begin|to start|at the start)\b", re.I
)


@dataclass(frozen=True)
class Mark:
    """A grader's reading of one key point in one part of an answer.

    `credit` and `confidence` are in 0..1; `evidence` is an exact substring of the candidate's words, or None. `unsure`:
    two readings of it lie apart, and nothing settled which one holds.
    """

    point: str
    credit: float
    confidence: float
    verdict: Standing
    evidence: str | None = None
    unsure: bool = False


@dataclass(frozen=True)
class Belief:
    """A misconception that was seen, and the words that showed it."""

    id: str
    evidence: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What a grader found in one part of an answer: one mark per key point, and by whom.

    With `why_not` nothing was judged; `retry` then says that it can be judged later (an outage, not the words' fault).
    `only_this`, that others may be judged now: the grader works, and failed at these words.
    `made` says what it took where a language model judged, or failed to.
    """

    by: str
    marks: tuple[Mark, ...] = ()
    misconceptions: tuple[Belief, ...] = ()
    beyond: tuple[str, ...] = ()
    why_not: str | None = None
    retry: bool = False
    note: str = ""
    made: Made | None = None
    only_this: bool = False

    @property
    def judged(self) -> bool:
        return self.why_not is None


@dataclass(frozen=True)
class Part:
    """One contribution to an answer and the help that came before it.

    `rungs` counts the hints taken before; `pointed_at` holds the key points that follow-ups had pointed at; `about` is
    the point that the follow-up answered here asked about, or None.
    """

    text: str
    rungs: int = 0
    pointed_at: frozenset[str] = frozenset()
    about: str | None = None
    amends: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True)
class PointGrade:
    """What one key point came to over all parts of an answer, in 0..1.

    `given` is the grader's credit, `credit` what it is worth after help, `alone` what was earned without help; `halved`
    says why both count half. `unsure` is as in Mark.
    """

    point: str
    weight: float
    bonus: bool
    credit: float = 0.0
    given: float = 0.0
    alone: float = 0.0
    confidence: float = 0.0
    verdict: Standing = "missing"
    prompted: bool = False
    evidence: str | None = None
    halved: Halved = ""
    unsure: bool = False


@dataclass(frozen=True)
class Grade:
    """What a question came to. `score` and `alone` are in 0..1, or None where it is not graded."""

    score: float | None
    alone: float | None
    points: tuple[PointGrade, ...] = ()
    misconceptions: tuple[Belief, ...] = ()
    beyond: tuple[str, ...] = ()
    why_not: str | None = None
    hints: int = 0
    by: str = ""

    @property
    def graded(self) -> bool:
        return self.score is not None


@dataclass(frozen=True)
class RoundShare:
    """One thing that the grade of a code round is made of; `credit` in 0..1, or None where it was not measured."""

    name: Literal["runs", "learns", "accuracy", "correct", "understood"]
    weight: float
    credit: float | None


#: What the grade of a code round is made of, and how much each weighs.
ROUND_WEIGHTS: Mapping[Literal["runs", "learns", "accuracy", "correct", "understood"], float] = {
    "runs": 1.0,
    "learns": 1.0,
    "accuracy": 2.0,
    "correct": 3.0,
    "understood": 3.0,
}


def checked(verdict: Verdict, question: Question, text: str) -> Verdict:
    """The verdict with every key point marked once, and without what is quoted but was never said.

    What a run alone can show stays without a mark where there was none, and so does what a program cannot say.
    """
    by_point = {m.point: m for m in reversed(verdict.marks)}
    points = [p for p in question.points if p.id in by_point or not _may_be_silent(question, p)]
    marks = tuple(_quoted(by_point.get(p.id), p.id, text) for p in points) if verdict.judged else ()
    beliefs = tuple(b for b in verdict.misconceptions if b.evidence is None or b.evidence in text)
    return replace(verdict, marks=marks, misconceptions=beliefs)


def _may_be_silent(question: Question, point: Point) -> bool:
    """Whether a point is left out of the grade where nothing was heard of it: a run alone, or words alone, show it."""
    return point.measured or (question.kind == "code" and point.shown_by is None)


def _quoted(mark: Mark | None, point_id: str, text: str) -> Mark:
    if mark is None or (mark.evidence is not None and mark.evidence not in text):
        return Mark(point_id, 0.0, 0.0, "missing")
    return mark


def standing(credit: float) -> Standing:
    """The verdict that a credit amounts to; `wrong` is the grader's to say."""
    if credit >= MET_FROM:
        return "met"
    return "partial" if credit >= PARTIAL_FROM else "missing"


def band(score: float) -> Band:
    """strong, partial, weak or none, by the borders of BANDS."""
    return next((name for start, name in BANDS if score >= start), "none")


def share(part: Part, point_id: str) -> float:
    """What a credit earned in this part is worth (0..1): the least of what the help before it left."""
    by_hints = HINT_SHARES[min(part.rungs, len(HINT_SHARES) - 1)]
    return min(by_hints, FOLLOW_UP_SHARE if point_id in part.pointed_at else 1.0)


def grade(question: Question, parts: Sequence[Part], hints: int = 0) -> Grade:
    """What the parts of an answer come to together.

    A part that waits for a grader leaves the whole question not graded; one that cannot be judged adds nothing.
    """
    waiting = next((p for p in parts if p.verdict is None or p.verdict.retry), None)
    judged = [p for p in parts if p.verdict is not None and p.verdict.judged]
    if waiting is not None or not judged:
        return Grade(None, None, why_not=_why_not(waiting, parts), hints=hints, by=_by(parts))
    marked = {mark.point for part in judged if part.verdict is not None for mark in part.verdict.marks}
    counting = [p for p in question.points if p.id in marked or not _may_be_silent(question, p)]
    points = _adjusted(question, tuple(_combine(point, judged) for point in counting), judged)
    verdicts = [p.verdict for p in judged if p.verdict is not None]
    return Grade(
        score=_score(points, [p.credit for p in points], question.needs),
        alone=_score(points, [p.alone for p in points], question.needs),
        points=points,
        misconceptions=_believed(question, points, [b for v in verdicts for b in v.misconceptions]),
        beyond=tuple(text for v in verdicts for text in v.beyond),
        hints=hints,
        by=_by(judged),
    )


def round_grade(shares: Sequence[RoundShare]) -> float | None:
    """What a code round comes to (0..1): the weighted mean of what was measured or judged; None where nothing was."""
    known = [share for share in shares if share.credit is not None]
    weight = sum(share.weight for share in known)
    return round(sum(share.weight * (share.credit or 0.0) for share in known) / weight, 3) if weight else None


def total(scores: Iterable[float]) -> float | None:
    """The mean of the questions' scores, rounded to three places; None when there is none."""
    values = list(scores)
    return round(sum(values) / len(values), 3) if values else None


def _believed(question: Question, points: Sequence[PointGrade], seen: Sequence[Belief]) -> tuple[Belief, ...]:
    """The misconceptions that stand: none about points of which something was right after all."""
    wrong = {p.point for p in points if p.verdict == "wrong"}
    about = {m.id: set(m.points) for m in question.misconceptions}
    return tuple({b.id: b for b in seen if not about.get(b.id) or about[b.id] & wrong}.values())


def _combine(point: Point, judged: Sequence[Part]) -> PointGrade:
    grade = PointGrade(point.id, point.weight, point.bonus)
    for part in judged:
        mark = next((m for m in part.verdict.marks if m.point == point.id), None) if part.verdict else None
        if mark is not None:
            grade = _with(grade, part, mark)
    return grade


def _with(grade: PointGrade, part: Part, mark: Mark) -> PointGrade:
    """The better reading of two. A correction may also take a point back; a reply to a follow-up costs nothing."""
    worth = share(part, mark.point)
    given = mark.credit if mark.verdict in ("met", "partial") else 0.0
    credit = round(given * worth, 3)
    retracted = mark.verdict == "wrong" and part.amends
    first_heard_wrong = mark.verdict == "wrong" and grade.verdict == "missing"
    if not (retracted or first_heard_wrong or credit > grade.credit):
        return grade
    alone = 0.0 if retracted else given if worth == 1.0 else grade.alone
    return replace(
        grade,
        credit=credit,
        given=given,
        alone=alone,
        confidence=mark.confidence,
        verdict=mark.verdict,
        prompted=worth < 1.0 and credit > 0.0,
        evidence=mark.evidence,
        unsure=mark.unsure,
    )


def _adjusted(question: Question, points: tuple[PointGrade, ...], judged: Sequence[Part]) -> tuple[PointGrade, ...]:
    """The points with those halved that this kind of question does not count in full."""
    verdicts = {p.point: p.verdict for p in points}
    turned = question.hinge is not None and verdicts.get(question.hinge) == "wrong"
    displaced = _displaced([p for p in points if not question.point(p.point).anywhere], judged)
    displaced = displaced if question.kind == "steps" else frozenset()
    adjusted = []
    for point in points:
        because = question.point(point.point).because
        halved: Halved = ""
        if turned and point.point != question.hinge:
            halved = "hinge"
        elif because is not None and verdicts.get(because) in ("missing", "wrong"):
            halved = "reason"
        elif point.point in displaced:
            halved = "order"
        adjusted.append(_half(point, halved) if halved and point.credit else point)
    return tuple(adjusted)


def _half(point: PointGrade, why: Halved) -> PointGrade:
    credit, alone = round(point.credit * HALVED_SHARE, 3), round(point.alone * HALVED_SHARE, 3)
    return replace(point, credit=credit, alone=alone, halved=why)


def _displaced(points: Sequence[PointGrade], judged: Sequence[Part]) -> frozenset[str]:
    """The fewest points without which the others stand in the order of the steps.

    Only what the answer itself brought up can be out of order: not a reply to a follow-up, nor what was added later.
    """
    answer = next((part.text for part in judged if part.about is None and not part.amends), "")
    said = [(p.point, p.evidence) for p in points if p.credit and p.evidence and not LOOKING_BACK.search(p.evidence)]
    places = [(point, answer.find(words)) for point, words in said if words in answer]
    kept = _longest_rising([place for _, place in places])
    return frozenset(point for i, (point, _) in enumerate(places) if i not in kept)


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The indices of a longest run that never falls (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for i, number in enumerate(numbers):
        pile = bisect_right(tops, number)
        tops[pile:], ends[pile:] = [number, *tops[pile + 1 :]], [i, *ends[pile + 1 :]]
        before[i] = ends[pile - 1] if pile else None
    run: list[int] = []
    last = ends[-1] if ends else None
    while last is not None:
        run.append(last)
        last = before[last]
    return frozenset(run)


def _score(points: Sequence[PointGrade], credits: Sequence[float], needs: int | None) -> float:
    """The weighted mean of the credits; where only so many points are needed, of the best ones.

    Bonus points add to the sum and not to what it is divided by, up to 1.
    """
    weights = sorted((p.weight for p in points if not p.bonus), reverse=True)[:needs]
    earned = [p.weight * credit for p, credit in zip(points, credits, strict=True) if not p.bonus]
    bonus = [p.weight * credit for p, credit in zip(points, credits, strict=True) if p.bonus]
    full = sum(weights)
    return round(min(1.0, (sum(sorted(earned, reverse=True)[:needs]) + sum(bonus)) / full), 3) if full else 0.0


def _by(parts: Sequence[Part]) -> str:
    names = dict.fromkeys(p.verdict.by for p in parts if p.verdict is not None and p.verdict.by)
    return ", ".join(names)


def _why_not(waiting: Part | None, parts: Sequence[Part]) -> str:
    if waiting is not None and waiting.verdict is not None and waiting.verdict.why_not:
        return waiting.verdict.why_not
    if waiting is not None:
        return "It has not been judged yet."
    reasons = [p.verdict.why_not for p in parts if p.verdict is not None and p.verdict.why_not]
    return reasons[-1] if reasons else "there is no answer to judge"
