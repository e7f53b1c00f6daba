"""The table of `viva eval interviewer`, the faults beneath it, and both as plain data. It measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.commands.simulated.measuring import Figures

#: So many faults are told in full, each in so many characters; `--json` has all.
MOST_FAULTS, LONGEST = 20, 240
#: The columns: their heading, and what stands in them.
COLUMNS = (
    "candidate", "questions", "right duty", "reveals", "loops", "repeated questions", "follow-ups on the point",
    "invented praise", "contradictions found", "invented", "pleas that gained", "words a turn (median, p95)", "score",
)  # fmt: skip


def table(results: Sequence[Figures]) -> Iterator[str]:
    """The lines of the table, in Markdown."""
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "| --- |" + " ---: |" * (len(COLUMNS) - 1)
    for one in results:
        yield "| " + " | ".join(_cells(one)) + " |"


def _cells(one: Figures) -> tuple[str, ...]:
    return (
        one.kind,
        str(one.questions),
        _of(one.right, one.turns),
        str(one.reveals),
        str(one.loops),
        str(one.repeated),
        _of(one.on_point, one.follow_ups),
        str(one.praise),
        _of(one.found, one.planted),
        str(one.invented),
        _of(one.gained, one.pleas),
        f"{one.median}, {one.p95}",
        "–" if one.score is None else f"{one.score:.2f}",
    )


def _of(count: int, of: int) -> str:
    return f"{count} of {of}" if of else "–"


def faults(results: Sequence[Figures]) -> Iterator[str]:
    """What went wrong, with the words that were said; nothing where all was right."""
    every = [(one.kind, fault) for one in results for fault in one.faults]
    for kind, fault in every[:MOST_FAULTS]:
        yield f"- {kind}, turn {fault.turn}, {fault.measure}: {fault.why}"
        yield f"    candidate:   {_brief(fault.candidate)!r}"
        yield f"    interviewer: {_brief(fault.said)!r}"
    if len(every) > MOST_FAULTS:
        yield f"- and {len(every) - MOST_FAULTS} more: --json has all of them."


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(" ", 1)[0] + " …"


def data(one: Figures) -> Mapping[str, Any]:
    """The figures as plain data."""
    told = asdict(one)
    told.pop("lengths")
    return {**told, "words_median": one.median, "words_p95": one.p95, "faults": [asdict(x) for x in one.faults]}
