"""What the interviewer says to a remark: to anything that changes nothing in the interview, from thanks to a plea."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core import events as e
from bot.core import feedback
from bot.core.closing import short_report
from bot.core.costing import figures, in_words
from bot.core.quoting import between_backticks
from bot.core.reply import Kind, Reply, Text
from bot.core.scene import Scene, put_again
from bot.core.summary import summarise

#: Remarks after which the question on the table is put in mind once more.
REMINDED = frozenset(
    "greeting small_talk off_topic rude plea_marks plea_answer plea_instructions ready said_already "
    "never_mind asks_back".split()
)


def answer_remark(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    """What is said to this remark. One that has no words of its own is answered by those of its key."""
    words = _WORDS.get(event.act)
    if words is not None:
        return words(scene, event)
    text = scene.say(_key(event), detail=event.detail, wording=scene.wording)
    if event.act in REMINDED and scene.wording:
        text += " " + scene.say("still_open", wording=scene.wording)
    return (_said(scene, "notice", text),)


def _key(event: e.Remarked) -> str:
    if event.act == "greeting":
        return "greeting_back"
    kinds = {"who": "small_talk_who", "chat": "small_talk_chat"} if event.act == "small_talk" else {}
    return kinds.get(event.detail, event.act)


def _said(scene: Scene, kind: Kind, text: str) -> Reply:
    return Reply(kind, (Text(text),), scene.session.standing)


def _nothing(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    """Clarifying and stopping speak when they are done."""
    return ()


def _repeat(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    return (put_again(scene, scene.say("repeat")),)


def _ready(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    return (put_again(scene, scene.say("ready")),)


def _rephrase(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    """Another wording the first time, plain English when asked for it or asked again; follow-ups have one wording."""
    asking = scene.session.current
    if asking is None:
        return (_said(scene, "notice", scene.say("over")),)
    question = scene.question(asking.question)
    if asking.probing is not None:
        return (put_again(scene, scene.say("rephrase_probe", plain=question.plain)),)
    plain = event.detail == "plain" or asking.rephrased % 2 == 0
    return (put_again(scene, scene.say("rephrase"), question.plain if plain else question.reworded),)


def _rules(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    """All of them, or what the numbers beside a mark say, where only that was asked."""
    marks = scene.say("rules_marks")
    if event.detail == "marks":
        return (_said(scene, "notice", marks),)
    mode = scene.session.started.mode if scene.session.started else "practice"
    count = scene.counted("questions", scene.count)
    return (_said(scene, "notice", scene.say("rules", count=count, marks=marks, mode=scene.say(f"rules_{mode}"))),)


def _empty(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    """The same is not said twice in a row, and from the third time on what else one may do."""
    asking = scene.session.current
    if asking is None:
        return (_said(scene, "notice", scene.say("empty")),)
    key = ("empty", "empty_again")[asking.silences - 1] if asking.silences in (1, 2) else "empty_still"
    text = scene.say_in_turn(key, asking.silences)
    return (_said(scene, "notice", f"{text} {scene.say('still_open', wording=scene.wording)}"),)


def _remaining(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    asking = scene.session.current
    left = len(scene.session.agenda) - 1
    if asking is None:
        key = "remaining_none" if scene.count != 1 else "remaining_none_one"
        return (_said(scene, "progress", scene.say(key, count=scene.count)),)
    if left <= 0:
        return (_said(scene, "progress", scene.say("remaining_last", number=asking.number, count=scene.count)),)
    text = scene.say("remaining", number=asking.number, count=scene.count, left=left)
    return (_said(scene, "progress", text),)


def _score(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    summary = summarise(scene.session, scene.book)
    if not scene.session.practice:
        text = scene.say("score_simulation", answered=summary.answered_of_plan, count=scene.count)
        return (Reply("progress", (Text(text),), None, {"answered": summary.answered_of_plan, "of": scene.count}),)
    if summary.score is None:
        texts = [scene.say("score_nothing")]
    else:
        total, alone = f"{summary.score:.2f}", f"{summary.alone or 0.0:.2f}"
        count = scene.counted("questions", scene.count)
        texts = [scene.say("score_practice", total=total, graded=len(summary.counted), count=count, alone=alone)]
    if summary.not_graded:
        texts.append(scene.say("score_ungraded", count=summary.not_graded))
    data = {"score": summary.score, "alone": summary.alone, "answered": summary.answered_of_plan, "of": scene.count}
    return (Reply("progress", (Text(" ".join(texts)),), None, data),)


def _cost(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    """What language models took in this sitting, with the same as figures."""
    spent = scene.session.spent
    text = scene.say("cost_so_far", spent=in_words(spent)) if spent.calls else scene.say("cost_nothing")
    return (Reply("progress", (Text(text),), None, {"cost": figures(spent)}),)


def _grade(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    if not scene.session.practice:
        return _score(scene, event)
    answered = [a for a in scene.session.in_order if a.judged]
    if not answered:
        return (_said(scene, "notice", scene.say("grade_nothing")),)
    last = max(answered, key=lambda a: a.judged[-1].seq)
    if any(c.part.verdict is None for c in last.judged):
        return ()  # it is judged once more at this moment, and its marks are said then
    marks = feedback.marks_only(scene.say, last, scene.question(last.question))
    on_the_table = scene.session.current is not None and scene.session.current.question == last.question
    return (marks if on_the_table else replace(marks, parts=(scene.head(last, follow_up=False), *marks.parts)),)


def _status(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    asking = scene.session.current
    if asking is None:
        return _remaining(scene, event)
    minutes = scene.counted("minutes", round(scene.session.seconds / 60))
    text = scene.say("status", number=asking.number, count=scene.count, minutes=minutes, hints=asking.hints)
    return (_said(scene, "progress", text),)


def _report(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    if not scene.session.practice:
        return _score(scene, event)
    return (short_report(scene),)


def _unknown_command(scene: Scene, event: e.Remarked) -> tuple[Reply, ...]:
    typed, _, nearest = event.detail.partition("|")
    hint = scene.say("unknown_nearest", nearest=f"`{nearest}`") if nearest else scene.say("unknown_list")
    return (_said(scene, "notice", scene.say("unknown_command", detail=f"`{between_backticks(typed)}`", nearest=hint)),)


_WORDS: Mapping[str, Callable[[Scene, e.Remarked], tuple[Reply, ...]]] = {
    "clarify": _nothing,
    "stop": _nothing,
    "predict": _nothing,
    "repeat": _repeat,
    "ready": _ready,
    "rephrase": _rephrase,
    "rules": _rules,
    "empty": _empty,
    "remaining": _remaining,
    "score": _score,
    "cost": _cost,
    "grade": _grade,
    "status": _status,
    "report": _report,
    "unknown_command": _unknown_command,
}
