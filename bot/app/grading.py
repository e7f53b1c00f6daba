"""Chooses the grader. How answers are judged, it does not know."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.core.marking import Part, Verdict
from bot.core.question import Question
from bot.errors import VivaError
from bot.ports import Grader

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge.reader import TransformerReader
    from bot.knowledge.vectors import Recalling
    from bot.offline.grader import OfflineGrader
    from bot.offline.whole_answer import WholeAnswers


def open_grader(embedder: Recalling, home: Path, yielding: bool = False, warm: bool = False) -> OfflineGrader:
    """The grader that needs no network; what it remembers of a rubric, the embedder keeps. See `OfflineGrader`.

    Its reader of whole answers is loaded at the first answer, or now where it shall be `warm`.
    """
    from bot.offline.grader import OfflineGrader

    return OfflineGrader(embedder, embedder.vectors_for, yielding=yielding, whole=open_whole(home, warm))


def open_whole(home: Path, warm: bool = False) -> WholeAnswers | None:
    """What reads answers whole, or None where this release has no reader."""
    from bot.app.bank import open_reader
    from bot.offline.weighing import shipped_weighings
    from bot.offline.whole_answer import WholeAnswers

    if (reader := open_reader(home)) is None:
        return None
    if warm:
        warm_up(reader)
    return WholeAnswers(reader, shipped_weighings())


def warm_up(reader: TransformerReader) -> None:
    """Loads it; what keeps it from being loaded is said again, in the place of a mark, when an answer is judged."""
    try:
        reader.warm()
    except (VivaError, OSError) as error:
        logging.getLogger(__name__).warning("%s", error)


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
