"""A process of its own that joins accounts until it is killed: `python -m tests.store.joiner HOME ROUND`.

Each account has three sittings and five documents, of which one is removed. It prints the number of each account once
all of that is kept.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bot.ports.groups import Kept, Place
from bot.store.holder import this_process
from bot.store.opening import open_store
from tests.store.samples import started


async def join(home: Path, turn: str) -> None:
    store = await open_store(None, home, lambda: datetime.now(UTC), this_process())
    for n in count():
        account, person = f"discord:{turn}-{n}", f"person-{turn}-{n}"
        for each in range(3):
            session = f"{turn}-{n}-{each}"
            await store.create(session, account, "discord")
            await store.append(session, 0, started())
            await store.groups.put(Place(session, account, f"channel-{session}", "10"))
        documents = [Kept(f"k{key}", f"{key}.md", "", f"{turn}-{n}-{key} " * 200) for key in range(5)]
        await store.groups.keep_documents(account, documents)
        await store.groups.link(account, await store.groups.new_code(person))
        await store.groups.remove_document(person, "k0")
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(join(Path(sys.argv[1]), sys.argv[2]))
