"""The Retriever: references by question, passages by query, terms explained, further reading, all from the index.

All work is done on one thread of its own, so that the interview's loop never waits. It builds no index.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.errors import IndexUnavailable
from bot.knowledge.abbreviations import ABBREVIATIONS, expand
from bot.knowledge.documents import Documents
from bot.knowledge.everyday import in_terms
from bot.knowledge.generation import Generation
from bot.knowledge.shelf import Found, Shelf
from bot.knowledge.spelling import Speller
from bot.knowledge.terms import akin, forms
from bot.knowledge.units import Unit, question_id
from bot.knowledge.vectors import Knowing
from bot.ports import Embedder, Passage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

Result = TypeVar("Result")

KEYWORDS = "Search goes by keywords alone until then."
MISSING = f"The index of this question bank is not made yet. Make it with `viva index`. {KEYWORDS}"
#: How near a unit must be to a term that is none of its names, a word in common granted. Of the 36 things in
#: tests/knowledge/terms.toml that nothing in the bank is about none is explained, of the 38 others all but one or two.
FLOOR = 0.4
#: The score that a unit must reach by keywords alone.
KEYWORD_FLOOR = 0.5
#: What a note's score is worth in a search: who searches wants answers, and a note on each word of a query would stand
#: before them. On evals/retrieval_dev.jsonl .4 and .5 serve a little better than .6.
NOTE_SHARE = 0.5
#: The same of a question that is worked out with fresh numbers, which else stands before the one that explains.
COMPUTED_SHARE = 0.95


class Library:
    """The bank's units and, where there are any, the documents of the owner.

    `bank` is None when there is no index of the present corpus: then `units` are searched by keywords alone.
    """

    def __init__(
        self,
        bank: Generation | None,
        units: Callable[[], Sequence[Unit]],
        embedder: Embedder,
        copies: Path,
        chroma_url: str | None = None,
        documents: Documents | None = None,
        notices: Sequence[str] = (),
    ) -> None:
        self._bank = bank
        self._units = units
        self._embedder = embedder
        self._copies = copies
        self._url = chroma_url
        self._documents = documents
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._shelves: list[Shelf] | None = None
        self._notices: list[str] = [*notices] if bank else [MISSING, *notices]
        self._speller: Speller | None = None

    async def warm(self) -> None:
        """Opens the index and loads the model ahead of the first use. What fails is in the notice."""
        await self.beside(self._warm)

    async def beside(self, work: Callable[[], Result]) -> Result:
        """Does some work in the thread of the index: packages that two threads import at once may break each other.

        IndexUnavailable once this is closed.
        """
        try:
            doing = asyncio.get_running_loop().run_in_executor(self._thread, work)
        except RuntimeError:
            raise IndexUnavailable("The index was closed, for the program is ending. Start it again.") from None
        return await doing

    async def reference(self, question: str) -> Passage | None:
        """The reference answer as indexed, or None when the index holds none."""
        found = await self.beside(lambda: self._shelf().get([question_id(question)]))
        return found[0].passage(score=1.0) if found else None

    async def reading(self, question_ids: Sequence[str]) -> list[tuple[str, str]]:
        """What to read on these questions, as the index has it: (title, where), without repeats."""
        units = await self.beside(lambda: self._shelf().get([question_id(question) for question in question_ids]))
        return list(dict.fromkeys((work.title, work.where) for unit in units for work in unit.further))

    async def search(
        self, query: str, k: int = 5, *, level: str | None = None, topic: str | None = None, source: str | None = None
    ) -> list[Passage]:
        """The k best units of the bank and of the owner's documents, best first.

        Of those alone that have this level, this topic, or a source of this name or article (`S1-7`, `S1`, `mine.md`).
        """
        only = _Only(level, topic, source) if level or topic or source else None
        found = await self.beside(lambda: self._search(query, k, only))
        return [hit.unit.passage(hit.score) for hit in found]

    async def explain(self, term: str, avoid: frozenset[str]) -> Passage | None:
        """The note on a term, or the nearest passage, under its own name; None where these would answer `avoid`."""
        return await self.beside(lambda: self._explain(term, avoid))

    def notice(self) -> str | None:
        """What does not work as it should, in a sentence or two; None when all is well."""
        faults = [shelf.fault for shelf in self._shelves or [] if shelf.fault]
        return " ".join(dict.fromkeys([*self._notices, *faults])) or None

    def close(self) -> None:
        """Lets go of the index. Searches that wait are dropped. To close it again does nothing."""
        with contextlib.suppress(RuntimeError):
            self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _warm(self) -> None:
        self._search("warm", 1, None)

    def _search(self, query: str, k: int, only: _Only | None) -> list[Found]:
        asked = in_terms(expand(self._repaired(query)))
        shelves = self._all()
        vector = self._vector(asked)
        found = [hit for shelf in shelves for hit in shelf.search(asked, vector, k, _share, only, query)]
        return sorted(found, key=lambda hit: (-hit.score, hit.unit.id))[:k]

    def _repaired(self, query: str) -> str:
        """The query as it was meant, where words of it are misspelt."""
        if self._speller is None:
            texts = (
                text for unit in self._shelf().units for text in (unit.title, unit.words, unit.text, *unit.wordings)
            )
            self._speller = Speller(texts, self._knows)
        return self._speller.repaired(query)

    def _knows(self, word: str) -> bool:
        """True for a word that need not be mended: an abbreviation, or one that the model or a shelf knows."""
        try:
            everyday = isinstance(self._embedder, Knowing) and self._embedder.knows(word)
        except IndexUnavailable:
            everyday = False
        return everyday or word in ABBREVIATIONS or any(shelf.knows(word) for shelf in self._all())

    def _explain(self, term: str, avoid: frozenset[str]) -> Passage | None:
        wanted = list(forms(term))
        named = self._shelf().named(lambda unit: any(form in wanted for name in unit.names for form in forms(name)))
        if named:
            allowed = [unit for unit in named if not avoid.intersection(unit.answers)]
            allowed.sort(key=lambda unit: unit.kind != "note")
            return allowed[0].passage(1.0, _about(allowed[0], term)) if allowed else None
        return self._nearest(term, avoid) if wanted else None

    def _nearest(self, term: str, avoid: frozenset[str]) -> Passage | None:
        """A note, or else another unit, that is near enough to the term and named alike."""
        asked = expand(term)
        vector = self._vector(asked)
        notes = self._shelf().search(asked, vector, 10, only=lambda unit: unit.kind == "note")
        for hit in (*notes, *self._shelf().search(asked, vector, 10)):
            near = hit.score >= KEYWORD_FLOOR if hit.cosine is None else hit.cosine >= FLOOR
            if near and akin(asked, hit.unit.names) and not avoid.intersection(hit.unit.answers):
                return hit.unit.passage(hit.score, f"**{hit.unit.title}**: {_about(hit.unit, asked)}")
        return None

    def _all(self) -> list[Shelf]:
        """The open shelves: the bank's, then the documents'."""
        if self._shelves is None:
            self._shelves = [self._open()]
            shelf, wrong = self._documents.shelf() if self._documents else (None, None)
            self._shelves += [shelf] if shelf else []
            self._notices += [wrong] if wrong else []
        return self._shelves

    def _shelf(self) -> Shelf:
        return self._all()[0]

    def _open(self) -> Shelf:
        if self._bank is None:
            return Shelf(self._units())
        try:
            return Shelf((), self._bank.open(self._copies, self._url), self._embedder.embed)
        except IndexUnavailable as error:
            self._notices.append(f"{error} {KEYWORDS}")
            return Shelf(self._units())

    def _vector(self, text: str) -> Rows | None:
        if self._bank is None:
            return None
        try:
            vector: Rows = self._embedder.embed([text])[0]
            return vector
        except IndexUnavailable as error:
            if not any(str(error) in told for told in self._notices):
                self._notices.append(f"{error} {KEYWORDS}")
            return None

    def _close(self) -> None:
        for shelf in self._shelves or []:
            shelf.close()


@dataclass(frozen=True)
class _Only:
    """What units are wanted."""

    level: str | None
    topic: str | None
    source: str | None

    def __call__(self, unit: Unit) -> bool:
        return (
            (self.level is None or unit.level == self.level)
            and (self.topic is None or self.topic in unit.topics)
            and (self.source is None or any(self._is_source(source) for source in unit.sources))
        )

    def _is_source(self, source: str) -> bool:
        """The source itself, all numbers of an article, or all places of a file."""
        return self.source == source or source.startswith((f"{self.source}-", f"{self.source}:"))


def _share(unit: Unit) -> float:
    if unit.computed:
        return COMPUTED_SHARE
    return NOTE_SHARE if unit.kind == "note" else 1.0


def _about(unit: Unit, asked: str) -> str:
    """A note whole; of a reference the first of the paragraphs that share most words with what was asked."""
    if unit.kind == "note":
        return unit.text
    words = set(re.findall(r"\w{3,}", asked.casefold()))
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", unit.text) if part.strip()]
    return max(paragraphs, key=lambda part: len(words.intersection(re.findall(r"\w{3,}", part.casefold()))), default="")
