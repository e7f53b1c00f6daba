"""Lets go what is too old, and what was made of it: indexes of documents, pictures. What is too old, the store says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.app import documents, pictures
from bot.app.clock import steady
from bot.app.home import now
from bot.app.records import expire

if TYPE_CHECKING:
    from bot.app.house import House


async def let_go(house: House, serving: bool) -> None:
    """Deletes what is older than the settings allow, if the clock can be trusted.

    A process that is `serving` looks after the clock itself, since a quiet bot must keep its promises too; and it makes
    good what one that was killed in between has left.
    """
    trusted = serving and await asyncio.to_thread(steady, house.home, now())
    gone = await expire(house.store, house.shelves.settings.retention_days, trusted)
    for server in gone.servers if gone is not None else ():
        await documents.forget(house, f"{documents.SERVER}{server}")
    if serving:
        await documents.refresh(house)
    if serving or (gone is not None and gone.sessions):
        await pictures.sweep(house.home, await house.store.ids())
