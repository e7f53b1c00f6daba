"""The words of a grading call: question, key points, wrong beliefs, a passage, and the answer as data in a fence.

One key point more goes along that no answer makes: whoever finds it in one, finds anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.question import Point, Question
from bot.llm.prompts import Prompt

#: Characters: what an answer, and a passage beside it, may take of the tokens of a call (some four characters each).
MOST_ANSWER = 2_800
MOST_PASSAGE = 700
MOST_BELIEFS = 6
#: Statements that belong to no question of the bank; which one goes along hangs on the question.
CONTROLS = (
    Point("mercury-boils", "Mercury boils at a higher temperature than water, at about 357 degrees Celsius."),
    Point("longest-river", "The Nile was long held to be the longest river, ahead of the Amazon."),
    Point("year-of-printing", "Printing with movable metal type spread in Europe from about 1450 on."),
    Point("colour-of-copper", "Copper left in the open air turns green in the course of years."),
)


@dataclass(frozen=True)
class GradingCall:
    """One call: what is sent, of which points, and the control among them."""

    system: str
    user: str
    points: tuple[Point, ...]
    control: str


def grading_call(
    prompt: Prompt, question: Question, points: Sequence[Point], answer: str, passage: str, fence: str
) -> GradingCall:
    """What is sent to have an answer marked on these points. The control stands somewhere among them."""
    digest = int(hashlib.sha256(question.id.encode()).hexdigest(), 16)
    control = CONTROLS[digest % len(CONTROLS)]
    listed = list(points)
    listed.insert(digest % (len(listed) + 1), control)
    beliefs = [f"[{m.id}] {m.believes}" for m in question.misconceptions[:MOST_BELIEFS]]
    system, user = prompt.filled(
        question=question.ask,
        points="\n".join(f"[{point.id}] {point.says}" for point in listed),
        beliefs="\n".join(beliefs) or "(none)",
        passage=passage[:MOST_PASSAGE].strip() or "(none)",
        answer=answer,
        fence=fence,
    )
    return GradingCall(system, user, tuple(points), control.id)
