"""The log read into a state: one step for each kind of event, and nothing else changes a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.core import events as e
from bot.core.asking import Asking, Contribution, Status
from bot.core.beside import is_beside, says_so
from bot.core.costing import spent_on
from bot.core.folding_objections import asked_again, disputed, read_again, reconsidered
from bot.core.folding_programs import inspected, questioned, ran, run_began
from bot.core.marking import Part, Verdict
from bot.core.session import Held, Session, Undoable, with_asking, with_contribution

#: A pause longer than this (seconds) is not counted as time spent in the interview: the candidate was away.
LONGEST_PAUSE = 600.0
#: What leads away from the question on the table.
ASIDES = frozenset({"off_topic", "rude", "plea_marks", "plea_answer", "plea_instructions"})
#: Remarks after which the question on the table is meant again, and no longer an earlier one that was reopened.
TURNING_BACK = frozenset({"repeat", "rephrase", "ready", "never_mind"})


def fold(records: Iterable[e.Record], session: Session | None = None) -> Session:
    """The state after these records, from a fresh session or from `session`."""
    state = session or Session()
    for record in records:
        state = apply(state, record)
    return state


def apply(session: Session, record: e.Record) -> Session:
    """The state after one more record."""
    event = record.event
    if is_beside(event) or says_so(session, event):
        session = replace(session, seq=record.seq)
    else:
        session = _timed(session, record, away=isinstance(event, e.CameBack))
    heard = getattr(event, "heard", None)
    if heard is not None:
        session = replace(session, unread=tuple(u for u in session.unread if u[0] != heard))
    if isinstance(event, SPEAKING) or _aloud(event):
        session = replace(session, unsaid=(*session.unsaid, (record.seq, event)))
    if isinstance(event, e.Graded | e.Regraded | e.Phrased):
        session = replace(session, spent=session.spent + spent_on(event.made))
    step = _STEPS.get(type(event))
    return step(session, record.seq, event) if step else session


def _aloud(event: e.Event) -> bool:
    """True for what is to be said since some release, or in some cases: of an objection, what came of it is said."""
    if isinstance(event, e.Disputed):
        return event.about != "mark"
    return isinstance(event, e.CameBack | e.BudgetReached) and event.aloud


def _timed(session: Session, record: e.Record, away: bool) -> Session:
    """Adds the time since the last record; a clock that jumps back, a long pause or time spent away adds none."""
    spent = 0.0
    if session.last_at and not away:
        spent = (datetime.fromisoformat(record.at) - datetime.fromisoformat(session.last_at)).total_seconds()
    spent = spent if 0 <= spent <= LONGEST_PAUSE else 0.0
    return replace(session, seq=record.seq, last_at=record.at, seconds=session.seconds + spent)


def _started(session: Session, seq: int, event: e.Started) -> Session:
    return replace(session, started=event, agenda=event.plan, turned=seq, told=event.told)


def _came_back(session: Session, seq: int, event: e.CameBack) -> Session:
    return replace(session, told=event.told or session.told)


def _brought(session: Session, seq: int, event: e.Brought) -> Session:
    return replace(session, programs=(*session.programs, event))


def _replanned(session: Session, seq: int, event: e.Replanned) -> Session:
    asked = session.asked
    if event.why == "leads":
        return replace(session, agenda=event.agenda, led_at=asked)
    return replace(session, agenda=event.agenda, steered_at=asked)


def _time_called(session: Session, seq: int, event: e.TimeCalled) -> Session:
    agenda = tuple(q for q in session.agenda if q not in event.dropped)
    called = session.called | ({event.call} if event.call != "late" else frozenset())
    return replace(session, agenda=agenda, dropped=session.dropped + len(event.dropped), called=called)


def _claimed(session: Session, seq: int, event: e.Claimed) -> Session:
    """Keeps what was claimed; what the candidate corrects of earlier claims is dropped."""
    mended = {claim.subject for claim in event.claims if claim.corrects}
    kept = tuple(held for held in session.claims if held.claim.subject not in mended)
    return replace(session, claims=(*kept, *(Held(event.question, event.heard, claim) for claim in event.claims)))


def _heard(session: Session, seq: int, event: e.Heard) -> Session:
    if not event.instead:
        return replace(session, unread=(*session.unread, (seq, event)))
    return replace(session, unread=tuple((seq, event) if u[0] == event.instead else u for u in session.unread))


def _remarked(session: Session, seq: int, event: e.Remarked) -> Session:
    if event.act == "stop":
        return replace(session, stopping=True, turned=seq)
    if event.act == "unfinished":
        return replace(session, begun=(*session.begun, event.detail))
    if event.act in TURNING_BACK:
        session = replace(session, amending=None)
    if event.act == "rephrase" and session.standing:
        return with_asking(session, session.standing, rephrased=session.askings[session.standing].rephrased + 1)
    if event.act == "grade":
        return _judge_again(session, seq)
    if event.act == "empty" and session.standing:
        return with_asking(session, session.standing, silences=session.askings[session.standing].silences + 1)
    if event.act in ASIDES and session.standing:
        return with_asking(session, session.standing, asides=session.askings[session.standing].asides + 1)
    return replace(session, clarifying=(*session.clarifying, event)) if event.act == "clarify" else session


def _judge_again(session: Session, seq: int) -> Session:
    """Puts back on the grader's desk what an outage kept from being judged."""
    for asking in session.askings.values():
        waiting = [c for c in asking.contributions if c.part.verdict is not None and c.part.verdict.retry]
        for contribution in waiting:
            part = replace(contribution.part, verdict=None)
            session = with_contribution(session, asking.question, contribution.seq, part=part, again=seq)
        session = asked_again(session, session.askings[asking.question], seq)
        if waiting:
            session = with_asking(session, asking.question, decided=min(asking.decided, len(asking.contributions) - 1))
    return session


def _clarified(session: Session, seq: int, event: e.Clarified) -> Session:
    return replace(session, clarifying=tuple(c for c in session.clarifying if c.heard != event.heard))


def _asked(session: Session, seq: int, event: e.Asked) -> Session:
    before = session.started.earlier if session.started else ()
    earlier = next((known for known in before if known.question == event.question), None)
    asking = Asking(
        event.question,
        event.rubric,
        event.number,
        event.wording,
        seq,
        event.code,
        earlier=earlier,
        task=event.task,
        experiments=event.experiments,
        experiment=event.experiment,
        about=event.about,
    )
    return replace(
        session,
        askings={**session.askings, event.question: asking},
        agenda=(event.question, *session.agenda[1:]),
        standing=event.question,
        amending=None,
        put=session.put | ({frozenset((event.recalls,))} if event.recalls else frozenset()),
    )


def _returned(session: Session, seq: int, event: e.Returned) -> Session:
    session = with_asking(session, event.question, status="open", skipped=None, asides=0)
    rest = tuple(q for q in session.agenda if q != event.question)
    agenda = (event.question, *rest)
    return replace(session, agenda=agenda, standing=event.question, amending=None, returning=None)


def _contributed(session: Session, seq: int, event: e.Answered | e.Submitted) -> Session:
    session = _undoable(session, seq, event, "answer")
    asking = session.askings[event.question]
    part = Part(
        text=event.code if isinstance(event, e.Submitted) else event.text,
        rungs=asking.hints,
        pointed_at=asking.pointed | frozenset(f.point for f in asking.follow_ups if f.point),
        about=None if isinstance(event, e.Submitted) else event.about,
        amends=isinstance(event, e.Answered) and event.role == "amendment",
    )
    role = "program" if isinstance(event, e.Submitted) else event.role
    added = Contribution(seq, role, part, code=isinstance(event, e.Submitted))
    session = with_asking(session, event.question, contributions=(*asking.contributions, added), probing=None)
    return replace(session, amending=None, begun=())


def _undoable(session: Session, seq: int, event: Any, kind: Literal["answer", "skip"]) -> Session:
    """Remembers how the question stood before this message; a message may bring two contributions."""
    if session.undoable is not None and session.undoable.heard == event.heard:
        return session
    before = session.askings[event.question]
    return replace(session, undoable=Undoable(seq, event.heard, kind, before, session.standing))


def _graded(session: Session, seq: int, event: e.Graded) -> Session:
    verdict = Verdict(
        by=event.by,
        marks=event.marks,
        misconceptions=event.misconceptions,
        beyond=event.beyond,
        why_not=event.why_not,
        retry=event.retry,
        note=event.note,
        made=event.made,
    )
    asking = session.askings[event.question]
    old = next((c for c in asking.contributions if c.seq == event.part), None)
    if old is None:  # taken back while it was being judged
        return session
    same = old.part.verdict is None or old.part.verdict.by == event.by
    tries = (old.tries if same else 0) + event.only_this
    return with_contribution(session, event.question, event.part, part=replace(old.part, verdict=verdict), tries=tries)


def _regraded(session: Session, seq: int, event: e.Regraded) -> Session:
    """Kept beside the verdict that counts, the last one of each grader."""
    asking = session.askings[event.question]
    if event.dispute:
        return read_again(session, asking, event)
    old = next((c for c in asking.contributions if c.seq == event.part), None)
    if old is None or event.why_not is not None:  # a try that failed shows nothing; what it took is counted
        return session
    verdict = Verdict(event.by, event.marks, note=event.note, made=event.made)
    others = (*(other for other in old.others if other.by != event.by), verdict)
    return with_contribution(session, event.question, event.part, others=others)


def _followed_up(session: Session, seq: int, event: e.FollowedUp) -> Session:
    asking = session.askings[event.question]
    if event.claims:
        session = replace(session, put=session.put | {frozenset(event.claims)})
    return with_asking(
        session,
        event.question,
        follow_ups=(*asking.follow_ups, event),
        probing=event,
        probed_at=len(asking.contributions),
        decided=len(asking.contributions),
    )


def _hinted(session: Session, seq: int, event: e.Hinted) -> Session:
    return replace(with_asking(session, event.question, hints=event.rung), amending=None)


def _gave_up(session: Session, seq: int, event: e.GaveUp) -> Session:
    session = replace(_undoable(session, seq, event, "skip"), amending=None)
    return with_asking(session, event.question, leaving=seq, probing=None)


def _skipped(session: Session, seq: int, event: e.Skipped) -> Session:
    session = replace(_undoable(session, seq, event, "skip"), amending=None)
    if session.askings[event.question].countable and not event.later:  # answered: it is settled as it stands
        return with_asking(session, event.question, leaving=seq, probing=None)
    rest = tuple(q for q in session.agenda if q != event.question)
    status: Status = "open" if event.later else "skipped"
    session = with_asking(session, event.question, status=status, skipped=seq)
    agenda = (*rest, event.question) if event.later else rest
    return replace(session, agenda=agenda, standing=None, turned=seq)


def _reopened(session: Session, seq: int, event: e.Reopened) -> Session:
    return replace(session, amending=event.question)


def _undone(session: Session, seq: int, event: e.Undone) -> Session:
    """Puts the question back to how it stood; the help that came since was given, and stays."""
    last, now = session.undoable, session.askings[event.question]
    if last is None:
        return session
    stood = replace(
        last.before, follow_ups=now.follow_ups, hints=now.hints, rephrased=now.rephrased, objections=now.objections
    )
    stood = replace(stood, contributions=tuple(c.with_marks_of(now.objections) for c in stood.contributions))
    claims = tuple(held for held in session.claims if held.heard != last.heard)
    session = replace(session, askings={**session.askings, event.question: stood}, undoable=None, claims=claims)
    rest = tuple(q for q in session.agenda if q != event.question)
    if last.standing == event.question:
        agenda = (event.question, *rest)
        return replace(session, agenda=agenda, standing=None, turned=seq, returning=event.question)
    return replace(session, agenda=(*rest, event.question)) if last.before.status == "open" else session


def _settled(session: Session, seq: int, event: e.Settled) -> Session:
    asking = session.askings[event.question]
    status: Status = "given_up" if asking.leaving is not None and not asking.countable else "settled"
    session = with_asking(
        session,
        event.question,
        status=status,
        settled=event,
        shown=session.practice,
        decided=len(asking.contributions),
        leaving=None,
        probing=None,
    )
    session = replace(session, agenda=tuple(q for q in session.agenda if q != event.question))
    return replace(session, standing=None, turned=seq) if session.standing == event.question else session


def _dropped(session: Session, seq: int, event: e.Dropped) -> Session:
    agenda = tuple(q for q in session.agenda if q != event.question)
    return replace(session, agenda=agenda, turned=seq, dropped=session.dropped + 1)


def _ended(session: Session, seq: int, event: e.Ended) -> Session:
    return replace(session, ended=event, standing=None)


def _said(session: Session, seq: int, event: e.Said) -> Session:
    phrased = {at: phrase for at, phrase in session.phrased.items() if at != event.seq}
    return replace(session, unsaid=tuple(u for u in session.unsaid if u[0] != event.seq), phrased=phrased)


def _phrased(session: Session, seq: int, event: e.Phrased) -> Session:
    """Keeps the words until they are said; what is put in other words stands in them from then on."""
    session = replace(session, phrased={**session.phrased, event.seq: event})
    of = next((one for at, one in session.unsaid if at == event.seq), None)
    if not event.wording or not isinstance(of, e.Asked | e.FollowedUp) or of.question not in session.askings:
        return session
    asking = session.askings[of.question]
    if isinstance(of, e.Asked):
        return with_asking(session, of.question, wording=event.wording)
    put = replace(of, wording=event.wording)
    probing = put if asking.probing == of else asking.probing
    follow_ups = tuple(put if one == of else one for one in asking.follow_ups)
    return with_asking(session, of.question, probing=probing, follow_ups=follow_ups)


def _budget_reached(session: Session, seq: int, event: e.BudgetReached) -> Session:
    return replace(session, warned=session.warned | {f"{event.budget}:{event.level}"})


#: The events that give the interviewer something to say.
SPEAKING = (
    e.Started,
    e.Brought,
    e.TimeCalled,
    e.Remarked,
    e.Asked,
    e.Returned,
    e.Inspected,
    e.RunBegan,
    e.Ran,
    e.FollowedUp,
    e.Hinted,
    e.Clarified,
    e.GaveUp,
    e.Skipped,
    e.Reopened,
    e.Undone,
    e.Settled,
    e.Dropped,
    e.Reconsidered,
    e.JudgedLate,
    e.Ended,
)

_STEPS: Mapping[type[Any], Callable[[Session, int, Any], Session]] = {
    e.Started: _started,
    e.CameBack: _came_back,
    e.Brought: _brought,
    e.Replanned: _replanned,
    e.TimeCalled: _time_called,
    e.Claimed: _claimed,
    e.Heard: _heard,
    e.Remarked: _remarked,
    e.Clarified: _clarified,
    e.Asked: _asked,
    e.Returned: _returned,
    e.Answered: _contributed,
    e.Submitted: _contributed,
    e.Inspected: inspected,
    e.RunBegan: run_began,
    e.Ran: ran,
    e.Questioned: questioned,
    e.Graded: _graded,
    e.Regraded: _regraded,
    e.FollowedUp: _followed_up,
    e.Hinted: _hinted,
    e.GaveUp: _gave_up,
    e.Skipped: _skipped,
    e.Reopened: _reopened,
    e.Undone: _undone,
    e.Settled: _settled,
    e.Dropped: _dropped,
    e.Disputed: disputed,
    e.Reconsidered: reconsidered,
    e.Ended: _ended,
    e.Said: _said,
    e.Phrased: _phrased,
    e.BudgetReached: _budget_reached,
}
