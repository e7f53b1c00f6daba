"""What is said of an objection: how the question stood, how it stands, and by which words. It judges nothing."""

from __future__ import annotations

from typing import Any

from bot.core import events as e
from bot.core.asking import Asking
from bot.core.feedback import mark, number
from bot.core.mark_words import open_line, point_line
from bot.core.marking import Grade, PointGrade
from bot.core.objecting import Objection
from bot.core.question import Question
from bot.core.quoting import sentence, shortened
from bot.core.reply import MarkLine, Marks, Reply, ReplyPart, Text
from bot.core.scene import Scene
from bot.core.summary import summarise


def disputed(scene: Scene, event: e.Disputed) -> Reply:
    """That an objection is kept of which nothing is judged."""
    practice = "disputed" if scene.session.practice else "disputed_simulation"
    return _notice(
        scene,
        event.question,
        scene.say("disputed_question" if event.about == "question" else practice, **_of(scene, event.question)),
    )


def reconsidered(scene: Scene, event: e.Reconsidered) -> Reply:
    """What came of an objection. While a simulation lasts that would tell marks; the report tells it afterwards."""
    asking, question = scene.asking(event.question), scene.question(event.question)
    of = _of(scene, event.question)
    if event.outcome == "waits":
        over = scene.session.ended is not None or scene.session.stopping  # `/grade` is heard no more
        waits = scene.say("reconsidered_waits_over" if over else "reconsidered_waits", why=_sentence(event), **of)
        return _notice(scene, event.question, waits)
    if not scene.session.practice and scene.session.ended is None:
        return _notice(scene, event.question, _untold(scene, event, of))
    objection = next(o for o in asking.objections if o.seq == event.dispute)
    before, after = stood(asking, question, objection)
    scores = {"before": number(before.score), "after": number(after.score)}
    why = scene.say(f"reconsidered_{event.why}", quotes=_quotes(event.words)) if event.why else ""
    parts: list[ReplyPart] = [Text(scene.say(f"reconsidered_{event.outcome}", why=why, **scores, **of))]
    if event.outcome == "raised":
        parts += _changed(scene, asking, question, before, after)
    data = {**came_to(asking, question, objection), "score": after.score}
    return Reply("notice", tuple(parts), event.question, data)


def stood(asking: Asking, question: Question, objection: Objection) -> tuple[Grade, Grade]:
    """What the question came to before an objection to it was judged, and after."""
    return asking.as_of(objection, with_it=False).grade(question), asking.as_of(objection, with_it=True).grade(question)


def came_to(asking: Asking, question: Question, objection: Objection) -> dict[str, Any]:
    """An objection as plain data: the sentence, what came of it, and the marks that changed, before and after."""
    before, after = stood(asking, question, objection)
    was = {p.point: p for p in before.points}
    changed = [p for p in after.points if p != was.get(p.point)] if objection.outcome == "raised" else []
    return {
        "text": objection.text,
        "about": objection.about,
        "outcome": objection.outcome,
        "why": objection.why,
        "why_not": objection.why_not,
        "words": list(objection.words),
        "by": objection.by,
        "before": before.score,
        "after": after.score,
        "changed": [{"before": mark(was[p.point]), "after": mark(p)} for p in changed if p.point in was],
    }


def _of(scene: Scene, question: str) -> dict[str, object]:
    return {"number": scene.asking(question).number, "title": scene.question(question).title}


def _notice(scene: Scene, question: str, text: str) -> Reply:
    return Reply("notice", (Text(text),), question)


def _sentence(event: e.Reconsidered) -> str:
    return sentence(event.why_not or "")


def _untold(scene: Scene, event: e.Reconsidered, of: dict[str, object]) -> str:
    """That it is judged; what helps to say it better tells no mark, and is said."""
    told = scene.say("reconsidered_simulation", **of)
    return f"{told} {scene.say('reconsidered_no_words')}" if event.why == "no_words" else told


def _quotes(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{shortened(one)}”" for one in words)


def _changed(scene: Scene, asking: Asking, question: Question, before: Grade, after: Grade) -> list[ReplyPart]:
    """The points that came to more, each with its words and what it was before; after the end the total, too."""
    was = {p.point: p for p in before.points}
    lines = [_line(scene, asking, question, was[p.point], p) for p in after.points if p != was.get(p.point, p)]
    parts: list[ReplyPart] = [Marks(tuple(lines))] if lines else []
    if scene.session.ended is not None:
        total = summarise(scene.session, scene.book).score
        parts.append(Text(scene.say("reconsidered_total", total=number(total))))
    return parts


def _line(scene: Scene, asking: Asking, question: Question, was: PointGrade, now: PointGrade) -> MarkLine:
    told = asking.shown or scene.session.ended is not None
    line = point_line(scene.say, question, now) if told else open_line(scene.say, question, now)
    before = scene.say("reconsidered_was", was=scene.say(f"stood_{was.verdict}"))
    return MarkLine(line.verdict, line.text + before, line.brief + before)
