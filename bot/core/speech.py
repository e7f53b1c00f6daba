"""Events to replies: what the interviewer says when something has happened. Pure; `sentences` holds the words.

Marks are worded by `feedback`. Neither changes what happened, and neither praises: a mark is a number and a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core import events as e
from bot.core import feedback
from bot.core.asking import Asking
from bot.core.marking import HINT_SHARES, Question
from bot.core.remarks import answer_remark
from bot.core.reply import Kind, Reply, ReplyPart, Table, Text
from bot.core.sentences import SENTENCES
from bot.core.session import Session
from bot.core.summary import Line, Summary, summarise

Book = Mapping[str, Question]


@dataclass(frozen=True)
class Scene:
    """All that wording needs: where the interview stands, and its questions as they were asked."""

    session: Session
    book: Book

    def say(self, key: str, **values: object) -> str:
        """A sentence by its key; wordings take turns from question to question, beginning where the seed says."""
        wordings = SENTENCES[key]
        seed = self.session.started.seed if self.session.started else 0
        turn = sum(
            1 + len(asking.follow_ups) + asking.hints + asking.asides + asking.rephrased
            for asking in self.session.askings.values()
        )
        return wordings[(seed + turn) % len(wordings)].format(**values)

    def asking(self, question: str) -> Asking:
        return self.session.askings[question]

    def question(self, question: str) -> Question:
        return self.book[self.session.askings[question].rubric]

    @property
    def count(self) -> int:
        """How many questions the sitting has."""
        return len(self.session.started.plan) if self.session.started else 0

    @property
    def wording(self) -> str:
        """What is on the table, as it was put: the follow-up, or the question."""
        asking = self.session.current
        if asking is None:
            return ""
        return asking.probing.wording if asking.probing else asking.wording


def speak(session: Session, book: Book, event: e.Event) -> tuple[Reply, ...]:
    """What an event gives the interviewer to say; often one reply, sometimes none."""
    words = _WORDS.get(type(event))
    return words(Scene(session, book), event) if words else ()


def recap(session: Session, book: Book) -> tuple[Reply, ...]:
    """What one hears first who comes back: how far the interview has come."""
    scene, summary = Scene(session, book), summarise(session, book)
    done = sum(line.outcome != "open" for line in summary.lines)
    if not done:
        return (_reply("notice", scene.say("recap_first")),)
    told = session.practice and summary.score is not None
    score = scene.say("recap_score", total=_number(summary.score)) if told else ""
    return (_reply("notice", scene.say("recap", answered=done, count=scene.count, score=score)),)


def open_again(session: Session, book: Book) -> tuple[Reply, ...]:
    """What stands open, said once more; nothing where nothing does."""
    return _again(Scene(session, book))


def _reply(kind: Kind, text: str, question: str | None = None, **data: Any) -> Reply:
    return Reply(kind, (Text(text),), question, data)


def _number(score: float | None) -> str:
    return "–" if score is None else f"{score:.2f}"


def _numbered(scene: Scene) -> str:
    asking = scene.session.current
    if asking is None:
        return ""
    key = "follow_up_number" if asking.probing else "question_number"
    return scene.say(key, number=asking.number, count=scene.count) + " " + scene.wording


def _opening(scene: Scene, event: e.Started) -> tuple[Reply, ...]:
    code = scene.say("opening_code", number=event.code_at) if event.code_at else ""
    what = scene.say("opening_what", count=len(event.plan), minutes=event.about_minutes, code=code)
    lines = [what, scene.say(f"opening_{event.mode}"), scene.say("opening_stop")]
    return (_reply("opening", scene.say("greeting", title=event.title) + "\n\n" + "\n".join(lines)),)


def _asked(scene: Scene, event: e.Asked) -> tuple[Reply, ...]:
    number = scene.say("question_number", number=event.number, count=scene.count)
    thanks = scene.say("acknowledged") if _just_answered(scene) and not scene.session.practice else ""
    lead = " ".join(text for text in (thanks, event.transition) if text)
    text = f"{lead}\n\n{number} {event.wording}" if lead else f"{number} {event.wording}"
    question = scene.book[event.rubric]
    parts: list[ReplyPart] = [Text(text)]
    if question.statement:
        parts.append(Text(question.statement))
    if question.starter:
        parts.append(feedback.starter(question.starter))
    return (Reply("question", tuple(parts), event.question, {"number": event.number, "of": scene.count}),)


def _just_answered(scene: Scene) -> bool:
    """True when the last question ended with an answer: one that was left has been acknowledged already."""
    last = scene.session.askings.get(scene.session.last_touched or "")
    return last is not None and last.skipped is None and 0 < len(last.contributions) != last.probed_at


def _followed_up(scene: Scene, event: e.FollowedUp) -> tuple[Reply, ...]:
    asking, question = scene.asking(event.question), scene.question(event.question)
    said: list[Reply] = []
    if scene.session.practice:
        said.append(feedback.between(scene.say, asking, question))
    lead = scene.say(f"follow_up_lead_{event.when}")
    quote = next((p.evidence for p in asking.grade(question).points if p.point == event.point and p.evidence), None)
    if quote and event.when in ("wrong", "interesting"):
        said_so = "follow_up_wrote" if question.kind == "code" else "follow_up_said"
        lead += " " + scene.say(said_so, quote=feedback.shortened(quote))
    said.append(_reply("follow_up", f"{lead} {event.wording}", event.question, about=event.when))
    return tuple(said)


def _settled(scene: Scene, event: e.Settled) -> tuple[Reply, ...]:
    asking, question = scene.asking(event.question), scene.question(event.question)
    last = asking.contributions[-1] if asking.contributions else None
    if last is not None and last.role in ("late", "amendment") and scene.session.current is not None:
        key = "late" if last.role == "late" else "amended"
        notice = _reply("notice", scene.say(key, number=asking.number, title=question.title), event.question)
        marks = (feedback.whole(scene.say, asking, question),) if scene.session.practice and key == "amended" else ()
        return (notice, *marks, *_again(scene))
    if not scene.session.practice:
        return ()
    # Left in the middle of a follow-up: the marks were said before, and now come with the reference.
    known = asking.probed_at == len(asking.contributions) and bool(asking.contributions)
    return (feedback.whole(scene.say, asking, question, "grade" if known else "feedback"),)


def _again(scene: Scene) -> tuple[Reply, ...]:
    """What stands open, said once more after something else was dealt with."""
    return (_reply("repeat", _numbered(scene), scene.session.standing),) if scene.session.current else ()


def _hinted(scene: Scene, event: e.Hinted) -> tuple[Reply, ...]:
    question = scene.question(event.question)
    last = event.rung + 1 >= len(HINT_SHARES)
    following = scene.say("hint_last") if last else scene.say("hint_next", share=scene.say(f"share_{event.rung + 1}"))
    price = scene.say("hint_price", share=scene.say(f"share_{event.rung}"), next=following)
    text = scene.say("hint", rung=event.rung, hint=question.hints[event.rung - 1])
    share = HINT_SHARES[event.rung]
    return (_reply("hint", f"{text}\n\n{price}", event.question, rung=event.rung, share=share),)


def _clarified(scene: Scene, event: e.Clarified) -> tuple[Reply, ...]:
    if event.subject:
        return (_reply("notice", scene.say("clarify_subject", term=event.term), scene.session.standing),)
    if not event.text:
        return (_reply("notice", scene.say("clarify_unknown", term=event.term), scene.session.standing),)
    text = scene.say("clarify", text=event.text)
    if event.sources:
        text += " " + scene.say("clarify_sources", sources=", ".join(event.sources))
    return (_reply("notice", text, scene.session.standing, sources=list(event.sources)),)


def _gave_up(scene: Scene, event: e.GaveUp) -> tuple[Reply, ...]:
    key = "gave_up_probing" if scene.asking(event.question).judged else "gave_up"
    return (_reply("notice", scene.say(key), event.question),)


def _skipped(scene: Scene, event: e.Skipped) -> tuple[Reply, ...]:
    return (_reply("notice", scene.say(_how_skipped(scene, event)), event.question),)


def _how_skipped(scene: Scene, event: e.Skipped) -> str:
    if event.later:
        return "later"
    if scene.asking(event.question).judged:
        return "skipped_answered"
    return "skipped" if scene.session.agenda else "skipped_last"


def _returned(scene: Scene, event: e.Returned) -> tuple[Reply, ...]:
    asking, title = scene.asking(event.question), scene.question(event.question).title
    text = scene.say("returned", number=asking.number, title=title) + " " + asking.wording
    return (_reply("repeat", text, event.question),)


def _reopened(scene: Scene, event: e.Reopened) -> tuple[Reply, ...]:
    asking, title = scene.asking(event.question), scene.question(event.question).title
    return (_reply("notice", scene.say("reopened", number=asking.number, title=title), event.question),)


def _undone(scene: Scene, event: e.Undone) -> tuple[Reply, ...]:
    return (_reply("notice", scene.say(f"undone_{event.kind}"), event.question),)


def _disputed(scene: Scene, event: e.Disputed) -> tuple[Reply, ...]:
    asking, title = scene.asking(event.question), scene.question(event.question).title
    key = "disputed" if scene.session.practice else "disputed_simulation"
    text = scene.say(key, number=asking.number, title=title)
    return (_reply("notice", text, event.question), *_again(scene))


def _inspected(scene: Scene, event: e.Inspected) -> tuple[Reply, ...]:
    if event.problem is not None:
        return (_reply("code", scene.say("code_unreadable", problem=event.problem), event.question, readable=False),)
    facts = feedback.facts_in_words(event.facts)
    seen = {name: event.facts.get(name) for name in feedback.FACTS}
    text = scene.say("code_read", facts=scene.say("code_facts", facts=facts) if facts else "").strip()
    return (_reply("code", text, event.question, readable=True, ran=False, facts=seen),)


def _ended(scene: Scene, event: e.Ended) -> tuple[Reply, ...]:
    return (short_report(scene), _reply("closing", scene.say(f"closing_{event.reason}")))


def short_report(scene: Scene) -> Reply:
    """The report in short: the total and what it is, a line a question, what to read next."""
    summary = summarise(scene.session, scene.book)
    return Reply("report", _report_parts(scene, summary), None, _figures(summary))


def _figures(summary: Summary) -> dict[str, Any]:
    return {
        "score": summary.score,
        "alone": summary.alone,
        "answered": summary.answered,
        "of": summary.planned,
        "not_graded": summary.not_graded,
    }


def _report_parts(scene: Scene, summary: Summary) -> tuple[ReplyPart, ...]:
    figures = [_total_line(scene, summary)]
    if summary.not_graded and summary.score is not None:
        figures.append(scene.say("report_ungraded", count=summary.not_graded))
    if summary.score is not None:
        figures.append(scene.say("report_what"))
    parts: list[ReplyPart] = [Text(scene.say("report_head") + "\n\n" + " ".join(figures))]
    if summary.lines:
        parts.append(_report_table(summary))
    ended = scene.session.ended
    if ended is not None and ended.reading:
        listed = "\n".join(f"- {title}: {where}" for title, where in ended.reading)
        parts.append(Text(scene.say("report_reading") + "\n\n" + listed))
    return tuple(parts)


def _total_line(scene: Scene, summary: Summary) -> str:
    if summary.score is None:
        return scene.say("report_no_total")
    figures = {"total": _number(summary.score), "alone": _number(summary.alone)}
    graded = len(summary.counted)
    key = "report_total_all" if graded == summary.planned else "report_total"
    return scene.say(key, graded=graded, count=summary.planned, **figures)


def _report_table(summary: Summary) -> Table:
    rows = tuple(
        (str(line.asking.number), line.question.title, feedback.outcome(line), _own(line)) for line in summary.lines
    )
    return Table(("No.", "Question", "Score", "On your own"), rows, "The score of each question.")


def _own(line: Line) -> str:
    return _number(line.grade.alone) if line.outcome == "graded" else ""


_WORDS: Mapping[type[Any], Callable[[Scene, Any], tuple[Reply, ...]]] = {
    e.Started: _opening,
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
    e.Inspected: _inspected,
    e.Ended: _ended,
    e.Remarked: answer_remark,
}
