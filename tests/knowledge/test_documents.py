"""Documents of one's own: kept as text, indexed from there, found with file and place, and gone when forgotten."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.errors import IndexUnavailable, WrongUsage
from bot.knowledge.documents import LARGEST, NOT_INDEXED, Documents
from bot.knowledge.shelf import Shelf
from tests.knowledge.doubles import NoEmbedder, WordEmbedder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.md").write_text("# Zebras\n\nZebras have stripes.\n\n# Lions\n\nLions have manes.\n", encoding="utf-8")
    (folder / "deep" / "b.txt").write_text("# no heading here\nGiraffes are tall.", encoding="utf-8")
    (folder / "c.pdf").write_bytes(b"%PDF-1.4")
    (folder / ".hidden.md").write_text("secret")
    return folder


def search(documents: Documents, query: str) -> list[tuple[str, tuple[str, ...]]]:
    shelf, wrong = documents.shelf()
    assert isinstance(shelf, Shelf) and wrong is None
    found = shelf.search(query, WordEmbedder().embed([query])[0], 3)
    shelf.close()
    return [(hit.unit.text, hit.unit.sources) for hit in found]


def test_a_folder_is_added_with_all_that_can_be_read_in_it(home: Path, papers: Path) -> None:
    documents = Documents(home, "me", WordEmbedder())
    assert documents.shelf() == (None, None)
    info = documents.add([papers])
    assert info.added == ("papers/a.md", "papers/deep/b.txt")
    assert info.left_aside == (f"Files in {papers} that are neither .txt nor .md were left aside: 1.",)
    assert (info.documents, info.passages, info.embedded) == (2, 3, 3)
    assert search(documents, "zebras stripes")[0] == ("Zebras have stripes.", ("papers/a.md:3",))
    assert search(documents, "tall giraffes")[0][1] == ("papers/deep/b.txt:1",)


def test_the_same_file_again_takes_its_own_place(home: Path, papers: Path) -> None:
    documents = Documents(home, "me", WordEmbedder())
    documents.add([papers])
    (papers / "a.md").write_text("# Zebras\n\nZebras have stripes.\n\n# Owls\n\nOwls fly.\n")
    embedder = WordEmbedder()
    info = Documents(home, "me", embedder).add([papers / "a.md"])
    assert (info.documents, info.passages, info.embedded) == (2, 3, 1)
    assert embedder.asked == ["Owls.  Owls fly."]
    assert "Lions have manes." not in [text for text, _ in search(documents, "lions manes owls zebras")]
    assert len(list((home / "documents").glob("*/documents-*"))) == 1


def test_owners_are_apart(home: Path, papers: Path) -> None:
    Documents(home, "me", WordEmbedder()).add([papers])
    assert Documents(home, "you", WordEmbedder()).shelf() == (None, None)


def test_another_model_makes_it_anew_from_what_is_kept(home: Path, papers: Path) -> None:
    Documents(home, "me", WordEmbedder()).add([papers])
    for path in papers.rglob("*.md"):
        path.unlink()
    other = Documents(home, "me", WordEmbedder("other"))
    shelf, wrong = other.shelf()
    assert shelf is not None and wrong == NOT_INDEXED
    assert [hit.unit.text for hit in shelf.search("zebras", None, 1)] == ["Zebras have stripes."]
    assert other.refresh() == 3
    assert search(other, "zebras stripes")[0][0] == "Zebras have stripes."


def test_without_a_model_they_are_kept_and_searched_by_keywords(home: Path, papers: Path) -> None:
    documents = Documents(home, "me", NoEmbedder())
    with pytest.raises(IndexUnavailable):
        documents.add([papers])
    shelf, wrong = documents.shelf()
    assert shelf is not None and wrong == NOT_INDEXED
    assert shelf.search("giraffes", None, 1)[0].unit.text.endswith("Giraffes are tall.")
    assert Documents(home, "me", WordEmbedder()).refresh() == 3


def test_forgetting_leaves_no_word_in_any_file(home: Path, papers: Path) -> None:
    mine, yours = (Documents(home, owner, WordEmbedder()) for owner in ("me", "you"))
    mine.add([papers / "a.md"])
    yours.add([papers / "deep" / "b.txt"])
    mine.forget()
    grep = subprocess.run(["grep", "-ral", "-e", "ebras", "-e", "papers/a", str(home)], capture_output=True, text=True)
    assert grep.stdout == ""
    assert [document.name for document in yours.all()] == ["b.txt"]
    assert mine.all() == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"%PDF", "neither .txt nor .md"),
        ("a.html", b"<p>", "neither .txt nor .md"),
        ("a.txt", b"\xff\xfe\x00", "not UTF-8"),
        ("b.txt", b"  \n\t\n", "holds no text"),
        ("c.txt", b"x" * (LARGEST + 1), "larger than 8 MiB"),
    ],
)
def test_what_cannot_be_read_is_named(home: Path, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WrongUsage, match=said):
        Documents(home, "me", WordEmbedder()).add([tmp_path / name])
    with pytest.raises(WrongUsage, match="There is no file"):
        Documents(home, "me", WordEmbedder()).add([tmp_path / "nowhere.md"])


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path, papers: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnavailable, match="could not be kept"):
        Documents(tmp_path / "file" / "home", "me", WordEmbedder()).add([papers])
