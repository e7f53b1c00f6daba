"""An interview on one's own notes: the questions that a document holds or its headings suggest, as a flow.

It reads no file: the documents are passed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.flow import Flow, Stage
from bot.knowledge.corpus import Corpus
from bot.knowledge.documents import Document
from bot.knowledge.importing.drafting import ADDING, questions_from_documents

FLOW = "documents"
MOST_QUESTIONS = 10
MINUTES_EACH = 3
BRIEFING = (
    "- These questions are drawn from your own text and by its words, so that they are judged less surely. To mend "
    "them, write them out with `viva import` and edit the file."
)


@dataclass(frozen=True)
class Voice:
    """How a sitting on notes speaks of them: whose they are, what is said of its questions, and how some are added."""

    whose: str = "Your notes"
    briefing: str = BRIEFING
    adding: str = ADDING


#: One's own.
OWN = Voice()
#: Those that a study group shares.
SHARED = Voice(
    "Notes of this server",
    "- These questions are drawn by rule from a document of this server and by its words, so that they are judged less "
    "surely.",
    "/viva documents add",
)


def with_notes(corpus: Corpus, documents: Sequence[Document], name: str, voice: Voice = OWN) -> Corpus:
    """The corpus with the questions of a document and a flow that asks them; WrongUsage where there is none."""
    drawn = questions_from_documents(documents, name, taken=tuple(corpus.bank), adding=voice.adding)
    count = min(len(drawn), MOST_QUESTIONS)
    stage = Stage(count, questions=tuple(question.id for question in drawn))
    told = voice.briefing
    flow = Flow(FLOW, f"{voice.whose}, {name}", MINUTES_EACH * count, describes=told, stages=(stage,), briefing=told)
    bank = {**corpus.bank, **{question.id: question for question in drawn}}
    return replace(corpus, bank=bank, interviews={**corpus.interviews, FLOW: flow})
