"""The index of one's own corpus: found beside the shipped one, embedded once, kept, and left when the sitting ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.errors import IndexUnavailable
from bot.knowledge.bank import build_bank, find_bank, recalling
from bot.knowledge.corpus import Corpus, Note, read_corpus
from bot.knowledge.folders import Folders
from bot.knowledge.generation import Generation
from bot.knowledge.own_corpus import Own
from bot.knowledge.own_index import Keeping, keep, own_vectors, texts_of, with_own
from bot.knowledge.search import Library
from bot.knowledge.units import units_of
from tests.knowledge.conftest import QUESTION
from tests.knowledge.doubles import WordEmbedder

REFERENCE = "Teacher forcing feeds the decoder with the true previous token."


def ours(tmp_path: Path, more: str = "") -> Corpus:
    """A corpus of one question and one note of one's own."""
    folder = tmp_path / "own"
    (folder / "questions").mkdir(parents=True, exist_ok=True)
    text = QUESTION.format(id="forcing", title="Teacher forcing", source="S0-1", reference=REFERENCE + more)
    (folder / "questions" / "ours.toml").write_text(text, encoding="utf-8")
    bank = read_corpus(folder).bank
    return Corpus(bank, {}, (Note("own-note:drift", "Snowballing", "One error leads to the next.", "ours"),))


@pytest.fixture
def bank(corpus: Path, folders: Folders) -> Generation:
    build_bank(corpus, WordEmbedder(), folders)
    found = find_bank(corpus, folders, WordEmbedder())
    assert found is not None
    return found


async def test_own_units_are_found_beside_the_shipped_ones(
    corpus: Path, bank: Generation, folders: Folders, tmp_path: Path
) -> None:
    own, shipped = ours(tmp_path), read_corpus(corpus)
    both = Own(own).beside(shipped)
    embedder = recalling(bank, folders, WordEmbedder())
    index = with_own(bank, own, embedder)
    library = Library(index, lambda: units_of(both), embedder, tmp_path / "open", notices=["A file is left out."])
    try:
        assert [hit.question for hit in await library.search("teacher forcing the decoder", 1)] == ["forcing"]
        assert [hit.question for hit in await library.search("gradient descent walks downhill", 1)] == ["descent"]
        reference = await library.reference("forcing")
        assert reference is not None and reference.text == REFERENCE
        assert (await library.reading(["forcing", "cost"]))[0][0] == "A book on Teacher forcing"
        explained = await library.explain("snowballing", frozenset())
        assert explained is not None and explained.text == "One error leads to the next."
        assert library.notice() == "A file is left out."
    finally:
        library.close()


def test_without_anything_of_ones_own_the_index_is_the_shipped_one(bank: Generation) -> None:
    assert with_own(bank, Corpus(), WordEmbedder()) is bank
    assert with_own(None, Corpus(), WordEmbedder()) is None


def test_vectors_are_made_once_and_then_known(folders: Folders, tmp_path: Path) -> None:
    root, embedder = folders.home, WordEmbedder()
    own = ours(tmp_path)
    assert keep(root, texts_of(own), embedder) == len(embedder.asked) == len(set(texts_of(own)))
    assert keep(root, texts_of(own), embedder) == 0
    changed = ours(tmp_path, " More.")
    assert keep(root, texts_of(changed), embedder) == 1, "the unit alone is new"
    assert len([folder for folder in root.iterdir() if folder.name.startswith("own-")]) == 1
    knowing = recalling(None, folders, embedder, own_vectors(root, embedder))
    knowing.embed(texts_of(changed))
    assert knowing.embedded == 0
    assert own_vectors(root, WordEmbedder("other")) == []


def test_where_nothing_can_be_kept_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("no folder")
    with pytest.raises(IndexUnavailable, match=r"cannot be kept in .* Make room there"):
        keep(tmp_path / "index", ["a text"], WordEmbedder())


class Patient(WordEmbedder):
    """Takes a moment for each batch."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        time.sleep(0.05)
        return super().embed(texts)


async def test_the_sitting_does_not_wait_for_the_vectors(folders: Folders, tmp_path: Path) -> None:
    own = ours(tmp_path)
    point = own.question("forcing").points[0]
    many = tuple(f"statement number {n}" for n in range(2000))
    object.__setattr__(point, "true", many)
    embedder = Patient()
    task = asyncio.create_task(Keeping(folders.home, own, embedder).keep())
    await asyncio.sleep(0.2)
    task.cancel()
    began = time.monotonic()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(0.2)
    asked = len(embedder.asked)
    await asyncio.sleep(0.2)
    assert time.monotonic() - began < 1.5
    assert 0 < len(embedder.asked) == asked < len(many), "it stopped"
    assert own_vectors(folders.home, embedder) == []
