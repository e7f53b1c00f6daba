"""Reads the glossary: Markdown files in which each `## Term (other name, other name)` opens a short explanation.

The first lines are `# Title` and `Sources: …`; a section may end with a `Sources:` line of its own and with
`Not during: question-id, …`, for the questions to which the explanation would be half the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.knowledge.corpus import Note
from bot.knowledge.corpus_places import Problem, Source

_HEADING = re.compile(r"^##\s+(?P<term>[^()]+?)\s*(\((?P<also>[^()]*)\))?\s*$")
_LINE = re.compile(r"^(?P<name>Sources|Not during):(?P<rest>.*)$")


@dataclass
class _Section:
    line: int
    heading: str
    text: list[str] = field(default_factory=list)
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_notes(source: Source, problems: list[Problem]) -> list[tuple[Note, str]]:
    """The notes of one file, each with its place."""
    front, *sections = _sections(source.text)
    if "Sources" not in front.named:
        problems.append(Problem(source.name, "the sources are missing; write a line `Sources: ...` below the title"))
    topic = source.name.rsplit("/", 1)[-1].removesuffix(".md")
    notes = []
    for section in sections:
        where = f"{source.name}:{section.line}"
        heading = _HEADING.match(section.heading)
        text = " ".join(section.text)
        if heading is None or not text:
            problems.append(Problem(where, "this is no term; write `## Term (other name)` and a sentence below it"))
            continue
        term = heading["term"]
        note = Note(
            id=f"note:{topic}:{_slug(term)}",
            term=term,
            text=text,
            topic=topic,
            also=_names(heading["also"] or ""),
            sources=section.named.get("Sources", front.named.get("Sources", ())),
            not_during=section.named.get("Not during", ()),
        )
        notes.append((note, where))
    return notes


def _sections(text: str) -> Iterator[_Section]:
    """What stands before the first term, then a section for each."""
    section = _Section(1, "")
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            yield section
            section = _Section(number, line)
        elif named := _LINE.match(line):
            section.named[named["name"]] = _names(named["rest"])
        elif line.strip():
            section.text.append(line.strip())
    yield section


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _slug(term: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")
