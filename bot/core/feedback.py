"""Marks in words: what was met, missing or wrong, each with the candidate's own words. It computes no score."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.asking import Asking
from bot.core.mark_words import Sayer, figure, open_line, point_line
from bot.core.marking import Belief, Grade, PointGrade, band
from bot.core.measured import shown_by_run
from bot.core.picking import picked
from bot.core.question import Question, lettered
from bot.core.quoting import sentence, shortened
from bot.core.reply import Code, Kind, MarkLine, Marks, Reference, Reply, ReplyPart, Text
from bot.core.shown import learning_rate_phrase, optimizer_phrase, shown
from bot.core.summary import Line

#: Numbers of the bank's own articles: they say something to its authors alone.
ARTICLE = re.compile(r"S\d+-\w+")
#: What is told of a program to programs, by the names of `viva lab run`.
FACTS = ("optimizer", "learning_rate", "loss", "activations", "layers", "epochs", "batch_size")
#: Below this score it is not said that all of it was one's own.
WORTH_SAYING = 0.5


def between(say: Sayer, asking: Asking, question: Question) -> Reply:
    """The marks so far, before a follow-up: what was met, and how much is open, without naming what is missing.

    After a reply to a follow-up only what has changed is said; `/grade` shows the rest.
    """
    grade, before = asking.grade(question), _before_the_reply(asking, question)
    if not grade.graded:
        return _reply("feedback", [_not_graded(say, asking, grade)], asking, grade)
    if before is not None and before.points == grade.points:
        return _reply("feedback", [_unchanged(say, grade)], asking, grade)
    parts = _so_far(say, question, grade, before.points if before else ())
    said = asking.judged[-1].part.verdict
    notes = [Text(say("note", note=sentence(said.note)))] if said is not None and said.note else []
    return _reply("feedback", [*parts, *notes], asking, grade)


def _unchanged(say: Sayer, grade: Grade) -> Text:
    """That the last reply changed no mark."""
    score = grade.score or 0.0
    return Text(say("score_unchanged", score=f"{score:.2f}", band=say(f"band_{band(score)}")))


def _before_the_reply(asking: Asking, question: Question) -> Grade | None:
    """What the question came to before the last reply to a follow-up; None where there was none, or nothing judged."""
    last = asking.judged[-1].part.pointed_at if asking.judged else frozenset()
    earlier = tuple(c for c in asking.judged if c.part.pointed_at != last)
    grade = replace(asking, contributions=earlier).grade(question) if earlier else None
    return grade if grade is not None and grade.graded else None


def _so_far(say: Sayer, question: Question, grade: Grade, known: Sequence[PointGrade] = ()) -> list[ReplyPart]:
    """The score, the points with something to them that are not `known` yet, and how many are open."""
    seen = [p for p in grade.points if p.verdict in ("met", "partial") and p.credit > 0 and p not in known]
    required = [p for p in grade.points if not p.bonus]
    of = question.needs or len(required)
    count = max(0, of - sum(p.verdict == "met" for p in required))
    parts: list[ReplyPart] = [Text(_score(say, question, grade))]
    if seen:
        parts.append(Marks(tuple(dict.fromkeys(open_line(say, question, p) for p in seen))))
    if count:
        none = not any(p.credit for p in grade.points)
        every = "points_none" if none else "points_open_all"
        key = every if count == of > 1 else "points_open_one" if count == 1 else "points_open"
        parts.append(Text(say(key, count=count, of=of)))
    return parts


def whole(say: Sayer, asking: Asking, question: Question, kind: Kind = "feedback") -> Reply:
    """All marks of a question that is settled, what to say to misconceptions, and the reference with its sources.

    It is a `feedback` after a grading, and a `grade` where marks that were said before are shown with the reference.
    """
    grade = asking.grade(question)
    parts: list[ReplyPart] = []
    before = _before_the_reply(asking, question) if kind == "feedback" else None
    known = before.points if before is not None else grade.points if kind == "grade" else ()
    if not asking.countable and asking.status == "given_up":
        parts.append(Text(say("zero_dont_know")))
    elif not grade.graded:
        parts.append(_not_graded(say, asking, grade))
    else:
        head = _unchanged(say, grade) if before is not None and before.points == grade.points else None
        parts += _marks(say, asking, question, grade, head, known)
        parts += [Text(say("note", note=sentence(note))) for note in _notes(asking)]
        parts += [Text(say("part_not_judged", why=sentence(why))) for why in _reasons(asking)]
    parts += full_answer(say, asking)
    return _reply(kind, parts, asking, grade)


def marks_only(say: Sayer, asking: Asking, question: Question) -> Reply:
    """The marks once more, as `/grade` shows them."""
    grade = asking.grade(question)
    if not grade.graded:
        return _reply("grade", [_not_graded(say, asking, grade)], asking, grade)
    parts = _marks(say, asking, question, grade) if asking.shown else _so_far(say, question, grade)
    return _reply("grade", parts, asking, grade)


def waits(asking: Asking) -> bool:
    """Whether something of the answer could not be judged, and can be later."""
    return any(c.part.verdict is not None and c.part.verdict.retry for c in asking.judged)


def still_not_graded(say: Sayer, asking: Asking, question: Question) -> Reply:
    """That it failed once more; what else there is to the question was said the first time."""
    grade = asking.grade(question)
    return _reply("feedback", [Text(say("not_graded_still", why=sentence(grade.why_not or "")))], asking, grade)


def figures(asking: Asking, grade: Grade) -> dict[str, Any]:
    """The data of a `feedback` or `grade` object, as programs are given it."""
    return {
        "score": grade.score,
        "alone": grade.alone,
        "graded": grade.graded,
        "why_not": grade.why_not or "",
        "marks": [mark(p) for p in grade.points],
        "misconceptions": [{"id": b.id, "evidence": b.evidence} for b in grade.misconceptions],
        "beyond": list(grade.beyond),
        "hints": asking.hints,
        "sources": list(asking.settled.sources) if asking.settled is not None else [],
        "by": grade.by,
    }


def mark(point: PointGrade) -> dict[str, Any]:
    """One mark as plain data."""
    return {
        "point": point.point,
        "weight": point.weight,
        "bonus": point.bonus,
        "credit": point.credit,
        "given": point.given,
        "confidence": point.confidence,
        "verdict": point.verdict,
        "prompted": point.prompted,
        "halved": point.halved,
        "unsure": point.unsure,
        "evidence": point.evidence,
    }


def number(score: float | None) -> str:
    """A score as it is shown."""
    return "–" if score is None else f"{score:.2f}"


def outcome(line: Line) -> str:
    """How a question ended, in a word or a number."""
    words = {
        "dont_know": "0.00 (don't know)",
        "skipped": "0.00 (skipped)",
        "not_graded": "not graded",
        "open": "not answered",
    }
    return words.get(line.outcome) or f"{line.grade.score or 0.0:.2f}"


def named(sources: Sequence[str]) -> list[str]:
    """The sources that say something to a candidate: the places in documents of their own."""
    return [source for source in sources if not ARTICLE.fullmatch(source)]


def starter(source: str) -> Code:
    """The starter program of a code question."""
    return Code(source.strip("\n"))


def facts_in_words(facts: Mapping[str, Any]) -> str:
    """What was read off a program, in half a sentence."""
    found = [
        ("", facts.get("framework")),
        ("", _optimiser(facts)),
        ("", facts.get("loss")),
        ("layers ", ", ".join(map(str, facts.get("layers") or ()))),
        ("activations ", ", ".join(dict.fromkeys(map(str, facts.get("activations") or ())))),
        ("epochs: ", facts.get("epochs")),
        ("batch size ", facts.get("batch_size")),
    ]
    return sentence("; ".join(f"{name}{value}" for name, value in found if value not in (None, "")))


def _optimiser(facts: Mapping[str, Any]) -> str | None:
    name = optimizer_phrase(facts)
    return f"{name} with {learning_rate_phrase(facts)}" if name else None


def _reply(kind: Kind, parts: list[ReplyPart], asking: Asking, grade: Grade) -> Reply:
    return Reply(kind, tuple(parts), asking.question, figures(asking, grade))


def _score(say: Sayer, question: Question, grade: Grade) -> str:
    score, alone = grade.score or 0.0, grade.alone or 0.0
    if not score:
        return say("score_zero")
    line = _sum(say, question, grade, {"score": f"{score:.2f}", "band": say(f"band_{band(score)}")})
    if abs(score - alone) < 0.0005:
        return f"{line} {say('score_alone_same')}" if score >= WORTH_SAYING else line
    return f"{line} {say('score_alone', alone=f'{alone:.2f}', score=f'{score:.2f}')}"


def _sum(say: Sayer, question: Question, grade: Grade, figures: Mapping[str, str]) -> str:
    """The score with what it is the share of; alone where only so many points were needed."""
    if question.needs is not None:
        return say("score_line", **figures)
    earned = {bonus: sum(p.weight * p.credit for p in grade.points if p.bonus == bonus) for bonus in (False, True)}
    full = sum(p.weight for p in grade.points if not p.bonus)
    told = {"earned": figure(earned[False]), "full": figure(full), "bonus": figure(earned[True])}
    return say("score_line_bonus" if earned[True] else "score_line_sum", **figures, **told)


def _marks(
    say: Sayer,
    asking: Asking,
    question: Question,
    grade: Grade,
    head: Text | None = None,
    known: Sequence[PointGrade] = (),
) -> list[ReplyPart]:
    """All marks, below the score or another `head`; of those that are `known` the words are not quoted in brief."""
    more = _more(question, grade)
    shown = [p for p in grade.points if p not in more and not (p.bonus and p.verdict in ("missing", "wrong"))]
    lines = [point_line(say, question, p, _why(say, asking, question, p), quoted=p not in known) for p in shown]
    also = [say("point_more", says=question.point(p.point).says) for p in more]
    lines += [MarkLine("more", text, text) for text in also]
    parts: list[ReplyPart] = [head or Text(_score(say, question, grade)), Marks(tuple(lines))]
    texts = [_option(say, question, grade), *_beliefs(say, question, grade.misconceptions)]
    if question.draft:
        texts.append(say("draft"))
    return [*parts, *(Text(text) for text in texts if text)]


def _more(question: Question, grade: Grade) -> tuple[PointGrade, ...]:
    """Points that were not needed any more: enough others were made."""
    required = [p for p in grade.points if not p.bonus]
    if question.needs is None or sum(p.verdict == "met" for p in required) < question.needs:
        return ()
    return tuple(p for p in required if p.verdict == "missing")


def _why(say: Sayer, asking: Asking, question: Question, point: PointGrade) -> str:
    """What a program lacks for the point, as the reader of programs found it."""
    facts = next((c.evidence for c in reversed(asking.judged) if c.facts), None)
    shown_by = question.point(point.point).shown_by
    if not facts or not shown_by or point.verdict == "met":
        return ""
    found = shown(facts, shown_by) or shown_by_run(facts, shown_by)
    return say("code_why", why=sentence(found.why)) if found is not None else ""


def _option(say: Sayer, question: Question, grade: Grade) -> str:
    """What there is to say to the option that was picked."""
    hinge = next((p for p in grade.points if p.point == question.hinge), None)
    if hinge is None or hinge.verdict not in ("met", "wrong") or not question.options:
        return ""
    pick = picked(question, hinge.evidence or "")
    letter, option = (pick.letter, pick.option) if pick else (None, None)
    if hinge.verdict == "met":
        letter, option = next((name, o) for name, o in lettered(question) if o.right)
    if option is None or option.right != (hinge.verdict == "met"):
        return ""
    return say("option", letter=letter, reply=option.reply)


def _beliefs(say: Sayer, question: Question, beliefs: Sequence[Belief]) -> list[str]:
    """What to say to each misconception; those that the same words showed are answered together."""
    replies = {m.id: m.reply for m in question.misconceptions}
    quotes = dict.fromkeys(belief.evidence for belief in beliefs)
    said = {quote: " ".join(replies.get(b.id, "") for b in beliefs if b.evidence == quote) for quote in quotes}
    return [
        say("misconception" if quote else "misconception_unquoted", quote=shortened(quote or ""), reply=reply)
        for quote, reply in said.items()
    ]


def _notes(asking: Asking) -> list[str]:
    return list(dict.fromkeys(c.part.verdict.note for c in asking.judged if c.part.verdict and c.part.verdict.note))


def _reasons(asking: Asking) -> list[str]:
    """Why parts of an answer add nothing to its marks, where others were judged."""
    mended = max((c.seq for c in asking.programs), default=0)
    counting = [c for c in asking.judged if c.problem is None or c.seq > mended]
    return list(dict.fromkeys(c.part.verdict.why_not for c in counting if c.part.verdict and c.part.verdict.why_not))


def _not_graded(say: Sayer, asking: Asking, grade: Grade) -> Text:
    return Text(say("not_graded_retry" if waits(asking) else "not_graded", why=sentence(grade.why_not or "")))


def full_answer(say: Sayer, asking: Asking) -> list[ReplyPart]:
    """The reference of a question that is settled."""
    settled = asking.settled
    if settled is None or not settled.reference:
        return [Text(say("no_reference"))]
    sources = named(settled.sources)
    head = say("reference" if sources else "reference_unsourced", sources=", ".join(sources))
    return [Reference(head, settled.reference)]
