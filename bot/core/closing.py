"""The end of an interview in words: the short report and the farewell. The figures are `summary`'s."""

from __future__ import annotations

from typing import Any

from bot.core import events as e
from bot.core import feedback
from bot.core.feedback import number
from bot.core.reply import Reply, ReplyPart, Table, Text
from bot.core.scene import Scene
from bot.core.summary import Line, Summary, summarise


def ended(scene: Scene, event: e.Ended) -> tuple[Reply, ...]:
    """The report in short, then the farewell."""
    return (short_report(scene), Reply("closing", (Text(scene.say(f"closing_{event.reason}")),)))


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
    return scene.say(key, graded=graded, count=scene.counted("questions", summary.planned), **figures)


def _report_table(summary: Summary) -> Table:
    rows = tuple(
        (str(line.asking.number), line.question.title, feedback.outcome(line), _own(line)) for line in summary.lines
    )
    return Table(("No.", "Question", "Score", "On your own"), rows, "The score of each question.")


def _own(line: Line) -> str:
    return number(line.grade.alone) if line.outcome == "graded" else ""
