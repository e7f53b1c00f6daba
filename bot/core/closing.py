"""The end of an interview in words: the short report and the farewell. The figures are `summary`'s."""

from __future__ import annotations

from typing import Any

from bot.core import events as e
from bot.core import feedback
from bot.core.asking import labelled
from bot.core.code_round import CodeRound, code_rounds
from bot.core.costing import in_words
from bot.core.feedback import number
from bot.core.readme import readmes
from bot.core.reply import Code, Reply, ReplyPart, Table, Text
from bot.core.scene import Scene
from bot.core.summary import Line, Summary, summarise


def ended(scene: Scene, event: e.Ended) -> tuple[Reply, ...]:
    """The report in short, what is to be taken along or comes next, then the farewell."""
    last = Reply("closing", (*scene.led(), Text(farewell(scene, event))))
    return (short_report(scene), *_projects(scene), *_series(scene), last)


def farewell(scene: Scene, event: e.Ended) -> str:
    """What is said at last. After a single question, or where it was broken off, nobody will be in touch."""
    whole = event.reason != "finished" or scene.count > 1
    return scene.say(f"closing_{event.reason}" if whole else "closing_one")


def _round(scene: Scene, one: CodeRound) -> tuple[ReplyPart, ...]:
    """What a code round came to, and what that is made of."""
    rows = tuple(
        (scene.say(f"share_of_{share.name}"), f"{share.weight:g}", number(share.credit)) for share in one.shares
    )
    head = scene.say("round_head", number=one.asking.number, title=one.title, score=number(one.score))
    missing = [scene.say(f"share_of_{share.name}") for share in one.shares if share.credit is None]
    left_out = [Text(scene.say("round_left_out", what=", ".join(missing).lower()))] if missing else []
    return (Text(head), Table(("What", "Weight", "Came to"), rows), *left_out)


def _projects(scene: Scene) -> tuple[Reply, ...]:
    """A README for each project, from the candidate's own words."""
    return tuple(
        Reply("notice", (Text(scene.say("readme")), Code(text, "markdown")), None, {"readme": text})
        for text in readmes(scene)
    )


def _series(scene: Scene) -> tuple[Reply, ...]:
    """After a round of a series: which one comes next, or what all of them came to."""
    started = scene.session.started
    if started is None or not started.series:
        return ()
    count = len(started.rounds)
    if started.round < count:
        title = started.rounds[started.round]
        text = scene.say("series_next", round=started.round, count=count, title=title, series=started.series)
        return (Reply("notice", (Text(text),)),)
    summary = summarise(scene.session, scene.book)
    rows = [(str(n), done.title, number(done.score)) for n, done in enumerate(started.before, 1)]
    rows.append((str(count), started.title, number(summary.score)))
    table = Table(("Round", "Interview", "Score"), tuple(rows), "The score of each round.")
    return (Reply("report", (Text(scene.say("series_over", count=count)), table)),)


def short_report(scene: Scene) -> Reply:
    """The report in short: the total and what it is, a line a question, what to read next."""
    summary = summarise(scene.session, scene.book)
    rounds = tuple(code_rounds(scene.session, scene.book))
    parts = (*_report_parts(scene, summary), *(part for one in rounds for part in _round(scene, one)))
    shares = [{"question": one.asking.question, "score": one.score, "shares": _plain(one)} for one in rounds]
    return Reply("report", parts, None, {**_figures(summary), "code_rounds": shares})


def _plain(one: CodeRound) -> dict[str, float | None]:
    return {share.name: share.credit for share in one.shares}


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
    if waiting := len(scene.session.waiting) if scene.session.ended is not None else 0:
        figures.append(scene.say("report_waiting" if waiting > 1 else "report_waiting_one", count=waiting))
    if summary.score is not None:
        figures.append(scene.say("report_what"))
    parts: list[ReplyPart] = [Text(scene.say("report_head") + "\n\n" + " ".join(figures))]
    if summary.lines:
        parts.append(_report_table(summary))
    if len(judges := _judges(summary)) > 1:
        listed = "\n".join(f"- {by}: {', '.join(labels)}" for by, labels in judges.items())
        parts.append(Text(scene.say("report_judges") + "\n\n" + listed))
    if scene.session.spent.calls:
        parts.append(Text(scene.say("cost_so_far", spent=in_words(scene.session.spent))))
    ended = scene.session.ended
    if ended is not None and ended.reading:
        listed = "\n".join(f"- {title} — {where}" for title, where in ended.reading)
        parts.append(Text(scene.say("report_reading") + "\n\n" + listed))
    return tuple(parts)


def _total_line(scene: Scene, summary: Summary) -> str:
    if summary.score is None:
        return scene.say("report_no_total")
    figures = {"total": number(summary.score), "alone": number(summary.alone)}
    graded = len(summary.counted)
    key = "report_total"
    if graded == summary.planned:
        key = "report_total_only" if graded == 1 else "report_total_all"
    count = scene.counted("questions", summary.planned)
    about = len(scene.session.about)
    if about:
        count += scene.say("questions_about", count=about)
    return scene.say(key, graded=graded, count=count, **figures)


def _report_table(summary: Summary) -> Table:
    rows = tuple(
        (label(summary, line), line.question.title, feedback.outcome(line), _own(line)) for line in summary.lines
    )
    return Table(("No.", "Question", "Score", "On your own"), rows, "The score of each question.")


def label(summary: Summary, line: Line) -> str:
    """The number of a question; what was asked about its program has a letter besides."""
    return labelled(line.asking, [one.asking for one in summary.lines])


def _judges(summary: Summary) -> dict[str, list[str]]:
    """Who judged what: the numbers of the questions by the names of those whose marks they bear."""
    found: dict[str, list[str]] = {}
    for line in summary.lines:
        if line.outcome == "graded" and line.grade.by:
            found.setdefault(line.grade.by, []).append(label(summary, line))
    return found


def _own(line: Line) -> str:
    return number(line.grade.alone) if line.outcome == "graded" else ""
