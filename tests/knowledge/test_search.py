"""The Retriever: what comes from the index, what is kept from a candidate, what happens when a part is missing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from bot.knowledge.bank import build_bank, find_bank
from bot.knowledge.corpus import read_corpus
from bot.knowledge.documents import Document, Documents
from bot.knowledge.folders import Folders
from bot.knowledge.search import Library
from bot.knowledge.steps import finished
from bot.knowledge.units import question_id, units_of
from bot.ports import Embedder, Retriever
from tests.knowledge.doubles import NoEmbedder, WordEmbedder

REFERENCE = "A cost function measures how wrong a model is.\n\nIts average over examples is made small by training."


@contextmanager
def opened(
    corpus: Path,
    folders: Folders,
    embedder: Embedder | None = None,
    built: bool = True,
    url: str | None = None,
    documents: Documents | None = None,
) -> Iterator[Library]:
    embedder = embedder or WordEmbedder()
    if built:
        build_bank(corpus, WordEmbedder(embedder.name), folders)
    bank = find_bank(corpus, folders, embedder)
    library = Library(bank, lambda: units_of(read_corpus(corpus)), embedder, folders.home, url, documents)
    try:
        yield library
    finally:
        library.close()


@contextmanager
def home_copy(folders: Folders) -> Iterator[Any]:
    """The copy of the index that a VIVA_HOME has, as Chroma's own client sees it."""
    import chromadb
    from chromadb.config import Settings

    (folder,) = folders.home.glob("chroma-*")
    client: Any = chromadb.PersistentClient(str(folder), Settings(_env_file=None, anonymized_telemetry=False))
    try:
        yield client
    finally:
        client.close()


async def test_the_reference_comes_from_the_index(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        retriever: Retriever = library
        passage = await retriever.reference("cost")
        assert passage is not None
        assert (passage.text, passage.sources, passage.question) == (REFERENCE, ("S0-8",), "cost")
        assert await retriever.reference("nothing") is None
        assert retriever.notice() is None


async def test_removing_a_unit_makes_a_difference_everywhere(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        assert await library.reference("cost") is not None
        assert "cost" in [hit.question for hit in await library.search("cost function")]
        assert ("A book on Cost function", "https://example.org/cost") in await library.reading(["cost"])
        with home_copy(folders) as client:
            client.get_collection("units", embedding_function=None).delete(ids=[question_id("cost")])
        assert await library.reference("cost") is None
        assert "cost" not in [hit.question for hit in await library.search("cost function")]
        assert await library.reading(["cost"]) == []
        assert await library.explain("cost function", frozenset()) is None
        assert await library.reference("descent") is not None
    with opened(corpus, folders, built=False) as library:
        assert await library.reference("cost") is None


async def test_reading_is_listed_once(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        assert await library.reading(["descent", "nothing", "cost"]) == [
            ("A book on Gradient descent", "https://example.org/descent"),
            ("Both", "https://example.org/both"),
            ("A book on Cost function", "https://example.org/cost"),
        ]


async def test_questions_stand_before_notes(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        hits = await library.search("gradient descent", k=10)
        assert hits[0].question == "descent"
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(0.0 <= hit.score <= 1.0 for hit in hits)
        assert len(await library.search("gradient descent", k=1)) == 1


async def test_a_term_is_explained_unless_that_answers_the_question(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        passage = await library.explain("Learning rates", frozenset({"descent"}))
        assert passage is not None
        assert (passage.text, passage.sources) == ("How far each step goes.", ("S0-9",))
        assert await library.explain("gradient", frozenset({"cost"})) is not None
        assert await library.explain("gradient", frozenset({"descent"})) is None
        assert await library.explain("slope", frozenset({"descent"})) is None


async def test_a_reference_explains_its_title_once_its_question_is_behind(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        passage = await library.explain("cost functions", frozenset({"descent"}))
        assert passage is not None and passage.text == "A cost function measures how wrong a model is."
        assert await library.explain("cost functions", frozenset({"cost"})) is None


@pytest.mark.parametrize("term", ["", "???", "it", "flurbostat", "🎉", "\ud800", "x" * 100_000])
async def test_nothing_is_explained_for_nothing(corpus: Path, folders: Folders, term: str) -> None:
    with opened(corpus, folders) as library:
        assert await library.explain(term, frozenset()) is None


async def test_without_an_index_keywords_alone_answer_and_say_so(corpus: Path, folders: Folders) -> None:
    embedder = WordEmbedder()
    with opened(corpus, folders, embedder, built=False) as library:
        told = library.notice()
        assert told is not None and "viva index" in told and "keywords alone" in told
        reference = await library.reference("cost")
        assert reference is not None and reference.text == REFERENCE
        assert (await library.search("how wrong is the model?"))[0].question == "cost"
        assert await library.search("zzz") == []
        explained = await library.explain("step size", frozenset())
        assert explained is not None and explained.text == "How far each step goes."
        assert embedder.asked == []


async def test_without_a_model_keywords_alone_answer_and_say_so(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders, NoEmbedder()) as library:
        assert library.notice() is None
        assert (await library.search("how wrong is the model?"))[0].question == "cost"
        assert (await library.search("walking downhill"))[0].question == "descent"
        told = library.notice()
        assert told == "The embedding model is not installed. Search goes by keywords alone until then."
        assert await library.reference("cost") is not None


async def test_a_damaged_index_is_answered_around(corpus: Path, folders: Folders) -> None:
    made = build_bank(corpus, WordEmbedder(), folders)
    database = made.folder / "chroma" / "chroma.sqlite3"
    database.write_bytes(b"nothing")
    with opened(corpus, folders, built=False) as library:
        reference = await library.reference("cost")
        assert reference is not None and reference.text == REFERENCE
        told = library.notice()
        assert told is not None and "viva index" in told


async def test_an_index_that_fails_later_is_answered_around(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        await library.warm()
        with home_copy(folders) as client:
            client.delete_collection("units")
        assert (await library.search("cost function"))[0].question == "cost"
        assert await library.reference("cost") is not None
        assert library.notice() is not None


async def test_a_server_serves_the_same(corpus: Path, folders: Folders, server: str) -> None:
    with opened(corpus, folders) as library:
        embedded = await library.search("gradient descent")
    with opened(corpus, folders, url=server) as library:
        assert await library.search("gradient descent") == embedded
        reference = await library.reference("cost")
        assert reference is not None and reference.text == REFERENCE
        assert library.notice() is None


async def test_a_server_that_is_down_is_answered_around(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders, url="http://127.0.0.1:9") as library:
        assert await library.reference("cost") is not None
        assert (await library.search("how wrong is the model?"))[0].question == "cost"
        told = library.notice()
        assert told is not None and "VIVA_CHROMA_URL" in told and "keywords alone" in told


async def test_an_empty_home_is_ready_at_once(corpus: Path, folders: Folders, tmp_path: Path) -> None:
    build_bank(corpus, WordEmbedder(), folders)
    for name in ("one", "two"):
        embedder = WordEmbedder()
        home = Folders(folders.shipped, tmp_path / name)
        with opened(corpus, home, embedder, built=False) as library:
            assert await library.reference("cost") is not None
            assert embedder.asked == []
            assert len(list((tmp_path / name).iterdir())) == 1


class Sleeper(WordEmbedder):
    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        time.sleep(0.5)
        return super().embed(texts)


@pytest.mark.alone
async def test_the_loop_is_never_blocked(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders, Sleeper()) as library:
        searching = asyncio.create_task(library.search("cost"))
        ticks, longest, last = 0, 0.0, time.monotonic()
        while not searching.done():
            await asyncio.sleep(0.005)
            now = time.monotonic()
            ticks, longest, last = ticks + 1, max(longest, now - last), now
        assert ticks > 20
        assert longest < 0.4


async def test_only_what_is_wanted_is_found(corpus: Path, folders: Folders, tmp_path: Path) -> None:
    mine = Document("mine.md", "mine.md", "The cost of a step.\n")
    documents = Documents(tmp_path / "home", "me", WordEmbedder(), [mine])
    finished(documents.making())
    with opened(corpus, folders, documents=documents) as library:
        every = [hit.sources[0] for hit in await library.search("cost of a gradient step", k=9)]
        assert set(every) == {"S0-8", "S0-9", "mine.md:1"}
        for source, found in (("S0-8", {"S0-8"}), ("S0", {"S0-8", "S0-9"}), ("mine.md", {"mine.md:1"}), ("S", set())):
            hits = await library.search("cost of a gradient step", k=9, source=source)
            assert {hit.sources[0] for hit in hits} == found
        beginners = await library.search("cost", k=9, level="beginner", topic="training")
        assert [hit.question for hit in beginners] == ["cost", "descent"]
        assert await library.search("cost", level="advanced") == []


async def test_misspelt_words_are_mended(corpus: Path, folders: Folders) -> None:
    with opened(corpus, folders) as library:
        assert (await library.search("gradeint decsent"))[0].question == "descent"
    with opened(corpus, folders, built=False) as library:
        assert (await library.search("gradeint decsent"))[0].question == "descent"


async def test_every_wording_of_a_question_finds_it(corpus: Path, folders: Folders) -> None:
    asked = 'sources = ["S0-8"]'
    file = corpus / "questions" / "training.toml"
    file.write_text(file.read_text().replace(asked, f'{asked}\nasked_as = ["zebra crossing", "how wrong"]'))
    with opened(corpus, folders) as library:
        assert (await library.search("zebra crossing"))[0].question == "cost"


async def test_a_question_comes_first_when_asked_in_its_very_words(corpus: Path, folders: Folders) -> None:
    for built in (True, False):
        with opened(corpus, folders, built=built) as library:
            hits = await library.search("what IS  gradient descent", k=2)
            assert (hits[0].question, hits[0].score) == ("descent", 1.0)


async def test_documents_are_found_beside_the_bank(corpus: Path, folders: Folders, tmp_path: Path) -> None:
    mine = Document("mine.md", "mine.md", "# Zebra networks\n\nThey have stripes.\n")
    documents = Documents(tmp_path / "home", "me", WordEmbedder(), [mine])
    finished(documents.making())
    with opened(corpus, folders, documents=documents) as library:
        first = (await library.search("zebra stripes"))[0]
        assert (first.title, first.text, first.sources) == ("Zebra networks", "They have stripes.", ("mine.md:3",))
        assert first.question is None
        assert (await library.search("cost function"))[0].question == "cost"
        assert await library.explain("zebra networks", frozenset()) is None
