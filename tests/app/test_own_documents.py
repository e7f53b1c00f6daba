"""The documents of who sits at the terminal: added from files, searched, and indexed anew when that is behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import own_documents
from bot.app.bank import Owned, open_documents, open_shelves
from bot.app.home import owner, prepare_home
from bot.app.records import open_records
from bot.errors import WrongUsage
from bot.knowledge.documents import NOT_INDEXED, Document, folder_of
from bot.knowledge.generation import silent
from bot.knowledge.importing.drafting import called
from tests.app.houses import settings
from tests.knowledge.doubles import NoEmbedder, WordEmbedder
from tests.knowledge.test_document_files import older


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.md").write_text("# Zebras\n\nZebras have stripes.\n\n# Lions\n\nLions have manes.\n", encoding="utf-8")
    (folder / "b.txt").write_text("Giraffes are tall.", encoding="utf-8")
    (folder / "c.pdf").write_bytes(b"%PDF-1.4")
    return folder


@pytest.fixture
def home(tmp_path: Path, quiet_after: None) -> Path:
    return prepare_home(settings(tmp_path / "home"))


async def add(home: Path, *paths: Path, embedder: WordEmbedder | None = None) -> own_documents.Added:
    return await own_documents.add_files(settings(home), home, embedder or WordEmbedder(), paths, silent)


async def searched(home: Path, embedder: WordEmbedder | None = None) -> tuple[Owned | None, str | None]:
    """What `viva search` looks into, and what is wrong with its index."""
    told: list[str] = []
    owned = await own_documents.to_search(settings(home), home, told.append)
    if owned is None:
        return None, " ".join(told) or None
    documents = open_documents(settings(home), home, embedder or WordEmbedder(), owned.owner, owned.texts)
    shelf, wrong = documents.shelf()
    if shelf is not None:
        shelf.close()
    return owned, wrong


async def test_files_are_kept_and_indexed(home: Path, papers: Path) -> None:
    added = await add(home, papers)
    assert added.added == ("papers/a.md", "papers/b.txt")
    assert added.left_aside == (f"Files in {papers} that are neither .txt nor .md were left aside: 1.",)
    assert (added.documents, added.passages, added.embedded) == (2, 3, 3)
    (papers / "a.md").write_text("# Zebras\n\nZebras have stripes.\n")
    again = await add(home, papers / "a.md", embedder=NoEmbedder())
    assert (again.added, again.documents, again.passages, again.embedded) == (("a.md",), 2, 2, 0)
    owned, wrong = await searched(home)
    assert owned is not None and wrong is None
    assert [one.name for one in owned.texts] == ["a.md", "papers/b.txt"]
    with pytest.raises(WrongUsage, match="There is no file"):
        await add(home, papers / "nowhere.md")


async def test_who_never_kept_anything_makes_no_database(home: Path) -> None:
    assert await searched(home) == (None, None)
    await own_documents.refresh(settings(home), home, WordEmbedder(), silent)
    assert list(home.iterdir()) == []


async def test_a_restored_backup_is_searched_by_words_until_it_is_indexed(
    home: Path, papers: Path, tmp_path: Path
) -> None:
    await add(home, papers)
    store = await open_records(settings(home))
    await store.backup(tmp_path / "all.viva")
    await store.close()
    other = prepare_home(settings(tmp_path / "other"))
    store = await open_records(settings(other))
    await store.restore(tmp_path / "all.viva")
    await store.close()
    owned, wrong = await searched(other)
    assert owned is not None and called(owned.texts, "papers") and wrong == NOT_INDEXED
    await own_documents.refresh(settings(other), other, WordEmbedder(), silent)
    assert (await searched(other))[1] is None


async def test_what_an_earlier_release_kept_and_indexed_serves_as_it_is(home: Path) -> None:
    zebras = Document("/p/a.md", "a.md", "# Zebras\n\nZebras have stripes ☃.\n")
    await add_as_before(home, zebras)
    owned, wrong = await searched(home)
    assert owned == Owned(owner(), [zebras]) and wrong is None, "its index is that of these texts"
    assert not (folder_of(home, owner()) / "texts").exists()
    assert (await searched(home))[0] == owned


async def add_as_before(home: Path, document: Document) -> None:
    """As earlier releases did: files, whose bytes gave the index its name."""
    from bot.knowledge import generation
    from bot.knowledge.vectors import Recalling

    folder = older(home, document)
    kind = f"documents-{folder_of(home, 'me').name}"
    source = generation.file_hash({path.name: path for path in folder.glob("*.json")})
    target = folder.parent / generation.generation_name(kind, source, WordEmbedder())
    generation.write(target, source, document.units(), Recalling(WordEmbedder()))
    mine = folder_of(home, owner())
    folder.parent.rename(mine)
    (mine / target.name).rename(mine / target.name.replace(kind, f"documents-{mine.name}"))


async def test_a_database_that_cannot_be_read_leaves_the_bank_to_be_searched(home: Path) -> None:
    (home / "viva.db").write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    owned, told = await searched(home)
    assert owned is None and told is not None and told.startswith("Your own documents were not searched. ")


async def test_only_a_search_looks_into_them(home: Path, papers: Path) -> None:
    await add(home, papers)
    owned = Owned(owner(), [Document("b.txt", "b.txt", "Giraffes are tall.")])
    for given, names in ((owned, ["b.txt:1"]), (None, [])):
        library = open_shelves(settings(home), home, given).library
        try:
            assert [hit.sources[0] for hit in await library.search("giraffes", 1, source="b.txt")] == names
            assert await library.explain("giraffes", frozenset()) is None
        finally:
            library.close()
