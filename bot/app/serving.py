"""Opens the house for many candidates at once, and makes ready what the first of them would wait for."""

from __future__ import annotations

import gc
import logging

from bot.app.house import House, open_house
from bot.app.lab import lab_in_words
from bot.app.loading import Loading
from bot.settings import Settings

#: Sandboxes that wait for a program, unless the settings say otherwise.
WARM = 1


async def open_served(settings: Settings) -> House:
    """The house, with what answers need loading beside; the lab's slots are kept as long as it stands."""
    warm = WARM if settings.lab_warm is None else settings.lab_warm
    house = await open_house(settings.model_copy(update={"lab_warm": warm}), resident=True)
    house.loading.start()
    lab = house.doors.lab
    if lab is not None and warm:
        lab.near()
    standing = lab_in_words(house.shelves.settings, lab.unavailable() if lab is not None else None)
    logging.getLogger(__name__).info("%s", standing)
    return house


async def set_apart(loading: Loading) -> None:
    """Once everything heavy is loaded, has the garbage collector look through it no more.

    A full collection over bank, index and grader stops everybody for some 90 ms. What is set apart is so for the whole
    process, so this is for one that does nothing but serve.
    """
    await loading.finished()
    gc.collect()
    gc.freeze()
    logging.getLogger(__name__).debug("%d objects are set apart from garbage collection", gc.get_freeze_count())
