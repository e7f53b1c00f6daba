"""Nothing is restored under the feet of another process, whether it is at work or waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreBusy
from bot.store.database import application
from bot.store.opening import restore_store
from tests.store.conftest import Backend
from tests.store.samples import started


async def backed_up(backend: Backend) -> Path:
    """A backup of one sitting, which is in the database too."""
    store = await backend.open()
    await store.create("s", "ann", "terminal")
    await store.append("s", 0, started())
    await store.backup(backend.home / "all.viva")
    await backend.close()
    return backend.home / "all.viva"


async def test_whoever_has_the_file_open_is_in_the_way_though_they_only_wait(file: Backend):
    backup = await backed_up(file)
    waiting = await file.open("a chat that waits for words")
    await waiting.sittings()
    with pytest.raises(StoreBusy, match=r"viva\.db open\. Nothing was changed\. End it"):
        await restore_store(None, file.home, file.clock, "one", backup, overwrite=True)
    assert not list((file.home / "backups").iterdir()), "it was not even backed up"
    await file.close()
    assert (await restore_store(None, file.home, file.clock, "one", backup, overwrite=True)).sessions == 1


async def test_whoever_is_connected_to_the_server_is_in_the_way(server: Backend):
    import asyncpg

    backup = await backed_up(server)
    assert server.url is not None
    named = {"application_name": "viva 4711 on elsewhere"}
    waiting = await asyncpg.connect(server.url, server_settings=named)
    try:
        with pytest.raises(StoreBusy, match=r"Another Viva \(number 4711 on elsewhere\) is connected"):
            await restore_store(server.url, server.home, server.clock, "one", backup, overwrite=True)
    finally:
        await waiting.close()
    other = await asyncpg.connect(server.url, server_settings={"application_name": "psql"})
    restored = await restore_store(server.url, server.home, server.clock, "one", backup, overwrite=True)
    await other.close()
    assert restored.sessions == 1, "who only looks is none of ours"


def test_a_process_names_itself_in_what_a_server_takes():
    assert application().startswith("viva ") and len(application()) <= 63 and application().isascii()
