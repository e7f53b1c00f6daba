"""The shipped bank and its encoder for the evals. It builds nothing that `viva index` would not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.question import Question
from bot.ports import Embedder

if TYPE_CHECKING:
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.vectors import Recalling
    from bot.offline.grader import OfflineGrader
    from bot.offline.whole_answer import WholeAnswers


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


@dataclass(frozen=True)
class Shelf:
    """The shipped bank, from its compiled form where set-up made one, and what judges with it as `viva` opens it;
    `whole` is None where this release has no reader of whole answers."""

    bank: Corpus
    embedder: Recalling
    whole: WholeAnswers | None


def grader(embedder: Embedder, home: Path | None = None) -> OfflineGrader:
    """The grader as `viva` opens it, with the reader of whole answers where this release has one."""
    from bot.app.grading import open_whole
    from bot.offline.grader import OfflineGrader
    from bot.settings import Settings

    return OfflineGrader(embedder, whole=open_whole(home or Settings().home.expanduser()))


def shelf() -> Shelf:
    """What is shipped and set up, without anybody's own questions."""
    from bot.app.bank import open_recalling, shipped_bank
    from bot.app.grading import open_whole
    from bot.app.home import prepare_home
    from bot.settings import read_settings

    home = prepare_home(read_settings())
    return Shelf(shipped_bank(home), open_recalling(home), open_whole(home))
