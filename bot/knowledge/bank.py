"""The shipped bank's index: made once at set-up beside the program, found at each start, made anew when what it was
made from has changed. It searches nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IndexUnavailable
from bot.knowledge import generation
from bot.knowledge.corpus import Corpus, from_data, read_corpus, to_data
from bot.knowledge.folders import Folders, remove, size
from bot.knowledge.generation import Generation
from bot.knowledge.units import units_of
from bot.knowledge.vectors import Kept, Recalling
from bot.ports import Embedder

#: The files of a corpus folder.
PATTERNS = ("questions/*.toml", "interviews/*.toml", "notes/*.md", "tasks/*/[!.]*.*")
CORPUS = "corpus"


@dataclass(frozen=True)
class BankInfo:
    """What a build came to: where, how many units and vectors, how many of them newly embedded, bytes on disk."""

    name: str
    folder: Path
    units: int
    vectors: int
    embedded: int
    bytes: int
    built: bool


def corpus_hash(folder: Path) -> str:
    """A hash of the corpus's contents. Reading half a megabyte costs 2 ms, so that times and sizes need no trust."""
    files = {
        path.relative_to(folder).as_posix(): path
        for pattern in PATTERNS
        for path in folder.glob(pattern)
        if path.is_file()
    }
    return generation.file_hash(files)


def find_bank(corpus_folder: Path, folders: Folders, embedder: Embedder) -> Generation | None:
    """The index of this very state of the corpus by this embedder, or None."""
    name = generation.generation_name("bank", corpus_hash(corpus_folder), embedder)
    found = (generation.find(root / name) for root in folders.both())
    return next((bank for bank in found if bank is not None), None)


def load_corpus(corpus_folder: Path, bank: Generation | None) -> Corpus:
    """The corpus as it was checked when the bank's index was made; without an index it is read and checked now."""
    if bank is not None:
        try:
            return from_data(json.loads((bank.folder / f"{CORPUS}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            pass
    return read_corpus(corpus_folder)


def build_bank(
    corpus_folder: Path, embedder: Embedder, folders: Folders, progress: generation.Progress = generation.silent
) -> BankInfo:
    """Makes the index of the shipped bank unless it is there and whole. Vectors of unchanged texts are taken over."""
    found = find_bank(corpus_folder, folders, embedder)
    if found is not None and generation.damage(found) is None:
        return _info(found, embedded=0, built=False)
    corpus = read_corpus(corpus_folder)
    source = corpus_hash(corpus_folder)
    root = folders.writable()
    knowing = Recalling(embedder, known_vectors(folders, embedder), generation.counted(progress))
    target = root / generation.generation_name("bank", source, embedder)
    try:
        made = generation.write(
            target, source, units_of(corpus), knowing, statements(corpus), **{CORPUS: to_data(corpus)}
        )
    except OSError as error:
        raise IndexUnavailable(
            f"The index could not be written to {root} ({error}). Make room, then run `viva index`."
        ) from error
    _forget_others(root, made)
    return _info(made, knowing.embedded, built=True)


def known_vectors(folders: Folders, embedder: Embedder) -> list[Kept]:
    """The vectors of every bank that this embedder made, also for other states of the corpus."""
    return [bank.vectors() for root in folders.both() for bank in generation.of_embedder(root, "bank", embedder)]


def recalling(bank: Generation | None, folders: Folders, embedder: Embedder, more: Sequence[Kept] = ()) -> Recalling:
    """The embedder with the vectors of the bank at hand, or of older banks where there is none, and `more`."""
    return Recalling(embedder, [*(known_vectors(folders, embedder) if bank is None else [bank.vectors()]), *more])


def statements(corpus: Corpus) -> Iterator[str]:
    """Every text of the corpus that an answer may be compared with."""
    for question in corpus.questions():
        yield from (question.ask, question.reworded, question.plain)
        for point in question.points:
            yield from (point.says, *point.true, *point.false)
        yield from (misconception.believes for misconception in question.misconceptions)


def _forget_others(root: Path, current: Generation) -> None:
    """Removes older states. A process that still reads one keeps its open files, or falls back to keywords."""
    for folder in root.glob("bank-*"):
        if folder != current.folder:
            remove(folder)


def _info(bank: Generation, embedded: int, built: bool) -> BankInfo:
    held = bank.held
    return BankInfo(bank.name, bank.folder, held.units, held.vectors, embedded, size(bank.folder), built)
