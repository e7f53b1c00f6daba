"""Opens the records: the store of all sittings, also from a backup. What is in them, the store itself knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.alone import UNDER_ITS_FEET, alone, name_of
from bot.app.home import now, owner, prepare_home
from bot.app.logs import start_log, start_serving_log
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.store.backups import Restored
    from bot.store.forgetting import Forgotten
    from bot.store.log import SqlStore
    from bot.store.portable import Contents

#: A clock that says that nobody has worked here for so many days may be wrong, and nothing is deleted by it.
TRUSTED_DAYS = 14


async def open_records(settings: Settings | None = None, serving: bool = False) -> SqlStore:
    """The store, by itself.

    `serving`: as the one process that serves from this folder, which logs as such, and knows those before to be gone.
    """
    from bot.store.holder import lives_beside, may_live, serving_process, this_process
    from bot.store.opening import open_store

    settings = settings or read_settings()
    home = prepare_home(settings)
    (start_serving_log if serving else start_log)(settings, home)
    holder = serving_process(name_of(home)) if serving else this_process()
    alive = lives_beside(holder) if serving else may_live
    store = await open_store(settings.database_url, home, now, holder, alive)
    await _take_over(store, home)
    return store


async def _take_over(store: SqlStore, home: Path) -> None:
    """Takes what earlier releases kept as files into the store. Where there is none, that is one look into a folder."""
    if any((home / "documents").glob("*/texts/*.json")):
        from bot.app.documents import take_over

        await take_over(home, store.groups, [owner()])


async def backup_records(file: Path) -> tuple[Contents, str]:
    """Backs up what is kept; how much that is, and where it lies. NothingKept where there is nothing."""
    from bot.store.backups import free
    from bot.store.holder import this_process
    from bot.store.opening import open_existing
    from bot.store.place import locate

    settings = read_settings()
    home = settings.home.expanduser()
    start_log(settings, home)
    free(file, locate(settings.database_url, home).backups)
    store = await open_existing(settings.database_url, home, now, this_process())
    try:
        await _take_over(store, home)
        return await store.backup(file), store.database.place.shown
    finally:
        await store.close()


async def restore_records(file: Path, replace: bool) -> Restored:
    """Brings a backup back, also in the place of a database that is damaged. Nobody may be at work there."""
    from bot.store.holder import this_process
    from bot.store.opening import restore_store

    settings = read_settings()
    home = prepare_home(settings)
    start_log(settings, home)
    with alone(home, UNDER_ITS_FEET):
        return await restore_store(settings.database_url, home, now, this_process(), file, replace)


async def expire(store: SqlStore, days: int, trusted: bool = False) -> Forgotten | None:
    """Deletes what is too old, if the clock can be trusted; None where it cannot.

    It can where a sitting before the present one was not long ago by it, and where that is known otherwise.
    """
    earlier = (await store.sittings(limit=2))[1:]
    lately = earlier and now() - datetime.fromisoformat(earlier[0].at) < timedelta(days=TRUSTED_DAYS)
    return await store.expire(days) if trusted or lately else None
