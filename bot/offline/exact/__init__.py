"""What can be found in an answer exactly: picks, verdicts, numbers, lines, formulas, names. It compares no meanings.

What is looked for is what the question holds: a hinge with options or a verdict, values, lines, formulas, detectors.
"""

from __future__ import annotations

from bot.core.marking import Part
from bot.core.question import Question
from bot.offline.exact.choice import choice
from bot.offline.exact.finds import Find, Finds
from bot.offline.exact.formulas import formulas
from bot.offline.exact.lines import named_lines
from bot.offline.exact.numeric import results
from bot.offline.exact.phrases import accepted
from bot.offline.exact.pitch import pitched
from bot.offline.exact.verdicts import rejection, verdict

__all__ = ["Find", "Finds", "exact_finds"]

#: Of two finds for one point the earlier way of looking wins.
_TO_THE_QUESTION = (choice, verdict, rejection)
_WAYS = (accepted, results, named_lines, formulas, pitched)


def exact_finds(question: Question, part: Part) -> Finds:
    """Everything that is found in one part of an answer, each point once."""
    if part.about is not None:
        return _to_a_follow_up(question, part, part.about)
    made = [way(question, part.text) for way in (*_TO_THE_QUESTION, *_WAYS)]
    finds: dict[str, Find] = {}
    for find in (find for some in made for find in some.finds):
        finds.setdefault(find.point, find)
    return Finds(
        finds=tuple(finds.values()),
        beliefs=tuple(belief for some in made for belief in some.beliefs),
        settled=frozenset(point for some in made for point in some.settled),
        heard=any(some.heard for some in made),
        note=" ".join(some.note for some in made if some.note),
    )


def _to_a_follow_up(question: Question, part: Part, about: str) -> Finds:
    """A reply to a follow-up: its yes or no answers that one, and what is wrong is wrong of what it asked about."""
    made = [way(question, part.text) for way in (choice, *_WAYS)]
    finds: dict[str, Find] = {}
    for find in (f for some in made for f in some.finds if f.verdict != "wrong" or f.point == about):
        finds.setdefault(find.point, find)
    aimed = {m.id for m in question.misconceptions if about in m.points}
    return Finds(
        finds=tuple(finds.values()),
        beliefs=tuple(belief for some in made for belief in some.beliefs if belief.id in aimed),
        heard=any(some.heard for some in made),
    )
