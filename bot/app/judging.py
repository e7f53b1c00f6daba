"""Has an interview that is over judged late, or once more, by who judges by the settings. It shows nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.app.home import owner
from bot.app.house import open_house
from bot.app.models import chosen_model
from bot.app.sitting import Seat, resumed
from bot.core.events import Regraded
from bot.errors import SittingBusy, WrongUsage
from bot.ports import Sitting
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.interview import Interview

RUNNING = "The interview {id} is still going on. End it first (/end): what is judged again shows its reference answers."
NOT_TOLD = (
    "Who sat the interview {id} ({owner}) was not told that a language model reads their answers, so they are not sent "
    "to one. `viva regrade {id} --grader offline` sends nothing anywhere."
)


def judges(settings: Settings) -> bool:
    """Whether there is a model that judges."""
    chosen = chosen_model(settings)
    return chosen is not None and chosen.judges


async def judge_late(settings: Settings, sitting: Sitting) -> bool:
    """Has judged what an outage kept from it; False where nothing could be, or another process works on it."""
    try:
        async with _taken_up(settings, sitting) as interview:
            return await interview.judge_late()
    except SittingBusy:  # it has it judged itself
        return False


async def judge_again(settings: Settings, sitting: Sitting) -> tuple[Sequence[Regraded], str]:
    """Has all of an interview judged once more, and both marks kept; what was found, and why no more was."""
    async with _taken_up(settings, sitting) as interview:
        if interview.session.ended is None:
            raise WrongUsage(RUNNING.format(id=sitting.id))
        if judges(settings) and not interview.told and sitting.owner != owner():
            raise WrongUsage(NOT_TOLD.format(id=sitting.id, owner=sitting.owner))
        return await interview.judge_again()


@asynccontextmanager
async def _taken_up(settings: Settings, sitting: Sitting) -> AsyncIterator[Interview]:
    """An interview where its log stands, in a house of its own."""
    house = await open_house(settings)
    try:
        interview = await resumed(house, sitting, Seat(sitting.owner, sitting.surface, sitting.surface))
        try:
            await interview.take_up()
            yield interview
        finally:
            await interview.close()
    finally:
        await house.close()
