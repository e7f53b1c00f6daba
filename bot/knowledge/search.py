"""The Retriever: references by question, passages by query, terms explained, further reading, all from the index.

All work is done on one thread of its own, so that the interview's loop never waits. It builds no index.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.errors import IndexUnavailable
from bot.knowledge.abbreviations import expand
from bot.knowledge.documents import Documents
from bot.knowledge.generation import Generation
from bot.knowledge.shelf import Found, Shelf
from bot.knowledge.terms import akin, forms
from bot.knowledge.units import Unit, question_id
from bot.ports import Embedder, Passage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

Result = TypeVar("Result")

KEYWORDS = "Search goes by keywords alone until then."
MISSING = f"The index of this question bank is not made yet. Make it with `viva index`. {KEYWORDS}"
#: How near a unit must be to a term that is none of its names, a word in common granted. In tests/knowledge/terms.toml
#: none of the 36 things that nothing in the bank is about comes nearer than .2, and 27 of 28 notes pass.
FLOOR = 0.4
#: The score that a unit must reach by keywords alone.
KEYWORD_FLOOR = 0.5
#: What a note's score is worth in a search: who searches wants answers, and a note on each word of a query would stand
#: before them. On 48 queries among 16 questions and 102 notes the question comes first in .92 of them, in .56 without.
NOTE_SHARE = 0.6


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
    ) -> None:
        self._bank = bank
        self._units = units
        self._embedder = embedder
        self._copies = copies
        self._url = chroma_url
        self._documents = documents
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._shelves: list[Shelf] | None = None
        self._notices: list[str] = [] if bank else [MISSING]

    async def warm(self) -> None:
        """Opens the index and loads the model ahead of the first use. What fails is in the notice."""
        await self._run(self._warm)

    async def reference(self, question: str) -> Passage | None:
        """The reference answer as indexed, or None when the index holds none."""
        found = await self._run(lambda: self._shelf().get([question_id(question)]))
        return found[0].passage(score=1.0) if found else None

    async def reading(self, question_ids: Sequence[str]) -> list[tuple[str, str]]:
        """What to read on these questions, as the index has it: (title, where), without repeats."""
        units = await self._run(lambda: self._shelf().get([question_id(question) for question in question_ids]))
        return list(dict.fromkeys((work.title, work.where) for unit in units for work in unit.further))

    async def search(self, query: str, k: int = 5) -> list[Passage]:
        """The k best units of the bank and of the owner's documents, best first."""
        found = await self._run(lambda: self._search(query, k))
        return [hit.unit.passage(hit.score) for hit in found]

    async def explain(self, term: str, avoid: frozenset[str]) -> Passage | None:
        """The note on a term, or the nearest passage, under its own name; None where these would answer `avoid`."""
        return await self._run(lambda: self._explain(term, avoid))

    def notice(self) -> str | None:
        """What does not work as it should, in a sentence or two; None when all is well."""
        faults = [shelf.fault for shelf in self._shelves or [] if shelf.fault]
        return " ".join(dict.fromkeys([*self._notices, *faults])) or None

    def close(self) -> None:
        """Lets go of the index. Searches that wait are dropped."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _warm(self) -> None:
        self._all()
        self._vector("warm")

    def _search(self, query: str, k: int) -> list[Found]:
        asked = expand(query)
        shelves = self._all()
        vector = self._vector(asked)
        found = [hit for shelf in shelves for hit in shelf.search(asked, vector, k, _share)]
        return sorted(found, key=lambda hit: (-hit.score, hit.unit.id))[:k]

    def _explain(self, term: str, avoid: frozenset[str]) -> Passage | None:
        wanted = list(forms(term))
        named = self._shelf().named(lambda unit: any(form in wanted for name in unit.names for form in forms(name)))
        if named:
            allowed = [unit for unit in named if not avoid.intersection(unit.answers)]
            allowed.sort(key=lambda unit: unit.kind != "note")
            return allowed[0].passage(1.0, _about(allowed[0], term)) if allowed else None
        return self._nearest(term, avoid) if wanted else None

    def _nearest(self, term: str, avoid: frozenset[str]) -> Passage | None:
        asked = expand(term)
        for hit in self._shelf().search(asked, self._vector(asked), 10):
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
            return Shelf((), self._bank.open(self._copies, self._url))
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


def _share(unit: Unit) -> float:
    return NOTE_SHARE if unit.kind == "note" else 1.0


def _about(unit: Unit, asked: str) -> str:
    """A note whole; of a reference the first of the paragraphs that share most words with what was asked."""
    if unit.kind == "note":
        return unit.text
    words = set(re.findall(r"\w{3,}", asked.casefold()))
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", unit.text) if part.strip()]
    return max(paragraphs, key=lambda part: len(words.intersection(re.findall(r"\w{3,}", part.casefold()))), default="")
