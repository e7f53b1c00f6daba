"""Which questions a sitting asks, in which order, and how each is worded for this candidate. Pure; it asks nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.question import Question
from bot.core.review import learning_rate_phrase, optimizer_phrase


def choose(questions: Sequence[Question], count: int | None, seed: int) -> tuple[str, ...]:
    """The ids of `count` questions in the flow's own order, picked by the seed; the opener always stays."""
    if count is None or count >= len(questions):
        return tuple(q.id for q in questions)
    opener, *others = questions
    drawn = sorted(others, key=lambda q: hashlib.sha256(f"{seed}:{q.id}".encode()).digest())[: count - 1]
    kept = {opener.id, *(q.id for q in drawn)}
    return tuple(q.id for q in questions if q.id in kept)


def instead(slot: str, swaps: Mapping[str, Mapping[str, str]], facts: Mapping[str, Any]) -> str:
    """The question to ask in a slot, given what is known of the candidate's program."""
    for fact, by_value in swaps.items():
        other = by_value.get(str(facts.get(fact)))
        if other is not None:
            return other
    return slot


def wording(question: Question, facts: Mapping[str, Any]) -> str:
    """The question as it is put to one whose program is known; else as the bank words it."""
    optimizer = facts.get("optimizer")
    if not question.after_code or not optimizer or not facts.get("optimizer_line"):
        return question.ask
    template = question.after_code.get(str(optimizer)) or question.after_code.get("other")
    if template is None:
        return question.ask
    return template.format(
        optimizer=optimizer_phrase(facts), learning_rate=learning_rate_phrase(facts), line=facts["optimizer_line"]
    )
