"""What the index holds: units, each a question with its reference answer, a note on a term, or a passage of a document.

It says what of a unit is embedded and what is searched by keywords; it searches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.core.drills import fresh
from bot.core.plan import filled, needs_program
from bot.core.question import Question, Work
from bot.core.records import decode, encode
from bot.knowledge.corpus import Corpus, Note
from bot.ports import Passage

Kind = Literal["question", "note", "document"]

#: What is asked about a candidate's own program is indexed as if about this line.
OWN_LINE = {"file": "train.py", "line": "12", "code": "..."}


@dataclass(frozen=True)
class Unit:
    """`wordings` are ways in which it is asked for, each with a vector of its own; `said` is what right answers say;
    `words` are other names, found by keywords; `names` are the terms that the text explains; `answers` are the
    questions that it would give away; `computed` says that its numbers are fresh each time."""

    id: str
    kind: Kind
    title: str
    text: str
    sources: tuple[str, ...] = ()
    question: str | None = None
    words: str = ""
    answers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    further: tuple[Work, ...] = ()
    wordings: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    level: str | None = None
    topics: tuple[str, ...] = ()
    computed: bool = False

    @property
    def embedded(self) -> str:
        """What the vector of its text is made of: how it is asked for, then the text, as far as the model reads."""
        asked = self.wordings[0] if self.wordings else self.words.partition("\n")[0]
        return f"{self.title}. {asked} {self.text}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of it that has a vector."""
        return (self.embedded, *self.asked, *self.said)

    @property
    def asked(self) -> tuple[str, ...]:
        """All the ways in which it is asked for that have a vector of their own; none for what nobody asks."""
        return (self.title, *self.wordings) if self.wordings else ()

    def passage(self, score: float = 0.0, text: str | None = None) -> Passage:
        """The unit as others see it."""
        shown = self.text if text is None else text
        return Passage(self.id, self.title, shown, self.sources, self.question, round(score, 4), self.further)


def units_of(corpus: Corpus) -> list[Unit]:
    """The units of the shipped bank, without what belongs to the lab alone.

    Questions on a program's faults and its run, experiments and tasks of our own take up what others explain, and would
    stand in the way of who looks for that.
    """
    looked_for = (question for question in corpus.questions() if not _of_the_lab(question))
    return [*map(question_unit, looked_for), *map(note_unit, corpus.notes)]


def _of_the_lab(question: Question) -> bool:
    own_task = question.task is not None and not question.sources
    return own_task or (question.kind != "experience" and needs_program(question))


def question_unit(question: Question) -> Unit:
    """A question and its reference answer as one unit; what is filled in when it is asked, with an example."""
    question = filled(fresh(question, 0), OWN_LINE)
    wordings = (question.ask, question.reworded, question.plain, *question.asked_as)
    return Unit(
        id=question_id(question.id),
        kind="question",
        title=question.title,
        text=question.reference.strip(),
        sources=question.sources,
        question=question.id,
        answers=(question.id,),
        names=(question.title,),
        further=question.further,
        wordings=wordings,
        said=tuple(text for point in question.points for text in (point.says, *point.true)),
        level=question.level,
        topics=question.topics,
        computed=question.drill is not None,
    )


def note_unit(note: Note) -> Unit:
    """A term and its explanation."""
    names = (note.term, *note.also)
    return Unit(
        id=note.id,
        kind="note",
        title=note.term,
        text=note.text,
        sources=note.sources,
        words=", ".join(note.also),
        answers=note.not_during,
        names=names,
    )


def question_id(question: str) -> str:
    """The id of the unit that holds a question's reference."""
    return f"question:{question}"


def to_metadata(unit: Unit) -> dict[str, str]:
    """What a collection keeps of a unit beside its text: strings alone, as every server of Chroma takes them."""
    rest = json.dumps(encode(replace(unit, text="", said=())), ensure_ascii=False)
    return {"kind": unit.kind, "title": unit.title, "unit": rest, "said": json.dumps(unit.said, ensure_ascii=False)}


def from_record(text: str | None, metadata: Mapping[str, Any]) -> Unit:
    """The unit that a collection kept. The text is the document's own."""
    data = json.loads(metadata["unit"])
    return replace(decode(Unit, {**data, "text": text or ""}), said=tuple(json.loads(metadata["said"])))


def to_json(units: Iterable[Unit]) -> str:
    return json.dumps([encode(unit) for unit in units], ensure_ascii=False)


def from_json(text: str) -> Sequence[Unit]:
    return [decode(Unit, item) for item in json.loads(text)]
