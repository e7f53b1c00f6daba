"""What the interviewer says, as typed parts that each surface renders in its own way. It words nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.quoting import fenced, verbatim

Kind = Literal[
    "opening",
    "question",
    "follow_up",
    "hint",
    "repeat",
    "feedback",
    "grade",
    "code",
    "progress",
    "notice",
    "report",
    "closing",
]


@dataclass(frozen=True)
class Text:
    """Markdown: paragraphs, lists, tables, `$formulas$`, fenced code."""

    markdown: str


@dataclass(frozen=True)
class Spoken:
    """What a voice said in its own words, as plain text. A mouth that uttered its sentences has said it already."""

    text: str


@dataclass(frozen=True)
class Code:
    """Source text, shown as it is."""

    source: str
    language: str = "python"


@dataclass(frozen=True)
class Table:
    """A small table; the first column names its rows. `caption` says in a sentence what a sighted reader would see."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Series:
    """One curve of a picture: equally long `steps` and `losses`; a loss may be `nan` or infinite."""

    name: str
    steps: tuple[int, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True)
class Curves:
    """Loss curves, to be drawn in one picture; `words` say what a sighted reader would see."""

    series: tuple[Series, ...]
    words: str


@dataclass(frozen=True)
class Head:
    """A line above a question: which one it is and what it is about. What follows in the reply is what is put."""

    text: str


@dataclass(frozen=True)
class MarkLine:
    """The mark of a key point, as Markdown: in full, and `brief` for a narrow screen, where a sign says the verdict."""

    verdict: Literal["met", "partial", "missing", "wrong", "more"]
    text: str
    brief: str


@dataclass(frozen=True)
class Marks:
    """What each key point came to, a line each."""

    lines: tuple[MarkLine, ...]


@dataclass(frozen=True)
class Reference:
    """The full answer to a question, below its own heading. It is long: a surface may show it on demand."""

    head: str
    markdown: str


ReplyPart = Text | Spoken | Code | Table | Curves | Head | Marks | Reference


@dataclass(frozen=True)
class Reply:
    """One thing said. `data` is what a program reads (interface: `viva chat --jsonl`); people read the parts."""

    kind: Kind
    parts: tuple[ReplyPart, ...]
    question: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        """True where it tells what answers came to: that is for the candidate, whoever else reads along."""
        return self.kind in ("feedback", "grade", "report") or bool({"score", "earlier", "readme"} & set(self.data))

    @property
    def text(self) -> str:
        """The parts as one Markdown text."""
        return "\n\n".join(_markdown(part) for part in self.parts)


def _markdown(part: ReplyPart) -> str:
    if isinstance(part, Text):
        return part.markdown
    if isinstance(part, Code):
        return fenced(part.source, part.language)
    if isinstance(part, Curves):
        return part.words
    if not isinstance(part, Table):
        return worded(part)
    lines = ["| " + " | ".join(part.head) + " |", "|" + " --- |" * len(part.head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in part.rows]
    return "\n".join(lines)


def worded(part: Spoken | Head | Marks | Reference) -> str:
    """The part as Markdown, for whoever shows it as text like any other."""
    if isinstance(part, Spoken):
        return verbatim(part.text)
    if isinstance(part, Head):
        return f"**{part.text}**"
    if isinstance(part, Marks):
        return "\n".join(f"- {line.text}" for line in part.lines)
    return f"**{part.head}**\n\n{part.markdown}"
