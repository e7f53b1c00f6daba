"""Events to replies: what the interviewer says when something has happened. Pure; `sentences` holds the words.

Marks are worded by `feedback`. Neither changes what happened, and neither praises: a mark is a number and a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core import closing, feedback, objection_words, run_words
from bot.core import events as e
from bot.core.asking import Asking, labelled
from bot.core.marking import HINT_SHARES, band
from bot.core.quoting import between_backticks, sentence, shortened, verbatim
from bot.core.remarks import answer_remark
from bot.core.reply import Kind, Reply, Text
from bot.core.scene import Book, Scene, put, put_again
from bot.core.session import Session
from bot.core.summary import summarise


def speak(session: Session, book: Book, event: e.Event, phrase: e.Phrased | None = None) -> tuple[Reply, ...]:
    """What an event gives the interviewer to say; often one reply, sometimes none. A voice may have worded some of it.

    What a voice leads over with comes first of all: it may have been uttered before the rest was known.
    """
    words = _WORDS.get(type(event))
    return words(Scene(session, book, phrase), event) if words else ()


def recap(session: Session, book: Book) -> tuple[Reply, ...]:
    """What one hears first who comes back: how far the interview has come."""
    scene, summary = Scene(session, book), summarise(session, book)
    done = sum(line.outcome != "open" for line in summary.lines if not line.asking.about)
    if session.ended is not None:
        return (_reply("notice", scene.say("over")),)
    if any(part.running for asking in session.askings.values() for part in asking.contributions):
        return (_reply("notice", scene.say("recap_run")),)
    if not done:
        return (_reply("notice", scene.say("recap_first")),)
    told = session.practice and summary.score is not None
    score = scene.say("recap_score", total=feedback.number(summary.score)) if told else ""
    text = scene.say("recap", answered=done, count=scene.counted("questions", scene.count), score=score)
    return (Reply("notice", (Text(text),), None, {"score": summary.score} if told else {}),)


def open_again(session: Session, book: Book) -> tuple[Reply, ...]:
    """What stands open, said once more; nothing where nothing does."""
    return _again(Scene(session, book))


def _reply(kind: Kind, text: str, question: str | None = None, **data: Any) -> Reply:
    return Reply(kind, (Text(text),), question, data)


def _opening(scene: Scene, event: e.Started) -> tuple[Reply, ...]:
    code = scene.say("opening_code", number=event.code_at) if event.code_at else ""
    minutes = scene.counted("minutes", event.about_minutes)
    what = scene.say(
        "opening_what" if len(event.plan) != 1 else "opening_what_one",
        count=len(event.plan),
        minutes=minutes,
        code=code,
    )
    if event.minutes:
        what += " " + scene.say("opening_limit", minutes=scene.counted("minutes", event.minutes))
    lines = [what, *_chosen(scene, event), scene.say(f"opening_{event.mode}"), scene.say("opening_stop")]
    return (_reply("opening", scene.say("greeting", title=event.title) + "\n\n" + "\n".join(lines)),)


def _chosen(scene: Scene, event: e.Started) -> Iterator[str]:
    """How this sitting came about: its place in a series, what it is chosen by, what the candidate works on."""
    if event.series:
        rounds = ", ".join(event.rounds)
        yield scene.say("note_round", round=event.round, count=len(event.rounds), rounds=rounds)
    yield from event.notes
    if event.material:
        yield scene.say("note_material", file=event.material)


def _brought(scene: Scene, event: e.Brought) -> tuple[Reply, ...]:
    if event.problem is not None:
        return (
            _reply(
                "notice",
                scene.say("brought_unreadable", name=between_backticks(event.name), problem=sentence(event.problem)),
            ),
        )
    facts = feedback.facts_in_words(event.facts)
    return (
        _reply(
            "notice",
            scene.say("brought" if facts else "brought_nothing", name=between_backticks(event.name), facts=facts),
        ),
    )


def _time_called(scene: Scene, event: e.TimeCalled) -> tuple[Reply, ...]:
    text = scene.say(f"time_{event.call}", left=scene.counted("minutes", max(1, event.left)))
    if event.titles:
        text += " " + scene.say("time_dropped", titles=", ".join(event.titles))
    return (_reply("progress", text),)


def _asked(scene: Scene, event: e.Asked) -> tuple[Reply, ...]:
    led = scene.phrase is not None and bool(scene.phrase.lead)
    text = f"{'' if led else event.transition} {scene.put_as(event.wording)}".strip()
    question = scene.book[event.rubric]
    by_phone = event.wording == question.on_phone
    parts = (scene.head(scene.asking(event.question), follow_up=False), *put(text, question, by_phone))
    if event.about:
        return (Reply("follow_up", parts, event.question, {"program": event.about}),)
    parts = (*scene.led(acknowledged(scene)), *parts)
    return (Reply("question", parts, event.question, {"number": event.number, "of": scene.count}),)


def acknowledged(scene: Scene) -> str:
    """That the last answer was heard, where no marks say so."""
    if not _just_answered(scene) or scene.session.practice:
        return ""
    return scene.say_in_turn("acknowledged", len(scene.session.askings))


def _just_answered(scene: Scene) -> bool:
    """True when the last question ended with an answer: one that was left has been acknowledged already."""
    last = scene.session.undoable
    return last is not None and last.kind == "answer"


def _followed_up(scene: Scene, event: e.FollowedUp) -> tuple[Reply, ...]:
    asking, question = scene.asking(event.question), scene.question(event.question)
    said: list[Reply] = []
    head = scene.head(asking, follow_up=True)
    spoken = scene.led()
    if event.when == "recall":
        return (Reply("follow_up", (head, Text(event.wording)), event.question),)
    if scene.session.practice:
        between = feedback.between(scene.say, asking, question)
        said.append(replace(between, parts=(*spoken, *between.parts)))
        spoken = ()
    lead = follow_up_lead(scene, event) if scene.phrase is None or not scene.phrase.lead else ""
    about = {"about": event.when} if scene.session.practice else {}
    put_so = f"{lead} {scene.put_as(event.wording)}".strip()
    said.append(Reply("follow_up", (*spoken, head, Text(put_so)), event.question, about))
    return tuple(said)


def follow_up_lead(scene: Scene, event: e.FollowedUp) -> str:
    """What leads over to a follow-up: what it is about, in the candidate's own words where they were wrong."""
    asking, question = scene.asking(event.question), scene.question(event.question)
    lead = _why_again(asking) if event.when == "again" else ""
    followed = sum(one.probes for one in scene.session.askings.values())
    lead = lead or scene.say_in_turn(f"follow_up_lead_{event.when}", followed)
    quote = next((p.evidence for p in asking.grade(question).points if p.point == event.point and p.evidence), None)
    if quote and event.when in ("wrong", "interesting"):
        said_so = "follow_up_wrote" if question.kind == "code" else "follow_up_said"
        lead = scene.say(said_so, quote=shortened(quote)) + " " + lead
    return lead


def _why_again(asking: Asking) -> str:
    """Why the last part could not be judged, where the marks of earlier parts were said instead."""
    verdict = asking.judged[-1].part.verdict if asking.judged else None
    return sentence(verdict.why_not or "") if verdict is not None and len(asking.countable) else ""


def _settled(scene: Scene, event: e.Settled) -> tuple[Reply, ...]:
    asking, question = scene.asking(event.question), scene.question(event.question)
    last = asking.contributions[-1] if asking.contributions else None
    if last is not None and not settles_aloud(scene, event):
        key = "late" if last.role == "late" else "amended"
        notice = _reply("notice", scene.say(key, number=asking.number, title=question.title), event.question)
        marks = (feedback.whole(scene.say, asking, question),) if scene.session.practice and key == "amended" else ()
        return (notice, *marks, *_again(scene))
    if not scene.session.practice:
        return ()
    if last is not None and last.again and feedback.waits(asking):
        return (feedback.still_not_graded(scene.say, asking, question),)
    # Left in the middle of a follow-up: the marks were said before, and now come with the reference.
    known = asking.probed_at == len(asking.contributions) and bool(asking.contributions)
    told = feedback.whole(scene.say, asking, question, "grade" if known else "feedback")
    return (replace(told, parts=(*scene.led(), *told.parts)), *_earlier(scene, asking))


def settles_aloud(scene: Scene, event: e.Settled) -> bool:
    """Whether this ends the talk about a question, and is no addition to an earlier one."""
    asking = scene.asking(event.question)
    added = bool(asking.contributions) and asking.contributions[-1].role in ("late", "amendment")
    return not added or scene.session.current is None


def _earlier(scene: Scene, asking: Asking) -> tuple[Reply, ...]:
    """The mark of an earlier sitting beside today's, in practice."""
    earlier, grade = asking.earlier, asking.grade(scene.question(asking.question))
    if earlier is None or grade.score is None:
        return ()
    date = f"{datetime.fromisoformat(earlier.at).astimezone():%d %B %Y}".lstrip("0")
    if earlier.score is None:
        return (_reply("notice", scene.say("earlier_unmarked", date=date), asking.question),)
    figures = {"score": feedback.number(earlier.score), "now": feedback.number(grade.score)}
    data = {"earlier": earlier.score, "at": earlier.at, "times": earlier.times}
    return (_reply("notice", scene.say("earlier_mark", date=date, **figures), asking.question, **data),)


def _again(scene: Scene) -> tuple[Reply, ...]:
    """What stands open, said once more after something else was dealt with."""
    amended = scene.session.amending
    if amended is not None:
        return _reopened(scene, e.Reopened(amended, 0))
    return (put_again(scene),) if scene.session.current else ()


def _hinted(scene: Scene, event: e.Hinted) -> tuple[Reply, ...]:
    question = scene.question(event.question)
    last = event.rung + 1 >= len(HINT_SHARES)
    following = scene.say("hint_last") if last else scene.say("hint_next", share=scene.say(f"share_{event.rung + 1}"))
    price = scene.say("hint_price", share=scene.say(f"share_{event.rung}"), next=following)
    text = scene.say("hint", rung=event.rung, hint=scene.put_as(question.hints[event.rung - 1]))
    data = {"rung": event.rung, "share": HINT_SHARES[event.rung]}
    return (Reply("hint", (*scene.led(), Text(f"{text}\n\n{price}")), event.question, data),)


def _clarified(scene: Scene, event: e.Clarified) -> tuple[Reply, ...]:
    if event.subject:
        return (_reply("notice", scene.say("clarify_subject", term=verbatim(event.term)), scene.session.standing),)
    if not event.text:
        return (_reply("notice", scene.say("clarify_unknown", term=verbatim(event.term)), scene.session.standing),)
    text = scene.say("clarify", text=event.text)
    if named := feedback.named(event.sources):
        text += " " + scene.say("clarify_sources", sources=", ".join(named))
    return (_reply("notice", text, scene.session.standing, sources=list(event.sources)),)


def _gave_up(scene: Scene, event: e.GaveUp) -> tuple[Reply, ...]:
    key = "gave_up_probing" if scene.asking(event.question).judged else "gave_up"
    return (_reply("notice", scene.say_in_turn(key, len(scene.session.askings)), event.question),)


def _skipped(scene: Scene, event: e.Skipped) -> tuple[Reply, ...]:
    number = scene.asking(event.question).number
    return (_reply("notice", scene.say(_how_skipped(scene, event), number=number), event.question),)


def _how_skipped(scene: Scene, event: e.Skipped) -> str:
    if event.later:
        return "later"
    if scene.asking(event.question).countable:
        return "skipped_answered"
    return "skipped" if scene.session.agenda else "skipped_last"


def _returned(scene: Scene, event: e.Returned) -> tuple[Reply, ...]:
    asking, title = scene.asking(event.question), scene.question(event.question).title
    if any(asking.to_run(part) for part in asking.contributions):  # a program came along with the wish to return
        return ()
    if asking.mending:
        lead = scene.say("returned", number=asking.number, title=title)
        lead = lead if scene.session.in_order[-1] != asking else ""
        return (Reply("repeat", (Text(f"{lead} {scene.say('mend')}".strip()),), event.question),)
    back = scene.say_in_turn("returned_here", asking.number)
    return (put_again(scene, run_words.since_then(scene, asking) or back),)


def _reopened(scene: Scene, event: e.Reopened) -> tuple[Reply, ...]:
    asking, title = scene.asking(event.question), scene.question(event.question).title
    return (_reply("notice", scene.say("reopened", number=asking.number, title=title), event.question),)


def _undone(scene: Scene, event: e.Undone) -> tuple[Reply, ...]:
    return (_reply("notice", scene.say(f"undone_{event.kind}"), event.question),)


def _dropped(scene: Scene, event: e.Dropped) -> tuple[Reply, ...]:
    return (_reply("notice", scene.say("dropped")),)


def _disputed(scene: Scene, event: e.Disputed) -> tuple[Reply, ...]:
    return (objection_words.disputed(scene, event), *_again(scene))


def _reconsidered(scene: Scene, event: e.Reconsidered) -> tuple[Reply, ...]:
    """What came of an objection; where nobody waited for it, what stands open is not put again."""
    return (objection_words.reconsidered(scene, event), *(() if event.late else _again(scene)))


def _inspected(scene: Scene, event: e.Inspected) -> tuple[Reply, ...]:
    if event.problem is not None:
        return (
            _reply(
                "code", scene.say("code_unreadable", problem=sentence(event.problem)), event.question, readable=False
            ),
        )
    if scene.asking(event.question).task:  # its run tells more
        return ()
    facts = feedback.facts_in_words(event.facts)
    seen = {name: event.facts.get(name) for name in feedback.FACTS}
    text = scene.say("code_read", facts=scene.say("code_facts", facts=facts) if facts else "").strip()
    return (_reply("code", text, event.question, readable=True, ran=False, facts=seen),)


def _judged_late(scene: Scene, event: e.JudgedLate) -> tuple[Reply, ...]:
    """That a question is judged now which was not, with its figures where figures are told."""
    asking, session = scene.asking(event.question), scene.session
    number, score = labelled(asking, session.askings.values()), asking.grade(scene.question(event.question)).score
    if not session.practice and session.ended is None:
        return (_reply("notice", scene.say("judged_late", number=number), event.question),)
    if score is None:
        return (_reply("notice", scene.say("judged_late_not", number=number), event.question),)
    banded = scene.say(f"band_{band(score)}")
    text = scene.say("judged_late_score", number=number, score=feedback.number(score), band=banded)
    total = summarise(session, scene.book).score
    if session.ended is not None:
        text += " " + scene.say("judged_late_total", total=feedback.number(total))
    return (_reply("notice", text, event.question, score=score),)


def _budget_reached(scene: Scene, event: e.BudgetReached) -> tuple[Reply, ...]:
    budget = scene.say(f"budget_of_{event.budget}")
    return (_reply("notice", scene.say(f"budget_{event.level}", budget=budget, share=event.share)),)


def _came_back(scene: Scene, event: e.CameBack) -> tuple[Reply, ...]:
    return (_reply("notice", event.told),) if event.told else ()


_WORDS: Mapping[type[Any], Callable[[Scene, Any], tuple[Reply, ...]]] = {
    e.Started: _opening,
    e.Brought: _brought,
    e.CameBack: _came_back,
    e.BudgetReached: _budget_reached,
    e.TimeCalled: _time_called,
    e.Asked: _asked,
    e.FollowedUp: _followed_up,
    e.Settled: _settled,
    e.Hinted: _hinted,
    e.Clarified: _clarified,
    e.GaveUp: _gave_up,
    e.Skipped: _skipped,
    e.Returned: _returned,
    e.Reopened: _reopened,
    e.Undone: _undone,
    e.Disputed: _disputed,
    e.Reconsidered: _reconsidered,
    e.JudgedLate: _judged_late,
    e.Inspected: _inspected,
    e.RunBegan: run_words.began,
    e.Ran: run_words.ran,
    e.Ended: closing.ended,
    e.Dropped: _dropped,
    e.Remarked: answer_remark,
}
