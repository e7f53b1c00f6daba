"""Which follow-up is worth asking: about what was wrong, then what is missing, then what was interesting. It only
chooses; the loop asks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.asking import Asking
from bot.core.dialogue import MOST_FOLLOW_UPS
from bot.core.marking import Grade, PointGrade
from bot.core.question import FollowUp, Question

#: From this score on nothing is held against an answer; only what it made interesting is taken further.
GOOD_ENOUGH = 0.9
#: Below this score one follow-up is all: who has nothing is not grilled.
NOTHING_THERE = 0.15
#: A point that could add less than this share of the whole is left alone.
WORTH_ASKING = 0.04


def choose(asking: Asking, question: Question, grade: Grade) -> FollowUp | None:
    """The follow-up to ask now, or None. Never about a point that was asked about before."""
    if grade.score is None or asking.leaving is not None or asking.status != "open":
        return None
    if asking.probes >= MOST_FOLLOW_UPS:
        return None
    complete = all(p.verdict == "met" for p in grade.points if not p.bonus)
    asked = {f.point for f in asking.follow_ups if f.point}
    if complete or grade.score >= GOOD_ENOUGH:
        return None if asked else _interesting(question, grade)
    if asked and grade.score < NOTHING_THERE:
        return None
    spent = _weight_of_the_unanswered(asking, question)
    for point in _open_points(grade):
        follow_up = _about(question, point) if point.point not in asked else None
        if follow_up is not None and point.weight > spent:
            return follow_up
    return None


def _open_points(grade: Grade) -> Iterator[PointGrade]:
    """What was wrong, the heaviest first; then what most is to be gained from, as long as it is worth asking."""
    full = sum(p.weight for p in grade.points if not p.bonus) or 1.0
    yield from sorted((p for p in grade.points if p.verdict == "wrong"), key=lambda p: -p.weight)
    missed = [p for p in grade.points if p.verdict in ("missing", "partial") and not p.bonus]
    yield from (p for p in sorted(missed, key=lambda p: -_gain(p)) if _gain(p) >= WORTH_ASKING * full)


def _gain(point: PointGrade) -> float:
    return point.weight * (1.0 - point.credit)


def _about(question: Question, point: PointGrade) -> FollowUp | None:
    """The follow-up on a point: one for what was wrong where there is one, else the one for what was missed."""
    own = [f for f in question.follow_ups if f.point == point.point]
    wanted = ("wrong", "missed") if point.verdict == "wrong" else ("missed",)
    return next((f for when in wanted for f in own if f.when == when), None)


def _weight_of_the_unanswered(asking: Asking, question: Question) -> float:
    """The weight of the point last asked about, if the reply earned nothing: nothing as light is asked about then."""
    last = asking.contributions[-1] if asking.contributions else None
    if last is None or last.part.about is None or last.part.verdict is None:
        return 0.0
    about = last.part.about
    earned = any(m.point == about and m.verdict in ("met", "partial") for m in last.part.verdict.marks)
    weights = {p.id: p.weight for p in question.points}
    return 0.0 if earned else weights.get(about, 0.0)


def _interesting(question: Question, grade: Grade) -> FollowUp | None:
    """The heaviest point that was met and has something more to ask."""
    met = sorted((p for p in grade.points if p.verdict == "met"), key=lambda p: (p.prompted, -p.weight))
    further = {f.point: f for f in reversed(question.follow_ups) if f.when == "interesting"}
    return next((further[p.point] for p in met if p.point in further), None)
