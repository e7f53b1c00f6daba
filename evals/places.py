"""The shipped bank and its encoder for the evals. It builds nothing that `viva index` would not."""

from __future__ import annotations

from pathlib import Path

from bot.core.question import Question
from bot.ports import Embedder


def bank() -> dict[str, Question]:
    """The questions of the shipped bank, by id."""
    from bot.knowledge.corpus import corpus_folder, read_corpus

    return {q.id: q for q in read_corpus(corpus_folder()).questions()}


def embedder(home: Path | None = None) -> Embedder:
    """The encoder, with the vectors that were made at set-up at hand; IndexUnavailable says what to do without them."""
    from bot.knowledge.bank import find_bank, recalling
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.folders import index_folders
    from bot.knowledge.model import minilm_files
    from bot.settings import Settings

    folders = index_folders(home or Settings().home.expanduser())
    model = MiniLM(lambda: minilm_files(folders))
    return recalling(find_bank(corpus_folder(), folders, model), folders, model)
