"""Vectors by text: kept in a file, looked up first, embedded only when they are missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.vectors import Kept, Recalling, write_vectors
from tests.knowledge.doubles import WordEmbedder


def test_a_text_finds_its_vector_and_another_text_none(tmp_path: Path) -> None:
    embedder = WordEmbedder()
    texts = [f"statement {n}" for n in range(50)] + ["statement 1", "ünïcode ☃"]
    write_vectors(tmp_path, texts, embedder)
    kept = Kept(tmp_path)
    assert len(kept) == 51
    for text in texts:
        found = kept.get(text)
        assert found is not None
        assert np.array_equal(found, WordEmbedder().embed([text])[0])
    assert kept.get("statement") is None


def test_damaged_files_hold_nothing(tmp_path: Path) -> None:
    write_vectors(tmp_path, ["known"], WordEmbedder())
    (tmp_path / "vectors.npy").write_bytes(b"")
    assert Kept(tmp_path).get("known") is None
    assert len(Kept(tmp_path / "nowhere")) == 0


def test_only_what_is_missing_is_embedded(tmp_path: Path) -> None:
    write_vectors(tmp_path, ["known", "also known"], WordEmbedder())
    embedder = WordEmbedder()
    recalling = Recalling(embedder, [Kept(tmp_path)])
    vectors = recalling.embed(["new", "known", "newer", "also known"])
    assert embedder.asked == ["newer", "new"], "the longest first"
    assert np.array_equal(vectors, WordEmbedder().embed(["new", "known", "newer", "also known"]))
    assert recalling.embedded == 2


def test_statements_are_remembered_and_a_candidates_words_are_not() -> None:
    embedder = WordEmbedder()
    recalling = Recalling(embedder)
    first = recalling.vectors_for(["a statement"])
    assert np.array_equal(recalling.vectors_for(["a statement"]), first)
    recalling.embed(["what I said"])
    recalling.embed(["what I said"])
    assert embedder.asked == ["a statement", "what I said", "what I said"]


def test_all_vectors_or_none(tmp_path: Path) -> None:
    write_vectors(tmp_path, ["known", "also known"], WordEmbedder())
    assert np.array_equal(Kept(tmp_path).all(["also known", "known"]), WordEmbedder().embed(["also known", "known"]))
    with pytest.raises(KeyError):
        Kept(tmp_path).all(["known", "unknown"])


class Reader(WordEmbedder):
    def knows(self, word: str) -> bool:
        return word == "house"


def test_an_embedder_that_reads_words_is_asked_for_them() -> None:
    assert not Recalling(WordEmbedder()).knows("house")
    knowing = Recalling(Recalling(Reader()))
    assert knowing.knows("house") and not knowing.knows("hoose")


def test_progress_runs_from_nothing_to_all() -> None:
    seen: list[tuple[int, int]] = []
    Recalling(WordEmbedder(), report=lambda done, of: seen.append((done, of))).embed([str(n) for n in range(70)])
    assert seen == [(0, 70), (64, 70), (70, 70)]
