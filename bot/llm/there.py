"""Asks a model for one word: whether it is there, takes the key, and can fill in a form. It costs some forty tokens."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel

from bot.llm.breaker import Breaker
from bot.llm.chat import LangChainModel
from bot.llm.wish import Wish

PATIENCE = 20.0
MOST_REPLY = 40
SYSTEM = 'Reply with one JSON object and nothing else: {"word": "ready"}'
USER = "Are you there?"


class Word(BaseModel):
    """A word by which a model shows that it is there."""

    word: str


async def ask(wanted: Wish) -> None:
    """Returns when it has answered; ModelFault says why it has not."""
    model = LangChainModel(wanted, Breaker(asyncio.get_running_loop().time), asyncio.to_thread)
    try:
        await model.fill(SYSTEM, USER, Word, PATIENCE, MOST_REPLY)
    finally:
        await model.close()
