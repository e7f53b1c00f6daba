"""`viva eval`: the published tables of quality, measured anew from labelled data. It tunes nothing."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.app.bank import open_embedder
from bot.app.home import prepare_home
from bot.commands.eval_grader import GraderWish, grader_command
from bot.commands.simulated.wish import Wish
from bot.errors import IndexUnavailable, WrongUsage
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.knowledge.quality import Found, Query
    from bot.knowledge.search import Library
    from bot.knowledge.units import Unit
    from bot.knowledge.vectors import Recalling

WHAT = ("grader", "retrieval", "interviewer")
QUERIES = "retrieval.jsonl"
#: Where the sources of Viva are, when it runs from there.
CHECKOUT = Path(__file__).resolve().parent.parent.parent
THIS, WORDS, VECTORS = "Viva", "BM25 alone", "MiniLM alone"


def eval_command(what: str, queries: Path | None, wish: Wish, grader: GraderWish | None = None) -> None:
    """Measures one part of the program and prints its table."""
    if what not in WHAT:
        raise WrongUsage(f"There is no table for {what!r}; `viva eval` knows: {', '.join(WHAT)}.")
    grader = grader or GraderWish()
    if what != "grader" and grader.named:
        raise WrongUsage(f"{grader.named[0]} belongs to `viva eval grader`; `viva eval {what}` has no use for it.")
    if what == "grader":
        if queries is not None or wish.kind is not None:
            raise WrongUsage(
                "--queries and --kind belong to other tables; `viva eval grader` takes --part and --sample."
            )
        grader_command(grader, wish.seed, wish.as_json, CHECKOUT)
        return
    if what == "interviewer":
        if queries is not None:
            raise WrongUsage("--queries belongs to `viva eval retrieval`; simulated candidates bring their own words.")
        from bot.commands.simulated.command import interviewer_command

        interviewer_command(wish, CHECKOUT / "evals")
        return
    _eval_retrieval(queries, wish.as_json)


def _eval_retrieval(queries: Path | None, as_json: bool) -> None:
    from bot.knowledge.quality import data, read_queries, table

    asked = read_queries(queries or shipped_queries(CHECKOUT))
    with _searches() as (library, units, embedder):
        _check(asked, units)
        results = asyncio.run(_judged(asked, library, units, embedder))
    if as_json:
        typer.echo(json.dumps({"v": 1, "eval": "retrieval", "searches": data(results, asked)}, ensure_ascii=False))
        return
    typer.echo("\n".join(table(results, asked)))
    typer.echo(
        f"\n{len(asked)} queries to {len(units)} units ({sum(u.question is not None for u in units)} questions)."
    )
    typer.echo(f"A query takes {_median(results[THIS]):.1f} ms (median), embedding included.")


def shipped_queries(checkout: Path) -> Path:
    """The labelled queries, which lie beside the program in a checkout and are not installed with it."""
    file = checkout / "evals" / QUERIES
    if not file.is_file():
        raise WrongUsage(
            f"The labelled queries are missing: there is no {file}. They come with the sources of Viva and are not "
            "installed with it; run this in a checkout, or name a file of your own with --queries."
        )
    return file


@contextmanager
def _searches() -> Iterator[tuple[Library, Sequence[Unit], Recalling]]:
    """The search of the shipped bank, without anybody's own documents and questions."""
    from bot.knowledge.bank import find_bank, recalling
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.folders import index_folders
    from bot.knowledge.search import Library

    home = prepare_home(read_settings())
    folders, model = index_folders(home), open_embedder(home)
    bank = find_bank(corpus_folder(), folders, model)
    if bank is None:
        raise IndexUnavailable("The index of this question bank is not made yet. Make it with `viva index`.")
    units, embedder = bank.units(), recalling(bank, folders, model)
    with tempfile.TemporaryDirectory(prefix="viva-eval-") as copies:
        library = Library(bank, lambda: units, embedder, Path(copies))
        try:
            yield library, units, embedder
        finally:
            library.close()


def _check(asked: Sequence[Query], units: Sequence[Unit]) -> None:
    """Every query must have an answer in the bank, or the figures mean nothing."""
    known = {unit.question for unit in units}
    wrong = [f"{query.id} ({', '.join(sorted(query.right - known))})" for query in asked if query.right - known]
    if wrong:
        raise WrongUsage(f"These queries ask for questions that the bank does not hold: {'; '.join(wrong[:5])}.")


async def _judged(
    asked: Sequence[Query], library: Library, units: Sequence[Unit], embedder: Recalling
) -> dict[str, Found]:
    from bot.knowledge.quality import by_vectors_alone, by_words_alone, judged, of_library

    await library.warm()
    if notice := library.notice():
        raise IndexUnavailable(notice)
    return {
        THIS: await judged(of_library(library), asked),
        WORDS: await judged(by_words_alone(units), asked),
        VECTORS: await judged(by_vectors_alone(units, embedder), asked),
    }


def _median(found: Found) -> float:
    return statistics.median(found.seconds) * 1000
