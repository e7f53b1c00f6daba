"""Documents of people and servers: kept in the store, indexed for their owner alone, and gone down to the bytes."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.app import documents
from bot.app.home import owner as owner_here
from bot.app.house import House
from bot.app.indexing import Work
from bot.errors import IndexUnavailable, WrongUsage
from bot.knowledge.documents import Document, folder_of
from bot.knowledge.generation import silent
from bot.knowledge.steps import GENTLE
from tests.app.houses import opened
from tests.knowledge.doubles import NoEmbedder, WordEmbedder
from tests.knowledge.importing.pdfs import picture_pdf, text_pdf
from tests.knowledge.test_document_files import LINES, PAGE, older
from tests.knowledge.test_documents import holding

ONE, TWO = "server:1", "server:2"
ZEBRAS = "# Zebras\n\n" + " ".join(["Zebras have stripes that confuse the eyes of flies."] * 4) + "\n"
QUAGGAS = "# Quaggas\n\n" + " ".join(["Quaggas had stripes on their front half, and died out long ago."] * 4) + "\n"


async def texts(house: House, owner: str) -> dict[str, str]:
    return {one.name: one.text for one in await documents.kept(house, owner)}


async def found(house: House, owner: str, query: str) -> list[str]:
    """What a search in the index of an owner finds, best first, by its sources."""
    index = house.shelves.documents(owner, await documents.texts(house.home, house.store.groups, owner))

    def search() -> list[str]:
        shelf, wrong = index.shelf()
        if shelf is None:
            return []
        assert wrong is None, wrong
        try:
            return [hit.unit.sources[0] for hit in shelf.search(query, WordEmbedder().embed([query])[0], 3)]
        finally:
            shelf.close()

    return await house.shelves.library.beside(search)


async def test_what_is_added_is_kept_indexed_and_told_of(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        told = await documents.add(house, ONE, "zebras.md", ZEBRAS.encode())
        assert told == (
            "zebras.md was added: 1 passage. 1 question can be drawn from it, so that interviews can be about it."
        )
        told = await documents.add(house, ONE, "short.txt", b"Lions.")
        assert told.startswith("short.txt was added: 1 passage. No question can be drawn from it")
        await house.shelves.indexing.done()
        assert await texts(house, ONE) == {"zebras.md": ZEBRAS, "short.txt": "Lions."}
        assert await found(house, ONE, "lions") == ["short.txt:1", "zebras.md:3"]
        told = await documents.add(house, ONE, "short.txt", b"Tigers and lions.")
        assert told.startswith("short.txt was added in the place of the earlier one: 1 passage.")
        assert (await texts(house, ONE))["short.txt"] == "Tigers and lions."


@pytest.mark.parametrize(
    ("name", "data", "holds", "told"),
    [
        ("page.html", PAGE.encode(), "# What is a perceptron?", "2 questions can be drawn"),
        ("list.pdf", text_pdf(LINES), "# What is momentum?", "2 questions can be drawn"),
    ],
)
async def test_pages_and_pdfs_are_kept_as_markdown(
    tmp_path: Path, name: str, data: bytes, holds: str, told: str
) -> None:
    async with opened(tmp_path) as house:
        assert told in await documents.add(house, ONE, name, data)
        assert holds in (await texts(house, ONE))[name]


async def test_what_cannot_be_added_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    wrong = {"a.exe": b"MZ", "a.pdf": picture_pdf(1), "a.txt": b"\xff\xfe\x00z", "b.txt": b" "}
    async with opened(tmp_path) as house:
        for name, data in wrong.items():
            with pytest.raises(WrongUsage, match=name):
                await documents.add(house, ONE, name, data)
        room = documents.MOST // 2 + 1
        await documents.add(house, ONE, "half.txt", b"x" * 1000 + b"\n" * 10)
        await house.store.groups.keep_documents(
            ONE, [documents.as_kept(Document(name, name, "x " * (room // 2))) for name in ("c.txt", "d.txt")]
        )
        with pytest.raises(WrongUsage, match=r"There is no room for e\.txt"):
            await documents.add(house, ONE, "e.txt", b"One more.")
        assert sorted(await texts(house, ONE)) == ["c.txt", "d.txt", "half.txt"]


async def test_two_at_once_lose_none(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        names = [f"n{n}.md" for n in range(6)]
        await asyncio.gather(*(documents.add(house, ONE, name, f"# {name}\n\n{ZEBRAS}".encode()) for name in names))
        await house.shelves.indexing.done()
        assert sorted(await texts(house, ONE)) == names
        shelf, wrong = house.shelves.documents(ONE, await documents.texts(tmp_path, house.store.groups, ONE)).shelf()
        assert shelf is not None and wrong is None
        assert {unit.sources[0].partition(":")[0] for unit in shelf.units} == set(names)
        shelf.close()


async def test_nobody_finds_what_is_anothers(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        mine = {ONE: "zebras.md", TWO: "quaggas.md", "ann": "lions.md", owner_here(): "tigers.md"}
        for owner, name in mine.items():
            await documents.add(house, owner, name, f"# {name}\n\nAll about {name} and stripes.".encode())
        await house.shelves.indexing.done()
        for owner, name in mine.items():
            assert list(await texts(house, owner)) == [name]
            assert await found(house, owner, "stripes zebras quaggas lions tigers") == [f"{name}:3"]
        library = house.shelves.library
        assert await library.search("stripes zebras quaggas lions tigers", k=50) == []
        for name in mine.values():
            assert await library.explain(name, frozenset()) is None
            assert await library.explain(name.removesuffix(".md"), frozenset()) is None
            assert await library.reference(name) is None


async def test_what_is_removed_leaves_no_word(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        embedder = house.shelves.embedder
        await documents.add(house, ONE, "zebras.md", ZEBRAS.encode())
        await documents.add(house, ONE, "lions.md", b"# Lions\n\nLions have manes.")
        await documents.add(house, TWO, "quaggas.md", QUAGGAS.encode())
        await house.shelves.indexing.done()
        await documents.add(house, ONE, "zebras.md", (ZEBRAS + "They sleep standing.\n").encode())
        await house.shelves.indexing.done()
        assert holding(tmp_path, "confuse", "zebras.md")
        embedded = embedder.embedded
        assert await documents.remove(house, ONE, "zebras.md")
        assert holding(tmp_path, "confuse", "zebras.md") == [], "at once"
        await house.shelves.indexing.done()
        assert holding(tmp_path, "confuse", "zebras.md", "sleep standing") == []
        assert embedder.embedded == embedded, "the others' vectors are taken over"
        assert await found(house, ONE, "manes") == ["lions.md:3"]
        assert await found(house, TWO, "stripes") == ["quaggas.md:3"]
        assert not await documents.remove(house, ONE, "zebras.md")
        assert not await documents.remove(house, TWO, "lions.md"), "that is another server's"
        with pytest.raises(WrongUsage, match="no document"):
            await on_server(house, "1", "zebras")


async def on_server(house: House, server: str, name: str) -> None:
    from bot.app.notes import on_notes

    await on_notes(house, "ann", server, name)


async def test_one_that_is_being_indexed_is_removed_as_well(tmp_path: Path) -> None:
    async with opened(tmp_path, Slow()) as house:
        await documents.add(house, ONE, "zebras.md", ZEBRAS.encode())
        await until(lambda: list(folder_of(tmp_path, ONE).glob(".*")))
        assert await documents.remove(house, ONE, "zebras.md")
        await house.shelves.indexing.done()
        assert holding(tmp_path, "confuse", "zebras.md") == []


async def test_who_is_forgotten_leaves_no_word(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        for owner in ("ann", "discord:7", ONE):
            await documents.add(house, owner, f"of-{owner.replace(':', '-')}.md", ZEBRAS.encode())
        await house.store.groups.link("discord:7", await house.store.groups.new_code("ann"))
        await house.shelves.indexing.done()
        assert holding(tmp_path, "of-discord-7")
        await documents.forget(house, "discord:7")
        await house.store.forget("discord:7")
        assert holding(tmp_path, "of-discord-7", "of-ann") == []
        await documents.forget(house, ONE)
        assert not folder_of(tmp_path, ONE).exists()
        assert list(await texts(house, ONE)) == ["of-server-1.md"], "its rows go by their time"


async def test_an_index_that_is_behind_is_mended(tmp_path: Path) -> None:
    async with opened(tmp_path, NoEmbedder()) as house:
        await documents.add(house, ONE, "zebras.md", ZEBRAS.encode())
        await house.shelves.indexing.done()
        with pytest.raises(AssertionError, match="searched by keywords alone"):
            await found(house, ONE, "zebras")
        await house.store.groups.joined("1")
    async with opened(tmp_path) as house:
        await documents.refresh(house)
        await house.shelves.indexing.done()
        assert await found(house, ONE, "zebras") == ["zebras.md:3"]


async def test_an_index_whose_documents_are_gone_goes_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        groups = house.store.groups
        for owner in (ONE, TWO, "discord:7"):
            await documents.add(house, owner, "zebras.md", ZEBRAS.encode())
        await house.shelves.indexing.done()
        for one in await groups.documents(ONE):
            await groups.remove_document(ONE, one.key)
        await groups.link("discord:7", await groups.new_code("ann"))
        assert folder_of(tmp_path, ONE).exists() and folder_of(tmp_path, "discord:7").exists()
        await documents.refresh(house)
        await house.shelves.indexing.done()
        assert sorted(folder.name for folder in (tmp_path / "documents").iterdir()) == [folder_of(tmp_path, TWO).name]
        assert await found(house, TWO, "zebras") == ["zebras.md:3"]


async def test_a_restored_backup_is_indexed_anew(tmp_path: Path) -> None:
    async with opened(tmp_path / "one") as house:
        await documents.add(house, ONE, "zebras.md", ZEBRAS.encode())
        await house.store.backup(tmp_path / "all.viva")
    async with opened(tmp_path / "two") as house:
        await house.store.restore(tmp_path / "all.viva")
        await documents.refresh(house, [ONE])
        await house.shelves.indexing.done()
        assert await found(house, ONE, "zebras") == ["zebras.md:3"]


async def test_what_an_earlier_release_kept_is_taken_over_once(tmp_path: Path) -> None:
    folder = older(tmp_path, Document("/a", "a.md", ZEBRAS), Document("/b", "b.md", "As it was."))
    files = {path: path.read_text() for path in folder.iterdir()}
    async with opened(tmp_path) as house:
        newer = Document("/b", "b.md", "As it is.")
        await house.store.groups.keep_documents("me", [documents.as_kept(newer)])
        assert await texts(house, "you") == {}
        assert await texts(house, "me") == {"a.md": ZEBRAS, "b.md": "As it is."}
        assert not folder.exists()
        folder.mkdir()
        for path, text in files.items():  # as if killed before the files were removed
            path.write_text(text)
        assert await texts(house, "me") == {"a.md": ZEBRAS, "b.md": "As it is."}
        assert not folder.exists()


async def test_a_damaged_one_of_an_earlier_release_is_not_thrown_away(tmp_path: Path) -> None:
    folder = older(tmp_path, Document("/a", "a.md", ZEBRAS))
    (folder / "broken.json").write_text('{"path": "/x", "na')
    async with opened(tmp_path) as house:
        assert list(await texts(house, "me")) == ["a.md"]
        await documents.remove(house, "me", "a.md")
        await documents.refresh(house, ["me"])
        await house.shelves.indexing.done()
        assert [path.name for path in folder_of(tmp_path, "me").rglob("*.json")] == ["broken.json"]
        assert holding(tmp_path, "confuse") == []


KILLED = """
import asyncio, sys
from pathlib import Path
from bot.app import documents
from tests.app.houses import opened

async def main():
    async with opened(Path(sys.argv[1])) as house:
        print("open", flush=True)
        for n in range(1000):
            await documents.add(house, "server:1", f"n{n % 5}.md", f"# Nets {n}\\n\\n{'Zebra nets. ' * 30}".encode())
            print(n, flush=True)
        await house.shelves.indexing.done()
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("after", [3, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 7, 20))])
async def test_a_kill_leaves_the_old_index_or_the_new_one(tmp_path: Path, after: int) -> None:
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path], cwd=root, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = list(itertools.islice(process.stdout, after + 1))
    process.kill()
    process.wait()
    process.stdout.close()
    async with opened(tmp_path) as house:
        kept = await texts(house, ONE)
        assert set(kept) >= {f"n{n}.md" for n in range(min(int(told[-1]) + 1, 5))}, "what was said to be kept is kept"
        for folder in folder_of(tmp_path, ONE).glob("documents-*"):
            assert json.loads((folder / "manifest.json").read_text())["units"] > 0, "each is whole"
        await documents.refresh(house, [ONE])
        await house.shelves.indexing.done()
        assert await found(house, ONE, "zebra nets")
        assert len(list(folder_of(tmp_path, ONE).glob("documents-*"))) == 1


class Slow(WordEmbedder):
    """As slow as MiniLM is on a slow processor."""

    def embed(self, texts):
        time.sleep(0.02 * len(texts))
        return super().embed(texts)


async def until(true) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


async def test_others_wait_for_one_step_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, Slow()) as house:
        many = "\n\n".join(f"## Part {n}\n\nZebra {n} has {n} stripes." for n in range(40))
        await documents.add(house, ONE, "many.md", many.encode())
        waited, start = [], time.perf_counter()
        while not list(folder_of(tmp_path, ONE).glob("documents-*")):
            begun = time.perf_counter()
            await house.shelves.library.beside(lambda: None)
            waited.append(time.perf_counter() - begun)
            await asyncio.sleep(0.005)
        assert len(waited) > 10
        assert max(waited) < (time.perf_counter() - start) / 3


async def test_work_at_a_time_is_the_gentle_pace(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        work: Work = house.shelves.documents(ONE, [Document("a", "a.md", ZEBRAS)]).making(silent, GENTLE)
        steps = await house.shelves.library.beside(lambda: sum(1 for _ in work))
        assert steps >= 4


async def test_a_server_of_chroma_that_is_down_keeps_what_is_to_be_removed(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await documents.add(house, ONE, "zebras.md", ZEBRAS.encode())
        await house.shelves.indexing.done()
    async with opened(tmp_path, chroma_url="http://127.0.0.1:9") as house:
        with pytest.raises(IndexUnavailable, match="does not answer"):
            await documents.remove(house, ONE, "zebras.md")
        assert list(await texts(house, ONE)) == ["zebras.md"], "so that it can be removed once more"
