"""Opens the records: the store of all sittings, also from a backup. What is in them, the store itself knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.home import now, prepare_home, start_log
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.store.backups import Restored
    from bot.store.log import SqlStore

#: A clock that says that nobody has worked here for so many days may be wrong, and nothing is deleted by it.
TRUSTED_DAYS = 14


async def open_records(settings: Settings | None = None) -> SqlStore:
    """The store by itself, for commands that sit no interview."""
    from bot.store.holder import this_process
    from bot.store.opening import open_store

    settings = settings or read_settings()
    home = prepare_home(settings)
    start_log(settings, home)
    return await open_store(settings.database_url, home, now, this_process())


async def restore_records(file: Path, replace: bool) -> Restored:
    """Brings a backup back, also in the place of a database that is damaged."""
    from bot.store.holder import this_process
    from bot.store.opening import restore_store

    settings = read_settings()
    home = prepare_home(settings)
    start_log(settings, home)
    return await restore_store(settings.database_url, home, now, this_process(), file, replace)


async def expire(store: SqlStore, days: int) -> None:
    """Deletes what is too old, if the clock can be trusted: a sitting before the present one was not long ago by it."""
    earlier = (await store.sittings(limit=2))[1:]
    if earlier and now() - datetime.fromisoformat(earlier[0].at) < timedelta(days=TRUSTED_DAYS):
        await store.expire(days)
