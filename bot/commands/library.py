"""`viva search` and `viva index`: the index of the shipped bank and of one's own documents."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import typer

from bot.app import own_documents
from bot.app.bank import open_embedder, open_shelves
from bot.app.home import prepare_home
from bot.app.own_documents import Added
from bot.errors import IndexUnavailable, WrongUsage
from bot.knowledge.hits import answered, search_lines, sources
from bot.ports import Passage
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.knowledge.folders import Folders
    from bot.knowledge.reader_card import Shipped
    from bot.knowledge.search import Library

#: How many threads embed at set-up: every text is embedded once, and nobody else is working.
SET_UP_THREADS = 2
#: How many texts are embedded together then.
SET_UP_BATCH = 16
SHOWN = 300


@dataclass(frozen=True)
class Chosen:
    """Which units are searched; None where it does not matter."""

    level: str | None = None
    topic: str | None = None
    source: str | None = None


def search_command(
    query: str | None,
    k: int,
    queries: Path | None,
    as_json: bool,
    chosen: Chosen,
) -> None:
    """Searches for one query, or for a file of them."""
    if (query is None or not query.strip()) == (queries is None):
        raise WrongUsage('Say what to look for, or name a file of queries: viva search "why mini-batches"')
    _check(chosen)
    settings = read_settings()
    home = prepare_home(settings)
    owned = asyncio.run(own_documents.to_search(settings, home, _warn))
    library = open_shelves(settings, home, owned).library
    try:
        if queries is not None:
            asyncio.run(_batch(library, _lines(queries), k, chosen))
        elif query is not None:
            asyncio.run(_one(library, query, k, as_json, chosen))
        if notice := library.notice():
            _warn(notice)
    finally:
        library.close()


def _warn(text: str) -> None:
    sys.stderr.write(f"viva: {text}\n")


def _check(chosen: Chosen) -> None:
    """A level or topic that no question can have is a slip of the pen."""
    from bot.core.question import Level
    from bot.knowledge.corpus_shapes import Topic
    from bot.knowledge.corpus_words import nearest

    for name, value, known in (("level", chosen.level, get_args(Level)), ("topic", chosen.topic, get_args(Topic))):
        if value is not None and value not in known:
            raise WrongUsage(f"There is no {name} {value!r}{nearest(value, known)}")


async def _one(library: Library, query: str, k: int, as_json: bool, chosen: Chosen) -> None:
    found = await library.search(query, k, **vars(chosen))
    if as_json:
        typer.echo(answered(None, found))
    else:
        typer.echo("\n\n".join(_shown(n, passage) for n, passage in enumerate(found, 1)) or "Nothing found.")


async def _batch(library: Library, lines: Iterable[str], k: int, chosen: Chosen) -> None:
    async for line in search_lines(lines, partial(library.search, k=k, **vars(chosen))):
        typer.echo(line)


def _lines(queries: Path) -> Iterable[str]:
    try:
        text = sys.stdin.read() if str(queries) == "-" else queries.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise WrongUsage(f"{queries} cannot be read: {error.strerror}.") from None
    return text.splitlines()


def _shown(number: int, passage: Passage) -> str:
    text = " ".join(passage.text.split())
    cut = text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"
    return f"{number}. {passage.title} ({'; '.join([*sources(passage), f'{passage.score:.2f}'])})\n   {cut}"


def index_command(paths: Sequence[Path], as_json: bool) -> None:
    """Makes the shipped bank's index where it is missing or old; adds documents, or refreshes their index."""
    from bot.knowledge.bank import build_bank
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.folders import index_folders
    from bot.knowledge.reader_card import shipped_reader

    settings = read_settings()
    home = prepare_home(settings)
    embedder = open_embedder(home, SET_UP_THREADS, SET_UP_BATCH)
    with drawing(as_json) as progress:
        adding = own_documents.add_files(settings, home, embedder, paths, progress) if paths else None
        added = asyncio.run(adding) if adding is not None else None
        info = build_bank(corpus_folder(), embedder, index_folders(home), progress)
    made = "was made" if info.built else "is up to date"
    text = (
        f"The index of the question bank {made}: {info.units} units, {info.vectors} vectors, {info.bytes // 1024} KiB."
    )
    _tell("bank", text, vars(info), as_json)
    if added is not None:
        _added(added, as_json)
    else:
        with drawing(as_json) as progress:
            asyncio.run(own_documents.refresh(settings, home, embedder, progress))
    make_reader(shipped_reader(), index_folders(home), as_json)


def make_reader(shipped: Shipped | None, folders: Folders, as_json: bool) -> None:
    """Makes the reader's files where they are missing. The index is whole without them, so that this ends nothing."""
    from bot.knowledge.reader_files import reader_files

    if shipped is None:
        return
    try:
        files = reader_files(shipped, folders)
    except IndexUnavailable as error:
        _warn(str(error))
        return
    text = f"The reader of answers is ready: {shipped.name}."
    _tell("reader", text, {"name": shipped.name, "folder": files.graph.parent}, as_json)


def _added(info: Added, as_json: bool) -> None:
    """Says what came of adding documents."""
    text = f"Added {', '.join(info.added)}: {info.documents} documents of yours, {info.passages} passages."
    _tell("documents", " ".join([text, *info.left_aside]), vars(info), as_json)


def _tell(kind: str, text: str, data: dict[str, Any], as_json: bool) -> None:
    typer.echo(json.dumps({"v": 1, "type": kind, **data}, ensure_ascii=False, default=str) if as_json else text)


@contextmanager
def drawing(silent: bool) -> Iterator[Callable[[str], None]]:
    """A line on standard error that says how far the work is; drawn on a terminal alone, and gone afterwards."""
    draws = sys.stderr.isatty() and not silent

    def draw(text: str) -> None:
        if draws:
            sys.stderr.write(f"\r{text}\x1b[K")
            sys.stderr.flush()

    yield draw
    draw("")
