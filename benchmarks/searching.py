"""How long a search takes in an index of so many units: the shipped bank, and passages of made-up words beside it.

The passages' vectors are drawn at random, for embedding 20,000 of them takes minutes and changes nothing here.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from pathlib import Path
from typing import Any

from bot.knowledge import chroma
from bot.knowledge.bank import find_bank, recalling
from bot.knowledge.corpus import corpus_folder
from bot.knowledge.embedding import MiniLM
from bot.knowledge.folders import index_folders
from bot.knowledge.model import minilm_files
from bot.knowledge.quality import read_queries
from bot.knowledge.search import Library
from bot.knowledge.shelf import Shelf
from bot.knowledge.units import Unit

QUERIES = Path(__file__).resolve().parent.parent / "evals" / "retrieval.jsonl"
WORDS_EACH = 150


class Passages:
    """Stands in the place of an owner's documents."""

    def __init__(self, folder: Path, count: int, words: list[str], dimensions: int) -> None:
        import numpy as np

        rng = random.Random(count)
        units = [
            Unit(f"document:{n}", "document", "Notes", " ".join(rng.choices(words, k=WORDS_EACH)), ("notes.md:1",))
            for n in range(count)
        ]
        rows = np.random.default_rng(count).normal(size=(count, dimensions)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        folder.mkdir()
        chroma.write_embedded(folder, units, rows)
        self._folder = folder

    def shelf(self) -> tuple[Shelf, None]:
        return Shelf((), chroma.open_embedded(self._folder)), None


def query_ms(home: Path, count: int) -> list[float]:
    """Milliseconds of each shipped query, embedding included, among `count` units."""
    folders = index_folders(home)
    model = MiniLM(lambda: minilm_files(folders))
    bank = find_bank(corpus_folder(), folders, model)
    if bank is None:
        raise SystemExit("The index of this question bank is not made yet. Make it with `viva index`.")
    units = bank.units()
    words = sorted({word for unit in units for word in unit.text.split()})
    beside: Any = Passages(home / f"passages{count}", count - len(units), words, model.dimensions)
    library = Library(bank, lambda: units, recalling(bank, folders, model), home / "copies", documents=beside)
    try:
        return asyncio.run(_timed(library))
    finally:
        library.close()


async def _timed(library: Library) -> list[float]:
    await library.warm()
    taken = []
    for query in read_queries(QUERIES):
        begun = time.perf_counter()
        await library.search(query.text)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def p50(home: Path, count: int) -> str:
    """The median, as the table shows it."""
    return f"{statistics.median(query_ms(home, count)):.1f}"
