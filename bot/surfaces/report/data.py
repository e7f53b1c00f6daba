"""The report as plain JSON data: each question with the answer verbatim, its marks, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.asking import NOT_JUDGED, Contribution
from bot.core.closing import label
from bot.core.code_round import code_rounds
from bot.core.costing import figures
from bot.core.feedback import mark
from bot.core.marking import band
from bot.core.objecting import Objection
from bot.core.objection_words import came_to
from bot.core.question import Question
from bot.core.readme import readmes
from bot.core.reply import Reply
from bot.core.run_words import curve_in_words, finite, plain
from bot.core.scene import Scene, put
from bot.core.session import Session
from bot.core.summary import Line, Summary, summarise

VERSION = 1


def report_data(session_id: str, session: Session, book: Mapping[str, Question]) -> dict[str, Any]:
    """All that a report says, as JSON data; scores are in 0..1 or null, times UTC."""
    summary = summarise(session, book)
    started = session.started
    told = session.practice or session.ended is not None  # a simulation says nothing before its end
    return {
        "v": VERSION,
        "session": session_id,
        "flow": started.flow if started else None,
        "title": started.title if started else None,
        "mode": started.mode if started else None,
        "status": _status(session),
        "last_at": session.last_at,
        "cost": figures(session.spent) if session.spent.calls else None,
        "minutes": round(session.seconds / 60, 1),
        "total": _total(summary) if told else None,
        "topics": [
            {"topic": t.name, "score": t.score, "alone": t.alone, "questions": t.questions}
            for t in (summary.topics if told else ())
        ],
        "questions": [
            {**_question(line, session.ended is not None or line.asking.shown), "label": label(summary, line)}
            for line in summary.lines
        ],
        "code_rounds": _rounds(session, book) if told else [],
        "readmes": list(readmes(Scene(session, book))) if told else [],
        "series": _series(session),
        "reading": [
            {"title": title, "where": where} for title, where in (session.ended.reading if session.ended else ())
        ],
    }


def _series(session: Session) -> dict[str, Any] | None:
    """Which round of a series this is, and what those before it came to."""
    started = session.started
    if started is None or not started.series:
        return None
    before = [{"title": r.title, "session": r.session, "at": r.at, "score": r.score} for r in started.before]
    return {"flow": started.series, "round": started.round, "rounds": list(started.rounds), "before": before}


def _status(session: Session) -> str:
    return "running" if session.ended is None else session.ended.reason


def _total(summary: Summary) -> dict[str, Any]:
    return {
        "score": summary.score,
        "alone": summary.alone,
        "band": band(summary.score) if summary.score is not None else None,
        "counted": len(summary.counted),
        "answered": summary.answered,
        "not_graded": summary.not_graded,
        "planned": summary.planned,
    }


def _question(line: Line, told: bool) -> dict[str, Any]:
    """One question. While something can still be earned on it, its marks and its reference wait."""
    if told:
        return {**_asked(line, told), **_marked(line)}
    return {**_asked(line, told), "outcome": "waiting" if line.asking.judged else line.outcome}


def _objection(line: Line, objection: Objection, told: bool) -> dict[str, Any]:
    """An objection with what came of it; without that while marks are not told."""
    if not told:
        return {"text": objection.text, "about": objection.about, "outcome": ""}
    return came_to(line.asking, line.question, objection)


def _asked(line: Line, told: bool) -> dict[str, Any]:
    asking, question = line.asking, line.question
    return {
        "question": asking.question,
        "number": asking.number,
        "title": question.title,
        "asked": asking.wording,
        "kind": question.kind,
        "shown": _shown(question),
        "earlier": {"at": asking.earlier.at, "score": asking.earlier.score} if asking.earlier else None,
        "rubric": asking.rubric,
        "outcome": line.outcome,
        "answers": [_answer(c) for c in asking.contributions],
        "follow_ups": [{"point": f.point, "when": f.when, "asked": f.wording} for f in asking.follow_ups],
        "hints": [question.hints[n] for n in range(asking.hints)],
        "disputes": list(asking.disputes),
        "objections": [_objection(line, objection, told) for objection in asking.objections],
    }


def _shown(question: Question) -> str:
    """What lay before the candidate besides the words of the question, as Markdown."""
    parts = put("", question)[1:] if question.kind != "code" else ()
    return Reply("question", parts).text if parts else ""


def _marked(line: Line) -> dict[str, Any]:
    asking, question, grade = line.asking, line.question, line.grade
    settled = asking.settled
    return {
        "score": grade.score,
        "alone": grade.alone,
        "graded": line.outcome == "graded",
        "why_not": grade.why_not or "",
        "draft": question.draft,
        "marks": [{**mark(p), "says": question.point(p.point).says} for p in grade.points],
        "misconceptions": [
            {"id": m.id, "believes": m.believes, "reply": m.reply, "evidence": b.evidence}
            for b in grade.misconceptions
            for m in question.misconceptions
            if m.id == b.id
        ],
        "beyond": list(grade.beyond),
        "reference": (settled.reference if settled else "") or question.reference,
        "sources": list(settled.sources if settled and settled.sources else question.sources),
        "erratum": question.erratum,
        "aim": question.aim,
        "see_also": list(question.see_also),
        "asked_by": question.asked_by,
        "by": grade.by,
        "judged_again": [
            {"by": by, "score": other.score, "alone": other.alone, "marks": [mark(p) for p in other.points]}
            for by, other in asking.grades_by_others(question).items()
        ],
    }


def _answer(contribution: Contribution) -> dict[str, Any]:
    verdict = contribution.part.verdict
    return {
        "role": contribution.role,
        "text": contribution.part.text,
        "after_hints": contribution.part.rungs,
        "judged": contribution.role not in NOT_JUDGED and verdict is not None and verdict.judged,
        "why_not": (verdict.why_not if verdict else None) or "",
        "note": verdict.note if verdict else "",
        "facts": dict(contribution.facts or {}),
        "run": _run(contribution),
    }


def _run(contribution: Contribution) -> dict[str, Any] | None:
    """What came of running a program, or what was predicted. Its curve is the program's own claim."""
    if contribution.outcome is None:
        return None
    runs = [one for one in (contribution.outcome, contribution.beside) if one is not None]
    return {
        **plain(contribution.outcome, contribution.findings),
        "beside": contribution.beside.accuracy if contribution.beside else None,
        "curves": [{"steps": list(r.curve.steps), "losses": finite(r.curve.losses)} for r in runs],
        "words": [curve_in_words(r.curve) for r in runs],
    }


def _rounds(session: Session, book: Mapping[str, Question]) -> list[dict[str, Any]]:
    """What each code round came to, and what that is made of."""
    return [
        {
            "question": one.asking.question,
            "number": one.asking.number,
            "title": one.title,
            "score": one.score,
            "shares": [{"name": s.name, "weight": s.weight, "credit": s.credit} for s in one.shares],
        }
        for one in code_rounds(session, book)
    ]
