"""Who speaks next. `receive` turns what the candidate meant into events; `owed` says what the interviewer must do.

Both are pure, and each is one table: ACTS for what may be meant, the body of `owed` for what is due, top row first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.core import clock, recall
from bot.core import events as e
from bot.core.asking import NOT_JUDGED, Asking
from bot.core.concerning import concerns
from bot.core.duties import (
    Ask,
    Call,
    Clarify,
    Consider,
    Duty,
    Finish,
    Inspect,
    Judge,
    Launch,
    Read,
    Reconsider,
    Return,
    Run,
    Say,
    Settle,
)
from bot.core.session import Session

Meaning = Literal[
    "answer",
    "code",
    "hint",
    "repeat",
    "rephrase",
    "clarify",
    "asks_back",
    "dont_know",
    "wait",
    "skip",
    "later",
    "back",
    "amend",
    "undo",
    "rules",
    "remaining",
    "score",
    "cost",
    "grade",
    "status",
    "report",
    "thanks",
    "greeting",
    "small_talk",
    "off_topic",
    "rude",
    "empty",
    "plea_marks",
    "plea_answer",
    "plea_instructions",
    "dispute",
    "said_already",
    "about_code",
    "predict",
    "never_mind",
    "unfinished",
    "unclear",
    "help",
    "ready",
    "stop",
    "unknown_command",
    "malformed",
]

MOST_FOLLOW_UPS = 2
#: After so many pleas, insults and digressions on one question the interviewer puts it aside.
MOST_ASIDES = 4
HINT_RUNGS = 3
#: How words begin that are listened to once an interview is over.
OBJECTS = re.compile(r"\s*/dispute(?=\s|:|$)", re.I)


@dataclass(frozen=True)
class Act:
    """What a message means.

    `text` is its content (an answer, a word to clarify, the rest of a command), `number` a question's number where the
    candidate named one, `code` a program. `to` is the question that it was said to, where the surface knows, and
    `probes` how many follow-ups to it had been put by then.
    """

    meaning: Meaning
    text: str = ""
    number: int | None = None
    code: str = ""
    to: str = ""
    probes: int | None = None


def owed(session: Session) -> Duty | None:
    """What the interviewer must do next; None while it is the candidate's turn, or all is over."""
    if session.started is None:
        return None
    if session.unsaid:
        seq, event = session.unsaid[0]
        return Say(seq, event)
    if session.ended is not None:
        return _owed_afterwards(session)
    if session.unread:
        seq, heard = session.unread[0]
        return Read(seq, heard)
    if session.clarifying:
        remark = session.clarifying[0]
        return Clarify(remark.heard, remark.detail)
    for asking in session.askings.values():
        duty = _owed_on(session, asking)
        if duty is not None:
            return duty
    if (call := clock.due(session)) is not None and not session.stopping:
        return Call(session.turned, call, clock.affordable(session))
    if session.standing is not None and not session.stopping:
        return None
    undone = session.returning is not None and session.returning in session.agenda[:1]
    room = clock.affordable(session)
    if not session.agenda or session.stopping or (not undone and (session.out_of_time or room == 0)):
        return Finish(session.turned)
    ahead = any(slot not in session.askings for slot in session.agenda)
    if room is not None and len(session.agenda) > room and ahead and not undone:
        return Call(session.seq, "late", room)
    slot = session.agenda[0]
    return Return(session.turned, slot) if slot in session.askings else Ask(session.turned, slot)


def _owed_afterwards(session: Session) -> Duty | None:
    """After the end an objection is read and judged, for some marks are told only then. All else comes too late."""
    objecting = next(((seq, heard) for seq, heard in session.unread if OBJECTS.match(heard.text)), None)
    if objecting is not None:
        return Read(*objecting)
    return next((duty for asking in session.askings.values() if (duty := _objection_to(asking)) is not None), None)


def _objection_to(asking: Asking) -> Duty | None:
    objection = next((one for one in asking.objections if one.owed), None)
    return Reconsider(objection.asked_for, asking.question, objection.seq) if objection is not None else None


def _owed_on(session: Session, asking: Asking) -> Duty | None:
    """What is due on one question: read and run its programs, judge its contributions, then follow up or settle."""
    for contribution in asking.contributions:
        if not contribution.inspected:
            return Inspect(contribution.seq, asking.question, contribution.part.text)
        if asking.to_run(contribution) and not session.stopping:
            duty = Run if contribution.running else Launch
            return duty(contribution.seq, asking.question, contribution.seq)
        if contribution.part.verdict is None and contribution.role not in NOT_JUDGED:
            return Judge(contribution.asked_for, asking.question, contribution.seq)
    if (objection := _objection_to(asking)) is not None:
        return objection
    if not asking.undecided or (asking.unreadable and asking.leaving is None and not session.stopping):
        return None
    answers = asking.leaving or max(c.asked_for for c in asking.contributions)
    elsewhere = session.standing != asking.question or session.stopping
    done = asking.leaving is not None or (asking.probes >= MOST_FOLLOW_UPS and recall.contradiction(session) is None)
    if elsewhere or done or asking.status != "open":
        return Settle(answers, asking.question)
    return Consider(answers, asking.question)


def receive(session: Session, heard: int, act: Act) -> list[e.Event]:
    """The events that a message means, by the table ACTS; what changes nothing is a remark."""
    if session.ended is not None and act.meaning != "dispute":  # all else comes too late
        return [_remark(act, heard, "dispute_why")]
    meant = session.askings.get(act.to)
    if meant is not None and meant is not session.addressed and act.meaning in ADDRESSED:
        return _belated(meant, heard, act)
    outcome = ACTS.get(act.meaning)
    events = (outcome(session, heard, act) if outcome else []) or [_remark(act, heard)]
    if session.begun and act.meaning in LEAVING:  # what was begun is the answer, then
        return [*_answer(session, heard, Act("answer")), *events]
    return events


Outcome = Callable[[Session, int, Act], list[e.Event]]


def _remark(act: Act, heard: int, meaning: str | None = None) -> e.Remarked:
    detail = act.text if act.number is None else str(act.number)
    return e.Remarked(meaning or act.meaning, heard, detail)


def _answer(session: Session, heard: int, act: Act) -> list[e.Event]:
    asking = session.addressed
    if asking is None:
        return []
    text = "\n".join(filter(None, [*session.begun, act.text]))
    if session.amending is not None or asking.shown:
        return [_added_to(asking, heard, text)]
    if act.to and act.probes is not None and act.probes < asking.probes:  # said before this follow-up was put
        return [e.Answered(asking.question, heard, text)]
    if asking.probing is not None and asking.probing.when == "recall":
        return [e.Answered(asking.question, heard, text, "recall")]
    if asking.probing is not None:
        return [e.Answered(asking.question, heard, text, "reply", asking.probing.point or None)]
    if (begun := asking.replying) is not None:  # and this is more of it
        more = e.Answered(asking.question, heard, text, "reply", begun.part.about)
        return [replace(more, role="recall") if begun.role == "recall" else more]
    return [e.Answered(asking.question, heard, text)]


def _belated(asking: Asking, heard: int, act: Act) -> list[e.Event]:
    """What was said to a question that left the table: an answer belongs there, all else changes nothing."""
    if act.meaning != "answer" or not act.text.strip():
        return [_remark(act, heard, "never_mind")]
    return _taken_up(asking, heard, act.text)


def _taken_up(asking: Asking, heard: int, text: str) -> list[e.Event]:
    """More words to an earlier question; one that was left is taken up again."""
    if asking.status == "skipped":
        return [e.Returned(asking.question, heard), e.Answered(asking.question, heard, text)]
    return [_added_to(asking, heard, text)]


def _added_to(asking: Asking, heard: int, text: str) -> e.Answered:
    return e.Answered(asking.question, heard, text, "late" if asking.shown else "amendment")


def _code(session: Session, heard: int, act: Act) -> list[e.Event]:
    asking = session.addressed
    if asking is not None and asking.about and session.askings[asking.about].status == "open":
        return [e.Returned(asking.about, heard), e.Submitted(asking.about, heard, act.code)]
    if asking is None or not asking.code or asking.shown:
        return [_remark(act, heard, "code_not_now")]
    submitted: list[e.Event] = [e.Submitted(asking.question, heard, act.code)]
    return submitted + (_answer(session, heard, act) if act.text.strip() else [])


def _predict(session: Session, heard: int, act: Act) -> list[e.Event]:
    """Puts the next experiment, or the one that is named, before what stands on the table."""
    asking = next((a for a in reversed(session.in_order) if a.experiments), None)
    if asking is None or session.amending is not None:
        return [_remark(act, heard, "predict_not_now")]
    left = [name for name in asking.experiments if name not in session.askings and name not in session.agenda]
    named = "-".join(act.text.casefold().split())
    chosen = next((name for name in left if named in name), None)
    if chosen is None:
        listed = ", ".join(name.removeprefix("predict-") for name in left)
        return [e.Remarked("predict_unknown" if left else "predict_none_left", heard, listed)]
    return [
        _remark(act, heard),
        e.Questioned(asking.question, (chosen, *session.agenda), (e.Placed(chosen),), why="wish"),
    ]


def _hint(session: Session, heard: int, act: Act) -> list[e.Event]:
    asking = session.current
    if asking is None:
        return []
    if asking.hints >= HINT_RUNGS:
        return [_remark(act, heard, "no_more_hints")]
    return [e.Hinted(asking.question, asking.hints + 1, heard)]


def _dont_know(session: Session, heard: int, act: Act) -> list[e.Event]:
    if session.amending is not None:
        return [_remark(act, heard, "never_mind")]
    return [e.GaveUp(session.current.question, heard)] if session.current else []


def _skip(session: Session, heard: int, act: Act) -> list[e.Event]:
    if session.amending is not None:
        return [_remark(act, heard, "never_mind")]
    return [e.Skipped(session.current.question, heard)] if session.current else []


def _later(session: Session, heard: int, act: Act) -> list[e.Event]:
    asking = session.current
    if asking is None:
        return []
    if len(session.agenda) == 1:
        return [_remark(act, heard, "last_one")]
    return [e.Skipped(asking.question, heard, later=True)]


def _back(session: Session, heard: int, act: Act) -> list[e.Event]:
    target = _named(session, act) if act.number is not None else _left_open(session)
    if target is None:
        return [_remark(act, heard, "nothing_to_return_to")]
    if target.question == session.standing:
        return [_remark(act, heard, "repeat")]
    if target.shown:
        return [e.Remarked("already_marked", heard, str(target.number))]
    if target.status in ("settled", "given_up"):
        return [e.Reopened(target.question, heard)]
    return [e.Returned(target.question, heard)]


def _amend(session: Session, heard: int, act: Act) -> list[e.Event]:
    target = _named(session, act) if act.number is not None else _last_answered(session)
    if target is None and act.number is None and act.text.strip():
        return _answer(session, heard, act)
    if target is None:
        return [_remark(act, heard, "nothing_to_return_to")]
    if act.text.strip():
        return _taken_up(target, heard, act.text)
    if target.shown:
        return [e.Remarked("already_marked", heard, str(target.number))]
    return [e.Reopened(target.question, heard)]


def _undo(session: Session, heard: int, act: Act) -> list[e.Event]:
    last = session.undoable
    if last is None:
        return [_remark(act, heard, "nothing_to_undo")]
    asking = session.askings[last.before.question]
    seen = session.practice and len(asking.countable) > len(last.before.countable)
    if seen or (asking.shown and not last.before.shown):
        return [_remark(act, heard, "too_late_to_undo")]
    return [e.Undone(asking.question, last.seq, heard, last.kind)]


def _dispute(session: Session, heard: int, act: Act) -> list[e.Event]:
    target = _named(session, act) if act.number is not None else _last_answered(session) or session.current
    about = concerns(act.text, of_question=act.number is not None)
    if target is None or not (_marked(target) or about == "question"):
        return [_no_marks(session, heard, act, target)]
    if not act.text.strip():
        return [_remark(act, heard, "dispute_why")]
    return [e.Disputed(target.question, heard, act.text, about)]


def _marked(asking: Asking) -> bool:
    return any(c.part.verdict is not None and c.part.verdict.judged for c in asking.judged)


def _no_marks(session: Session, heard: int, act: Act, target: Asking | None) -> e.Remarked:
    """That there is nothing to object to: no such question, none of its marks, or no marks at all."""
    if act.number is not None and target is None:
        return e.Remarked("no_question_to_dispute", heard, str(act.number))
    if target is not None and any(_marked(other) for other in session.askings.values()):
        return e.Remarked("no_marks_of_it", heard, str(target.number))
    return _remark(act, heard, "nothing_to_dispute" if session.ended is None else "no_marks_at_all")


def _aside(session: Session, heard: int, act: Act) -> list[e.Event]:
    asking = session.current
    if asking is None or asking.asides + 1 < MOST_ASIDES:
        return []
    return [_remark(act, heard, "out_of_patience"), e.Skipped(asking.question, heard)]


def _named(session: Session, act: Act) -> Asking | None:
    return next((a for a in session.askings.values() if a.number == act.number), None)


def _left_open(session: Session) -> Asking | None:
    """The question that was left last: skipped, or to be come back to."""
    left = [a for a in session.askings.values() if a.skipped is not None and a.status in ("skipped", "open")]
    return max(left, key=lambda a: a.skipped or 0, default=None)


def _last_answered(session: Session) -> Asking | None:
    answered = [a for a in session.askings.values() if a.contributions]
    return max(answered, key=lambda a: a.contributions[-1].seq, default=None)


#: Meanings by which a candidate leaves a question, and so ends an answer that was begun.
LEAVING = frozenset({"dont_know", "skip", "later", "stop"})
#: Meanings that change something at the question on the table, and nothing at another.
ADDRESSED = frozenset({"answer", "hint", "dont_know", "skip", "later"})
#: Meanings by which a candidate asks something of the interviewer, and waits for it.
REQUESTS: frozenset[Meaning] = frozenset({
    "hint", "repeat", "rephrase", "clarify", "asks_back", "skip", "later", "back", "undo", "rules", "remaining",
    "score", "cost", "grade", "status", "report", "predict", "help", "stop", "unknown_command", "malformed",
})  # fmt: skip
#: What each meaning leads to. A meaning that is not named here changes nothing: it is answered as a remark.
ACTS: Mapping[str, Outcome] = {
    "answer": _answer,
    "code": _code,
    "predict": _predict,
    "hint": _hint,
    "dont_know": _dont_know,
    "skip": _skip,
    "later": _later,
    "back": _back,
    "amend": _amend,
    "undo": _undo,
    "dispute": _dispute,
    "off_topic": _aside,
    "rude": _aside,
    "plea_marks": _aside,
    "plea_answer": _aside,
    "plea_instructions": _aside,
}
