"""How well a search finds the right question: labelled queries, three searches side by side, and their table.

It judges no wording and tunes nothing.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import WrongUsage
from bot.knowledge.keywords import Keywords
from bot.knowledge.search import NOTE_SHARE, Library
from bot.knowledge.units import Unit
from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: How many hits count.
DEPTH = 5
SHAPE = '{"id": "…", "query": "…", "question": "the id of the question that it should find", "kind": "…"}'

#: Finds the ids of the questions of the best units, best first; None for a unit that is no question.
Ranking = Callable[[str], Awaitable[Sequence[str | None]]]


@dataclass(frozen=True)
class Query:
    """A query, the questions that it should find, and what kind of query it is."""

    id: str
    text: str
    right: frozenset[str]
    kind: str = ""


@dataclass(frozen=True)
class Found:
    """How a search fared: for each query the place of the right question (0: not among the first five), and seconds."""

    places: tuple[int, ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True)
class Figures:
    """Shares of the queries whose question came first and among the first five, and the mean reciprocal place."""

    n: int
    first: float
    among: float
    reciprocal: float


def read_queries(path: Path) -> list[Query]:
    """The labelled queries of a JSONL file; WrongUsage names a line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise WrongUsage(f"{path} cannot be read: {reason}.") from None
    queries = [_query(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not queries:
        raise WrongUsage(f"{path} holds no queries; write lines such as {SHAPE}.")
    return queries


def _query(path: Path, number: int, line: str) -> Query:
    try:
        told = json.loads(line)
        also = told.get("also", [])
        also = [also] if isinstance(also, str) else also
        query = Query(str(told["id"]), str(told["query"]), frozenset({told["question"], *also}), str(told["kind"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WrongUsage(f"{path}:{number} is no labelled query; write {SHAPE}.") from None
    return query


async def judged(ranking: Ranking, queries: Sequence[Query]) -> Found:
    """What a search finds."""
    places, seconds = [], []
    for query in queries:
        begun = time.perf_counter()
        hits = list(await ranking(query.text))[:DEPTH]
        seconds.append(time.perf_counter() - begun)
        places.append(next((place for place, hit in enumerate(hits, 1) if hit in query.right), 0))
    return Found(tuple(places), tuple(seconds))


def figures(places: Sequence[int]) -> Figures:
    """The figures for some places."""
    n = len(places)
    first, among = sum(place == 1 for place in places), sum(place > 0 for place in places)
    return Figures(n, first / n, among / n, sum(1 / place for place in places if place) / n)


def by_kind(found: Found, queries: Sequence[Query]) -> dict[str, Figures]:
    """The figures for each kind of query, in the order in which kinds first come."""
    kinds = dict.fromkeys(query.kind for query in queries)
    return {
        kind: figures([place for place, query in zip(found.places, queries, strict=True) if query.kind == kind])
        for kind in kinds
    }


def of_library(library: Library) -> Ranking:
    """The search as it is."""

    async def ranked(query: str) -> Sequence[str | None]:
        return [passage.question for passage in await library.search(query, DEPTH)]

    return ranked


def by_words_alone(units: Sequence[Unit]) -> Ranking:
    """BM25 over the same units, the query as it was typed."""
    keywords, known = Keywords(units), {unit.id: unit for unit in units}

    async def ranked(query: str) -> Sequence[str | None]:
        scores = keywords.search(query, len(units))
        return _best([(known[id_], score) for id_, score in scores.items()])

    return ranked


def by_vectors_alone(units: Sequence[Unit], embedder: Embedder) -> Ranking:
    """The model alone: one vector for each whole unit, the query as it was typed."""
    rows: npt.NDArray[np.float32] = embedder.embed([unit.embedded for unit in units])

    async def ranked(query: str) -> Sequence[str | None]:
        return _best(list(zip(units, map(float, rows @ embedder.embed([query])[0]), strict=True)))

    return ranked


def _best(scored: Sequence[tuple[Unit, float]]) -> list[str | None]:
    """Notes are worth the same share as in the search itself."""
    weighed = [(score * (NOTE_SHARE if unit.kind == "note" else 1.0), unit) for unit, score in scored]
    weighed.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [unit.question for _, unit in weighed[:DEPTH]]


def table(results: dict[str, Found], queries: Sequence[Query]) -> Iterator[str]:
    """The lines of the published table, in Markdown."""
    yield "| search | queries | n | R@1 | R@5 | MRR@5 |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for name, found in results.items():
        yield _row(f"**{name}**", "all", figures(found.places))
        for kind, some in by_kind(found, queries).items():
            yield _row(name, kind or "—", some)


def _row(name: str, kind: str, some: Figures) -> str:
    return f"| {name} | {kind} | {some.n} | {some.first:.3f} | {some.among:.3f} | {some.reciprocal:.3f} |"


def data(results: dict[str, Found], queries: Sequence[Query]) -> dict[str, Any]:
    """The same as plain JSON data, with the place that every query's question came to."""
    return {
        name: {
            **_plain(figures(found.places)),
            "p50_ms": round(statistics.median(found.seconds) * 1000, 2),
            "kinds": {kind: _plain(some) for kind, some in by_kind(found, queries).items()},
            "places": {query.id: place for query, place in zip(queries, found.places, strict=True)},
        }
        for name, found in results.items()
    }


def _plain(some: Figures) -> dict[str, float]:
    return {
        "n": some.n,
        "r_at_1": round(some.first, 4),
        "r_at_5": round(some.among, 4),
        "mrr_at_5": round(some.reciprocal, 4),
    }
