"""Chooses the grader. How answers are judged, it does not know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.ports import Grader

if TYPE_CHECKING:
    from bot.knowledge.vectors import Recalling
    from bot.offline.grader import OfflineGrader


def open_grader(embedder: Recalling, yielding: bool = False) -> OfflineGrader:
    """The grader that needs no network; what it remembers of a rubric, the embedder keeps. See `OfflineGrader`."""
    from bot.offline.grader import OfflineGrader

    return OfflineGrader(embedder, embedder.vectors_for, yielding=yielding)


class LateGrader:
    """A grader that is made when the first words are on screen: no question needs it.

    `beside` does the making in a thread where it disturbs nothing.
    """

    def __init__(
        self, name: str, make: Callable[[], Grader], beside: Callable[[Callable[[], Grader]], Awaitable[Grader]]
    ) -> None:
        self.name = name
        self._make = make
        self._beside = beside
        self._made: Grader | None = None

    async def load(self) -> None:
        """Makes it now, beside what else is going on."""
        await self._grader()

    async def grade(self, question: Question, part: Part, facts: Mapping[str, Any] | None = None) -> Verdict:
        """See `bot.ports.Grader.grade`."""
        return await (await self._grader()).grade(question, part, facts)

    async def _grader(self) -> Grader:
        if self._made is None:
            self._made = await self._beside(self._make)
        return self._made
