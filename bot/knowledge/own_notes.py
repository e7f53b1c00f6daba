"""An interview on one's own notes: the questions that a document holds or its headings suggest, as a flow.

It reads no file: the documents were added by `viva index`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.flow import Flow, Stage
from bot.knowledge.corpus import Corpus
from bot.knowledge.documents import Document
from bot.knowledge.importing.drafting import questions_from_documents

FLOW = "documents"
MOST_QUESTIONS = 10
MINUTES_EACH = 3
BRIEFING = (
    "- These questions are drawn from your own text and by its words, so that they are judged less surely. To mend "
    "them, write them out with `viva import` and edit the file."
)


def with_notes(corpus: Corpus, documents: Sequence[Document], name: str) -> Corpus:
    """The corpus with the questions of a document and a flow that asks them; WrongUsage where there is none."""
    drawn = questions_from_documents(documents, name, taken=tuple(corpus.bank))
    count = min(len(drawn), MOST_QUESTIONS)
    stage = Stage(count, questions=tuple(question.id for question in drawn))
    flow = Flow(
        FLOW, f"Your notes, {name}", MINUTES_EACH * count, describes=BRIEFING, stages=(stage,), briefing=BRIEFING
    )
    bank = {**corpus.bank, **{question.id: question for question in drawn}}
    return replace(corpus, bank=bank, interviews={**corpus.interviews, FLOW: flow})
