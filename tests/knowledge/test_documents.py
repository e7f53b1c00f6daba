"""The index over an owner's documents: made beside the old one, found with file and place, and gone when forgotten."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.errors import IndexUnavailable
from bot.knowledge import chroma
from bot.knowledge.documents import NOT_INDEXED, Document, Documents, Made, folder_of, owners
from bot.knowledge.generation import silent
from bot.knowledge.shelf import Shelf
from bot.knowledge.steps import GENTLE, Pace, finished
from tests.knowledge.doubles import NoEmbedder, WordEmbedder

ZEBRAS = Document("/p/a.md", "p/a.md", "# Zebras\n\nZebras have stripes.\n\n# Lions\n\nLions have manes.\n")
GIRAFFES = Document("/p/deep/b.txt", "p/deep/b.txt", "# no heading here\nGiraffes are tall.")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def of(home: Path, *texts: Document, owner: str = "me", embedder: Any = None, url: str | None = None) -> Documents:
    return Documents(home, owner, embedder or WordEmbedder(), texts, url)


def search(documents: Documents, query: str) -> list[tuple[str, tuple[str, ...]]]:
    shelf, wrong = documents.shelf()
    assert isinstance(shelf, Shelf) and wrong is None
    found = shelf.search(query, WordEmbedder().embed([query])[0], 3)
    shelf.close()
    return [(hit.unit.text, hit.unit.sources) for hit in found]


def holding(home: Path, *words: str) -> list[str]:
    """The files under a home that hold one of these words, by their bytes."""
    files = (file for file in home.rglob("*") if file.is_file())
    return [str(file) for file in files if any(word.encode() in file.read_bytes() for word in words)]


def test_passages_are_found_with_file_and_line(home: Path) -> None:
    assert of(home).shelf() == (None, None)
    documents = of(home, ZEBRAS, GIRAFFES)
    assert finished(documents.making()) == Made(passages=3, embedded=3)
    assert search(documents, "zebras stripes")[0] == ("Zebras have stripes.", ("p/a.md:3",))
    assert search(documents, "tall giraffes")[0][1] == ("p/deep/b.txt:1",)


def test_what_is_unchanged_is_embedded_once(home: Path) -> None:
    finished(of(home, ZEBRAS, GIRAFFES).making())
    assert finished(of(home, ZEBRAS, GIRAFFES, embedder=NoEmbedder()).making()) == Made(3, 0), "it is there already"
    embedder = WordEmbedder()
    changed = Document(ZEBRAS.path, ZEBRAS.name, "# Zebras\n\nZebras have stripes.\n\n# Owls\n\nOwls fly.\n")
    assert finished(of(home, changed, GIRAFFES, embedder=embedder).making()) == Made(3, 1)
    assert embedder.asked == ["Owls.  Owls fly."]
    assert holding(home, "Lions") == [], "the older one is gone"
    assert len(list(folder_of(home, "me").glob("documents-*"))) == 1


def test_a_step_is_short_and_work_that_is_left_leaves_nothing(home: Path) -> None:
    finished(of(home, GIRAFFES).making())
    embedder = WordEmbedder()
    sizes: list[int] = []
    work = of(home, ZEBRAS, GIRAFFES, embedder=embedder).making(silent, Pace(texts=1, units=1))
    for _ in itertools.islice(work, 3):
        sizes.append(len(embedder.asked))
    assert sizes == [1, 2, 2], "one text a step"
    assert search(of(home, GIRAFFES), "giraffes")[0][1] == ("p/deep/b.txt:1",), "the old one serves meanwhile"
    assert any(path.name.endswith(".part") for path in folder_of(home, "me").iterdir())
    work.close()
    assert not any(path.name.endswith(".part") for path in folder_of(home, "me").iterdir())
    assert holding(home, "Zebras") == []
    assert search(of(home, GIRAFFES), "giraffes")[0][1] == ("p/deep/b.txt:1",)


def test_older_ones_that_a_kill_left_are_cleared(home: Path) -> None:
    finished(of(home, ZEBRAS).making())
    (older,) = folder_of(home, "me").glob("documents-*")
    kept = older.rename(home / "aside")
    finished(of(home, GIRAFFES).making())
    kept.rename(older)
    assert finished(of(home, GIRAFFES).making()).embedded == 0
    assert holding(home, "Zebras") == []


def test_owners_are_apart(home: Path) -> None:
    finished(of(home, ZEBRAS).making())
    yours = of(home, GIRAFFES, owner="server:1")
    finished(yours.making())
    assert [text for text, _ in search(yours, "zebras stripes")] == [GIRAFFES.text]
    assert owners(home) == ["me", "server:1"]
    of(home).forget()
    assert owners(home) == ["server:1"]
    assert search(yours, "tall")[0][0] == GIRAFFES.text


def test_another_model_makes_it_anew(home: Path) -> None:
    finished(of(home, ZEBRAS).making())
    other = of(home, ZEBRAS, embedder=WordEmbedder("other"))
    shelf, wrong = other.shelf()
    assert shelf is not None and wrong == NOT_INDEXED
    assert [hit.unit.text for hit in shelf.search("zebras", None, 1)] == ["Zebras have stripes."]
    assert finished(other.making()) == Made(2, 2)
    assert search(other, "zebras stripes")[0][0] == "Zebras have stripes."


def test_without_a_model_they_are_searched_by_keywords(home: Path) -> None:
    documents = of(home, GIRAFFES, embedder=NoEmbedder())
    with pytest.raises(IndexUnavailable):
        finished(documents.making())
    shelf, wrong = documents.shelf()
    assert shelf is not None and wrong == NOT_INDEXED
    assert shelf.search("giraffes", None, 1)[0].unit.text.endswith("Giraffes are tall.")


@pytest.mark.parametrize("way", ["forget", "drop", "none are left"])
def test_no_word_is_left_in_any_file(home: Path, way: str) -> None:
    mine, yours = of(home, ZEBRAS), of(home, GIRAFFES, owner="you")
    finished(mine.making())
    finished(yours.making())
    work = of(home, ZEBRAS, Document("c", "c", "Zebras too.")).making(silent, GENTLE)
    next(work)  # another process is at it: nothing of that is left either
    assert holding(home, "ebras", "p/a.md")
    if way == "none are left":
        assert finished(of(home).making()) == Made(0, 0)
    else:
        getattr(of(home), way)()
    assert holding(home, "ebras", "p/a.md") == []
    assert search(yours, "giraffes")


def test_vectors_outlive_a_dropped_index(home: Path) -> None:
    finished(of(home, ZEBRAS, GIRAFFES).making())
    known = of(home).drop()
    left = of(home, GIRAFFES, embedder=(embedder := WordEmbedder()))
    assert finished(left.making(silent, GENTLE, known)) == Made(1, 0)
    assert embedder.asked == []
    assert search(left, "giraffes")[0][0] == GIRAFFES.text


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnavailable, match="could not be kept"):
        finished(of(tmp_path / "file" / "home", ZEBRAS).making())


def on_server(url: str, names: Sequence[str]) -> dict[str, list[str]]:
    """The collections of a server whose names begin so, each with its texts."""
    client = chroma._http(url)
    found = {one.name: one.get()["documents"] for one in client.list_collections() if one.name.startswith(tuple(names))}
    chroma._close(client)
    return found


def test_a_server_has_one_collection_of_each_owner(home: Path, server: str) -> None:
    mine, yours = of(home, ZEBRAS, url=server), of(home, GIRAFFES, owner="server:7", url=server)
    for documents in (mine, yours):
        finished(documents.making(silent, GENTLE))
    finished(of(home, ZEBRAS, GIRAFFES, url=server).making(silent, Pace(1, 1)))
    prefixes = [f"viva-documents-{folder_of(home, owner).name}-" for owner in ("me", "server:7")]
    assert sorted(map(len, on_server(server, prefixes).values())) == [1, 3]
    assert search(of(home, ZEBRAS, GIRAFFES, url=server), "zebras stripes")[0][0] == "Zebras have stripes."
    of(home, url=server).drop()
    assert list(on_server(server, prefixes).values()) == [[GIRAFFES.text]]
    of(home, owner="server:7", url=server).forget()
    assert on_server(server, prefixes) == {}
