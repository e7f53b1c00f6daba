"""The words of a grading call: question, key points, wrong beliefs, a passage, and the answer as data in a fence.

One key point more goes along that no answer makes: whoever finds it in one, finds anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.question import Point, Question
from bot.llm.lengths import beginning, tokens
from bot.llm.prompts import Prompt

#: What an answer, and a passage beside it, may take, in characters.
MOST_ANSWER = 2_800
MOST_PASSAGE = 700
MOST_BELIEFS = 6
#: And in tokens, which a tokenizer may find a ninth more of: all of a call, an answer, and all quotations that are
#: judged by themselves. The longest question of the bank takes some 700 without an answer; the passage gets the rest.
MOST_TOKENS, MOST_OF_ANSWER, MOST_OF_CLAIMS = 1_440, 760, 1_200
#: A passage, and a quotation, of less says nothing.
LEAST = 20
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
    known = {
        "question": question.ask,
        "points": "\n".join(f"[{point.id}] {point.says}" for point in listed),
        "beliefs": "\n".join(beliefs) or "(none)",
        "answer": answer,
        "fence": fence,
    }
    left = MOST_TOKENS - sum(map(tokens, prompt.filled(**known, passage="")))
    fitting = beginning(passage[:MOST_PASSAGE].strip(), left) if left >= LEAST else ""
    system, user = prompt.filled(**known, passage=fitting or "(none)")
    return GradingCall(system, user, tuple(points), control.id)


def judged_of(answer: str) -> str:
    """What of an answer is judged: its beginning, where it is long."""
    return beginning(answer[:MOST_ANSWER], MOST_OF_ANSWER)


def quotations(pairs: Sequence[tuple[Point, str]]) -> str:
    """Key points, each with words that were said, as they are held against each other; where those are long, the
    beginning of each."""
    claims = [f"[{point.id}]\nStatement: {point.says}\nQuotation: " for point, _ in pairs]
    left = MOST_OF_CLAIMS - sum(map(tokens, claims))
    most = max(LEAST, left // max(1, len(pairs)))
    said = [beginning(" ".join(words.split()), most) for _, words in pairs]
    return "\n\n".join(map("".join, zip(claims, said, strict=True)))
