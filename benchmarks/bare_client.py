"""The openai client alone, making calls that were made before: the floor that a model at the table is held against."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any


async def one_by_one(url: str, calls: Sequence[dict[str, Any]]) -> list[float]:
    """CPU milliseconds of each of these calls, one after another."""
    from openai import AsyncOpenAI

    spent = []
    async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:
        for call in calls:
            before = time.process_time()
            await client.chat.completions.create(**call)
            spent.append((time.process_time() - before) * 1e3)
    return spent


async def crowd(url: str, calls: Sequence[dict[str, Any]], loops: int) -> float:
    """Seconds that these calls take, shared among so many loops that make one after another."""
    from openai import AsyncOpenAI

    async def chain(own: Sequence[dict[str, Any]]) -> None:
        for call in own:
            await client.chat.completions.create(**call)

    async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:
        began = time.perf_counter()
        await asyncio.gather(*(chain(calls[number::loops]) for number in range(loops)))
        return time.perf_counter() - began
