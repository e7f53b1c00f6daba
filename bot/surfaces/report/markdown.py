"""The report as Markdown, from its data. The candidate's words are quoted so that no markup of theirs can act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.core.costing import from_figures, in_words
from bot.core.feedback import named
from bot.core.mark_words import worth_of
from bot.core.marking import PointGrade
from bot.core.quoting import sentence, verbatim
from bot.core.reply import Code, Reply
from bot.core.sentences import SENTENCES

TOTAL_IS = (
    "The total is the mean of the scores of all questions that count. A score is the share of the reference's key "
    "points that was said, weighed by importance, less the price of hints and follow-ups. It says how complete the "
    "answers were against these references; it is no forecast of what a company will decide."
)
OUTCOMES = {
    "graded": "graded",
    "not_graded": "not graded",
    "dont_know": "“I don't know”: counts 0",
    "skipped": "skipped: counts 0",
    "waiting": "answered; its marks are not told yet",
    "open": "asked, not answered: left out",
}
#: What of a mark its worth is told by.
OF_POINT = (
    "point", "weight", "bonus", "credit", "given", "confidence", "verdict", "prompted", "evidence", "halved", "unsure"
)  # fmt: skip
VERDICTS = {"met": "met", "partial": "partly", "missing": "missing", "wrong": "wrong"}
WHY_STANDS = {
    "no_words": "It points at no words of the answer; what is said only here earns nothing. No mark changed.",
    "not_found": "No key point was found beyond what was given. No mark changed.",
    "elsewhere": "It says more, but the rest of the answer says otherwise. No mark changed.",
    "in_place": "The mark rests on these words already, read with what stands around them. No mark changed.",
    "sure": "The first reading, of the whole answer, left no doubt, and counts. No mark changed.",
    "program": "A program is marked by what is read off it and by its run. No mark changed.",
    "enough": "Two objections to the question had been judged before. No mark changed.",
}
ROLES = {
    "answer": "Your answer",
    "reply": "Your reply to a follow-up",
    "amendment": "What you added",
    "recall": "What you said to an earlier claim of yours (not judged)",
    "late": "What you added once the reference was shown (not judged)",
    "program": "Your program",
}


def markdown(data: dict[str, Any]) -> str:
    """The whole report."""
    questions = (text for q in data["questions"] for text in _question(q))
    return (
        "\n\n".join([*_head(data), *_series(data), *_rounds(data), *questions, *_readmes(data), *_reading(data)]) + "\n"
    )


def _series(data: dict[str, Any]) -> Iterator[str]:
    """Where this round stands in its series."""
    series = data["series"]
    if series is None:
        return
    yield f"Round {series['round']} of {len(series['rounds'])} of {series['flow']}."
    if series["before"]:
        rows = [
            f"| {r['title']} | {'–' if r['score'] is None else format(r['score'], '.2f')} |" for r in series["before"]
        ]
        yield "\n".join(["| Round before | Score |", "| --- | --- |", *rows])


def _rounds(data: dict[str, Any]) -> Iterator[str]:
    """What each code round came to; what was not measured is left out, and said."""
    for one in data["code_rounds"]:
        score = "not graded" if one["score"] is None else f"{one['score']:.2f}"
        yield f"**The code round** (question {one['number']}, {one['title']}): {score}."
        rows = [f"| {_share(s)} | {s['weight']:g} | {_credit(s['credit'])} |" for s in one["shares"]]
        yield "\n".join(["| Made of | Weight | Came to |", "| --- | --- | --- |", *rows])


def _share(share: dict[str, Any]) -> str:
    return str(SENTENCES[f"share_of_{share['name']}"][0])


def _credit(credit: float | None) -> str:
    return "not measured, left out" if credit is None else f"{credit:.2f}"


def _run(run: dict[str, Any]) -> Iterator[str]:
    """What came of a run. The curve is what the program reported of itself."""
    status = str(run["status"]).replace("_", " ")
    if run["accuracy"] is not None and run["of"]:
        status += f": {100 * run['accuracy']:.1f} % of {run['of']:,} held-out images of {run['data']} right"
    yield f"Run: {status}." + (f" {sentence(run['why'])}" if run["why"] else "")
    words = " ".join(text for text in run["words"] if text)
    if words:
        own = " This is its own claim, and does not go together with what was measured." if run["contradicted"] else ""
        yield f"The curve that it reported: {words}{own}"
    lines = [f"- {f['severity']}, line {f['line'] or '–'}: {sentence(f['message'])}" for f in run["findings"]]
    if lines:
        yield "Found in it:\n\n" + "\n".join(lines)


def _readmes(data: dict[str, Any]) -> Iterator[str]:
    for text in data["readmes"]:
        yield "## A README for your project"
        yield Reply("report", (Code(text, "markdown"),)).text


def _head(data: dict[str, Any]) -> Iterator[str]:
    yield f"# Interview report: {data['title']}"
    when = datetime.fromisoformat(data["last_at"]).astimezone().strftime("%Y-%m-%d %H:%M") if data["last_at"] else "–"
    took = _many(data["minutes"], "minute")
    yield f"Session `{data['session']}`, {data['mode']}, {data['status']}, last at {when}, {took}."
    if data["cost"] is not None:
        yield f"What a language model took for this interview: {in_words(from_figures(data['cost']))}."
    total = data["total"]
    if total is None:
        yield "This is a simulation: its marks come at the end."
        return
    if total["score"] is None:
        yield "**No total**: nothing was graded."
    else:
        yield (
            f"**Total {total['score']:.2f}** ({SENTENCES['band_' + total['band']][0]}) "
            f"over {_counted(total['counted'])}; "
            f"on your own {total['alone']:.2f}, with help {total['score']:.2f}."
        )
    if total["not_graded"]:
        yield f"{total['not_graded']} not graded, and left out of every total."
    yield TOTAL_IS
    if data["topics"]:
        rows = [f"| {t['topic']} | {t['score']:.2f} | {t['alone']:.2f} | {t['questions']} |" for t in data["topics"]]
        yield "\n".join(["| Topic | Score | On your own | Questions |", "| --- | --- | --- | --- |", *rows])


def _many(count: float, noun: str) -> str:
    return f"{count:g} {noun}" if count == 1 else f"{count:g} {noun}s"


def _counted(count: int) -> str:
    return f"{_many(count, 'question')} that {'counts' if count == 1 else 'count'}"


def _question(q: dict[str, Any]) -> Iterator[str]:
    yield f"## {q['label']}. {q['title']}: {_outcome(q)}"
    yield f"*{q['asked']}*"
    if q["shown"]:
        yield q["shown"]
    for answer in q["answers"]:
        yield f"**{ROLES[answer['role']]}**" + (
            f" (after {_many(answer['after_hints'], 'hint')})" if answer["after_hints"] else ""
        )
        yield _verbatim(answer)
        yield from _run(answer["run"]) if answer["run"] else ()
        if answer["why_not"] and answer["why_not"] != q.get("why_not"):
            yield f"Not judged: {sentence(answer['why_not'])}"
        if answer["note"]:
            yield f"Note: {sentence(answer['note'])}"
    if q["follow_ups"]:
        yield "Follow-ups asked:\n\n" + "\n".join(f"- {f['asked']}" for f in q["follow_ups"])
    if q["hints"]:
        yield f"Hints taken: {len(q['hints'])}"
    if "marks" in q:
        yield from _marks(q)
        yield from _again(q)
        yield from _earlier(q)
        yield from _around(q)


def _earlier(q: dict[str, Any]) -> Iterator[str]:
    if q["earlier"] and q["earlier"]["score"] is not None and q["graded"]:
        when = datetime.fromisoformat(q["earlier"]["at"]).astimezone().strftime("%Y-%m-%d")
        yield f"The time before ({when}) it came to {q['earlier']['score']:.2f}."


def _outcome(q: dict[str, Any]) -> str:
    if q["outcome"] != "graded":
        return OUTCOMES[q["outcome"]]
    return f"{q['score']:.2f} (on your own {q['alone']:.2f})"


def _verbatim(answer: dict[str, Any]) -> str:
    """The candidate's words as they were: a program in a fence, prose as a quotation of plain text."""
    language = "python" if answer["role"] == "program" else "text"
    return Reply("report", (Code(answer["text"], language),)).text


def _marks(q: dict[str, Any]) -> Iterator[str]:
    if q["graded"]:
        yield "\n".join(_mark(m) for m in q["marks"])
        if q["draft"]:
            yield "The rubric of this question is a draft: it was judged with what there is."
        yield f"Marked by {q['by']}."
    elif q["outcome"] == "not_graded":
        yield f"Not graded: {sentence(q['why_not'])}"


def _again(q: dict[str, Any]) -> Iterator[str]:
    """What other graders found later, beside the marks that count."""
    others = q["judged_again"]
    if not others:
        return
    heads = [f"{q['by'] or 'not graded'} (counts)", *(other["by"] for other in others)]
    scores = [q["score"] if q["graded"] else None, *(other["score"] for other in others)]
    found = [{m["point"]: _stands(m) for m in one["marks"]} for one in (q, *others)]
    rows = [["**Score**", *("–" if score is None else f"**{score:.2f}**" for score in scores)]]
    rows += [[m["says"], *(one.get(m["point"], "–") for one in found)] for m in q["marks"]]
    lines = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    yield "Judged again, which changes no mark: the first grader's counts."
    yield "\n".join([f"| | {' | '.join(map(_cell, heads))} |", "| --- " * (len(heads) + 1) + "|", *lines])


def _stands(m: dict[str, Any]) -> str:
    """A mark in a word or two."""
    return f"{VERDICTS[m['verdict']]}, unsure" if m["unsure"] else VERDICTS[m["verdict"]]


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _mark(m: dict[str, Any]) -> str:
    point = PointGrade(**{field: m[field] for field in OF_POINT})
    line = f"- **{VERDICTS[m['verdict']]}** ({worth_of(_say, point)}): {m['says']}"
    return line + (f" Your words: “{verbatim(m['evidence'])}”" if m["evidence"] else "")


def _say(key: str, **values: object) -> str:
    return SENTENCES[key][0].format(**values)


def _around(q: dict[str, Any]) -> Iterator[str]:
    for m in q["misconceptions"]:
        yield f"**A misconception**: {m['reply']}" + (
            f" Your words: “{verbatim(m['evidence'])}”" if m["evidence"] else ""
        )
    if q["beyond"]:
        said = "\n".join(f"- “{verbatim(text)}”" for text in q["beyond"])
        yield f"Said beyond the key points (not judged, and lowering no mark):\n\n{said}"
    for objection in q["objections"]:
        yield f"You objected: “{verbatim(objection['text'])}”{_came_to(objection)}"
    if q["outcome"] != "open":
        asked_by = f" (asked by {q['asked_by']})" if q["asked_by"] else ""
        yield f"**Why it is asked**{asked_by}: {q['aim']}"
        known = named(q["sources"])
        sources = f" ({', '.join(known)})" if known else ""
        yield f"**A full answer**{sources}\n\n{q['reference']}"
        if q["erratum"]:
            yield f"**On the source**: {q['erratum']}"
        if q["see_also"]:
            yield f"See also the questions {', '.join(f'`{other}`' for other in q['see_also'])}."


def _came_to(objection: dict[str, Any]) -> str:
    """What came of an objection; nothing of one from before objections were judged."""
    if objection["about"] == "question":
        return " It is kept for whoever keeps the questions, and changes no mark."
    if objection["outcome"] == "waits":
        return f" It waits to be judged: {sentence(objection['why_not'])}"
    if not objection["outcome"]:
        return ""
    quotes = ", ".join(f"“{verbatim(words)}”" for words in objection["words"])
    read = f" Read by itself: {quotes}." if quotes else ""
    if objection["outcome"] == "stands":
        return f"{read} {WHY_STANDS[objection['why']]}"
    was = "–" if objection["before"] is None else f"{objection['before']:.2f}"
    return f"{read} The question stood at {was} before; the marks above count since." + "".join(
        f" “{verbatim(one['after']['evidence'] or '')}” is {VERDICTS[one['after']['verdict']]}, "
        f"where it was {VERDICTS[one['before']['verdict']]}."
        for one in objection["changed"]
    )


def _reading(data: dict[str, Any]) -> Iterator[str]:
    if data["reading"]:
        yield "## To read next\n\n" + "\n".join(f"- {work['title']} — {work['where']}" for work in data["reading"])
