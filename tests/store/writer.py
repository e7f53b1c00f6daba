"""A process of its own that writes to a session until it is killed: `python -m tests.store.writer HOME SESSION`.

It prints the seq of each event once that is kept, or the error that ends it.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.core.events import Heard
from bot.errors import StoreError
from bot.store.holder import this_process
from bot.store.opening import open_store


def tell(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


async def write(home: Path, session: str) -> None:
    store = await open_store(None, home, lambda: datetime.now(UTC), this_process())
    try:
        await store.lease(session, this_process(), 60)
        tell("ready")
        seq = (await store.load(session))[-1].seq
        while True:
            (record,) = await store.append(session, seq, [(f"m{seq + 1}", Heard(f"word {seq + 1} " + "x" * 500))])
            seq = record.seq
            tell(seq)
    except StoreError as error:
        tell(f"{type(error).__name__}: {error}")
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), sys.argv[2]))
