"""Looks at the budgets before a language model is asked, and takes it out of the doors once one is used up.

What was spent is counted by others; two sittings at once may overshoot a budget by a call each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.budgets import Name, Reached, reached
from bot.core.costing import Spent
from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.core.sentences import SENTENCES
from bot.core.session import Session
from bot.ports import Doors, Grader


class Spending:
    """What the budgets leave one sitting."""

    def __init__(self) -> None:
        self._over: Reached | None = None

    async def look(self, doors: Doors, session_id: str, session: Session) -> tuple[Reached, ...]:
        """What the candidate is to be told of now, which they were not told yet."""
        budgets = doors.budgets
        if not (doors.grader_is_remote or doors.voice) or not any(budgets.named()):
            return ()
        spent: Mapping[Name, Spent] = {"sitting": session.spent}
        if budgets.by_the_day and doors.purse is not None:
            spent = {**await doors.purse.spent(session_id), **spent}
        found = reached(budgets, spent)
        self._over = next((one for one in found if one.level == "stop"), None)
        news = found if self._over is None else (self._over,)
        return tuple(one for one in news if f"{one.budget}:{one.level}" not in session.warned)

    @property
    def over(self) -> str:
        """That a budget is used up, by the last look; empty while none is."""
        return _say("budget_over", self._over) if self._over is not None else ""

    def left(self, doors: Doors) -> Doors:
        """The doors, with no model behind them once a budget is used up."""
        return doors if self._over is None else _without_model(doors, self._over)


def _without_model(doors: Doors, over: Reached) -> Doors:
    spare = doors.spare if doors.grader_is_remote else None
    if spare is None:
        return replace(doors, voice=None)
    return replace(doors, voice=None, grader=Instead(spare, _say("budget_note", over)), grader_is_remote=False)


def _say(key: str, one: Reached) -> str:
    budget = SENTENCES[f"budget_of_{one.budget}"][0]
    return SENTENCES[key][0].format(budget=budget)


class Instead:
    """A grader in a model's place: each of its marks says why. See `bot.ports.Grader`."""

    def __init__(self, grader: Grader, why: str) -> None:
        self.name = grader.name
        self._grader = grader
        self._why = why

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        verdict = await self._grader.grade(question, part, facts)
        return replace(verdict, note=" ".join(filter(None, [self._why, verdict.note])))
