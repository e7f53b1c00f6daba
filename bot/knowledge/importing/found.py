"""What an import finds: questions with their answers, places and how sure it is, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.importing.blocks import Place, Unread


@dataclass(frozen=True)
class Found:
    """A question of a document. `answer` is Markdown, empty where the document gives none.

    `inferred` says that the question's wording is not the document's own; `why` says in a sentence what the
    confidence rests on. `block` is the one that asks, where the answer follows it.
    """

    question: str
    answer: str
    place: Place
    confidence: float
    why: str
    inferred: bool = False
    block: int | None = None


@dataclass(frozen=True)
class Findings:
    """All that was found in one document."""

    name: str
    questions: tuple[Found, ...]
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def answered(self) -> tuple[Found, ...]:
        """The questions that have an answer."""
        return tuple(one for one in self.questions if one.answer)
