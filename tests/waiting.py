"""Waiting for what tells nobody when it comes about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(true: Callable[[], bool], pause: float = 0.005, patience: float = 10.0) -> None:
    """Looks every `pause` seconds whether it is so; TimeoutError when it is not within `patience` seconds."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110 - there is no event to wait for: who calls would wait for it otherwise
            await asyncio.sleep(pause)
