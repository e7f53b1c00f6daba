"""A house of the shipped bank with a small embedder, whose documents are kept and indexed for real."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

from bot.app.house import House, open_house
from bot.app.indexing import Indexing
from bot.knowledge.search import Library
from bot.knowledge.units import Unit
from bot.knowledge.vectors import Recalling
from bot.ports import Embedder
from bot.settings import Settings
from tests.knowledge.doubles import WordEmbedder


def settings(home: Path, **more) -> Settings:
    return Settings(_env_file=None, home=home, lab="off", **more)


@contextmanager
def unlogged() -> Iterator[None]:
    """Takes back what a house does to the log of its process."""
    logger, raising = logging.getLogger("bot"), logging.raiseExceptions
    level, before = logger.level, list(logger.handlers)
    try:
        yield
    finally:
        logging.raiseExceptions = raising
        logger.setLevel(level)
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()


@asynccontextmanager
async def opened(home: Path, embedder: Embedder | None = None, **more) -> AsyncIterator[House]:
    """A house whose search has no bank, so that what it finds is somebody's document."""
    with unlogged():
        house = await open_house(settings(home, **more))
        house.shelves.library.close()
        units: Sequence[Unit] = ()
        recalling = Recalling(embedder or WordEmbedder())
        library = Library(None, lambda: units, recalling, home / "copies")
        shelves = replace(house.shelves, library=library, embedder=recalling, indexing=Indexing(library.beside))
        house = replace(house, shelves=shelves, doors=replace(house.doors, retriever=library))
        try:
            yield house
        finally:
            await shelves.close()
            await house.close()
