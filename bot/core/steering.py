"""What comes next in an interview that is not fixed: harder, easier, or where the last question leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.asking import Asking
from bot.core.flow import Flow, Stage
from bot.core.plan import admits, base, drawn
from bot.core.question import Question
from bot.core.session import Session

LEVELS = ("beginner", "intermediate", "advanced")
#: Two answers in a row from here on, or below here, and the next question is harder or easier.
STRONG_FROM = 0.8
WEAK_BELOW = 0.5
IN_A_ROW = 2
#: Who earned less does not get a question that builds on it.
LEADS_FROM = 0.5


@dataclass(frozen=True)
class Steer:
    """The agenda as it is to be from now on, and why."""

    agenda: tuple[str, ...]
    why: Literal["harder", "easier", "leads"]


def steer(
    session: Session, flow: Flow, bank: Mapping[str, Question], book: Mapping[str, Question], lately: frozenset[str]
) -> Steer | None:
    """How the agenda changes before its first question is asked; None where it stays.

    `lately` holds what the candidate was asked in the last weeks, which nobody is asked again unplanned.
    """
    if flow.fixed or not flow.stages or not session.agenda or session.agenda[0] in session.askings:
        return None
    return _led(session, flow, bank, book, lately) or _levelled(session, flow, bank, book, lately)


def stage_of(session: Session, flow: Flow, position: int) -> Stage:
    """The stage that the question at this position (from 0) belongs to."""
    counts = session.started.stages if session.started else ()
    for stage, count in zip(flow.stages, counts, strict=False):
        if position < count:
            return stage
        position -= count
    return flow.stages[-1]


def opens_stage(session: Session, position: int) -> bool:
    """Whether the question at this position is the first of its stage."""
    start = 0
    for count in session.started.stages if session.started else ():
        if position == start and count:
            return True
        start += count
    return False


def _led(
    session: Session, flow: Flow, bank: Mapping[str, Question], book: Mapping[str, Question], lately: frozenset[str]
) -> Steer | None:
    """What the last question leads to, if it was answered well enough and is not asked anyway; never twice in a row."""
    last = _last(session)
    if session.led_at and session.led_at == session.asked - 1:
        return None
    if last is None or (score := last.grade(book[last.rubric]).score) is None or score < LEADS_FROM:
        return None
    stage = stage_of(session, flow, session.asked)
    first, *others = session.agenda
    for following in book[last.rubric].leads_to:
        if following == first:
            return None
        if following not in bank or not admits(stage, bank[following], flow.setting):
            continue
        waiting = [slot for slot in session.agenda if slot != following]
        if following in others and _ready(bank[following], waiting) and _here(following, session, flow):
            return Steer((following, *waiting), "leads")
        free = following not in {*lately, *session.askings, *session.agenda} and _on_track(bank[following], session)
        if free and _ready(bank[following], waiting) and _like(bank[following], session, bank):
            return Steer((following, *others), "leads")
    return None


def _here(following: str, session: Session, flow: Flow) -> bool:
    """Whether a question of the agenda belongs to the stage that is on: what others lead over to stays with them."""
    asked = session.asked
    place = asked + session.agenda.index(following)
    return stage_of(session, flow, place) is stage_of(session, flow, asked)


def _like(question: Question, session: Session, bank: Mapping[str, Question]) -> bool:
    """Whether it is as hard as the question whose place it takes: a wished level is kept to."""
    replaced = bank.get(base(session.agenda[0]))
    return replaced is not None and question.level == replaced.level


def _on_track(question: Question, session: Session) -> bool:
    """Whether it is of the topics that were asked for, where any were."""
    track = session.started.track if session.started else ()
    return not track or bool(set(track) & set(question.topics))


def _levelled(
    session: Session, flow: Flow, bank: Mapping[str, Question], book: Mapping[str, Question], lately: frozenset[str]
) -> Steer | None:
    """A harder question after two strong answers, an easier one after two weak ones; each pair counts once.

    Whoever asked for a level stays on it.
    """
    why = _trend(session, book)
    following = bank.get(base(session.agenda[0]))
    if why is None or following is None or (session.started and session.started.level):
        return None
    last = book[session.in_order[-1].rubric]
    target = LEVELS.index(last.level) + (1 if why == "harder" else -1)
    if not 0 <= target < len(LEVELS):
        return None
    there = LEVELS.index(following.level)
    if there >= target if why == "harder" else there <= target:
        return None
    stage = stage_of(session, flow, session.asked)
    used = {*lately, *session.askings, *session.agenda}
    as_hard = [q for q in bank.values() if q.level == LEVELS[target] and _on_track(q, session)]
    open_questions = [q for q in as_hard if q.id not in used]
    swap = _nearest(open_questions, following, _admitting(stage, flow), session)
    return Steer((swap.id, *session.agenda[1:]), why) if swap is not None else None


def _admitting(stage: Stage, flow: Flow) -> Callable[[Question], bool]:
    """Whether a stage would ask a question, whatever its level: steering is what changes levels."""
    of_any_level = Stage(stage.count, (), stage.topics, stage.kinds, stage.questions)
    return lambda question: admits(of_any_level, question, flow.setting)


def _nearest(
    questions: Sequence[Question], like: Question, admitted: Callable[[Question], bool], session: Session
) -> Question | None:
    """The one that shares most topics with the question whose place it takes, and whose requirements were met."""
    seed = session.started.seed if session.started else 0
    fitting = [q for q in questions if admitted(q) and set(q.topics) & set(like.topics)]
    ready = [q for q in fitting if _ready(q, session.agenda)]
    shared = {q.id: len(set(q.topics) & set(like.topics)) for q in ready}
    return min(ready, key=lambda q: (-shared[q.id], drawn(seed, q.id)), default=None)


def _ready(question: Question, agenda: Sequence[str]) -> bool:
    """True unless something that it requires is still to be asked."""
    return not set(question.requires) & set(agenda)


def _trend(session: Session, book: Mapping[str, Question]) -> Literal["harder", "easier"] | None:
    """Which way the last answers point; None where they do not agree, or were not judged."""
    if session.asked - session.steered_at < IN_A_ROW:
        return None
    scores = [a.grade(book[a.rubric]).score for a in session.in_order[-IN_A_ROW:]]
    if any(score is None for score in scores):
        return None
    known = [score for score in scores if score is not None]
    if min(known) >= STRONG_FROM:
        return "harder"
    return "easier" if max(known) < WEAK_BELOW else None


def _last(session: Session) -> Asking | None:
    return session.in_order[-1] if session.askings else None
