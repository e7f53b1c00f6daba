"""The shipped bank's index: made once, found, made anew when something changed, and never seen half made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bot.errors import BadCorpus, IndexUnavailable
from bot.knowledge import generation
from bot.knowledge.bank import build_bank, corpus_hash, find_bank, load_corpus, recalling
from bot.knowledge.corpus import read_corpus
from bot.knowledge.folders import PART, Folders
from tests.knowledge.doubles import NoEmbedder, WordEmbedder

MORE = """
## Epoch
One pass over all examples.
"""


def grow(corpus: Path) -> None:
    with (corpus / "notes" / "training.md").open("a", encoding="utf-8") as file:
        file.write(MORE)


def test_it_is_made_once(corpus: Path, folders: Folders) -> None:
    embedder = WordEmbedder()
    first = build_bank(corpus, embedder, folders)
    assert (first.built, first.units, first.folder.parent) == (True, 5, folders.shipped)
    assert first.embedded == first.vectors == len(set(embedder.asked))
    assert first.bytes > 100_000
    second = build_bank(corpus, embedder, folders)
    assert (second.built, second.embedded, second.name) == (False, 0, first.name)


def test_the_compiled_corpus_is_the_one_that_was_read(corpus: Path, folders: Folders) -> None:
    build_bank(corpus, WordEmbedder(), folders)
    bank = find_bank(corpus, folders, WordEmbedder())
    assert bank is not None
    assert load_corpus(corpus, bank) == read_corpus(corpus) == load_corpus(corpus, None)
    (bank.folder / "corpus.json").write_text("{")
    assert load_corpus(corpus, bank) == read_corpus(corpus)


def test_a_change_of_the_corpus_asks_for_another_and_embeds_only_what_is_new(corpus: Path, folders: Folders) -> None:
    old = build_bank(corpus, WordEmbedder(), folders)
    grow(corpus)
    assert find_bank(corpus, folders, WordEmbedder()) is None
    embedder = WordEmbedder()
    new = build_bank(corpus, embedder, folders)
    assert embedder.asked == ["Epoch.  One pass over all examples."]
    assert (new.units, new.embedded, new.name == old.name) == (6, 1, False)
    assert [folder.name for folder in folders.shipped.iterdir()] == [new.name]


def test_the_hash_is_of_contents_and_not_of_times(corpus: Path) -> None:
    before = corpus_hash(corpus)
    for path in corpus.rglob("*"):
        os.utime(path, (1, 1))
    assert corpus_hash(corpus) == before
    (corpus / "questions" / "readme.txt").write_text("not read")
    assert corpus_hash(corpus) == before
    (corpus / "notes" / "training.md").rename(corpus / "notes" / "other.md")
    assert corpus_hash(corpus) != before


def test_another_model_asks_for_another_index(corpus: Path, folders: Folders) -> None:
    build_bank(corpus, WordEmbedder(), folders)
    other = WordEmbedder("other")
    assert find_bank(corpus, folders, other) is None
    assert build_bank(corpus, other, folders).embedded > 5


@pytest.mark.parametrize("name", ["units.json", "vectors.npy", "keys.npy", "chroma/chroma.sqlite3"])
def test_a_damaged_one_is_made_anew(corpus: Path, folders: Folders, name: str) -> None:
    made = build_bank(corpus, WordEmbedder(), folders)
    path = made.folder / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = find_bank(corpus, folders, WordEmbedder())
    assert found is not None and generation.damage(found)
    assert build_bank(corpus, WordEmbedder(), folders).built
    mended = find_bank(corpus, folders, WordEmbedder())
    assert mended is not None and generation.damage(mended) is None


def test_a_folder_without_a_manifest_counts_as_none(corpus: Path, folders: Folders) -> None:
    made = build_bank(corpus, WordEmbedder(), folders)
    (made.folder / "manifest.json").unlink()
    assert find_bank(corpus, folders, WordEmbedder()) is None
    assert build_bank(corpus, WordEmbedder(), folders).built
    assert find_bank(corpus, folders, WordEmbedder()) is not None


def test_statements_are_looked_up(corpus: Path, folders: Folders) -> None:
    build_bank(corpus, WordEmbedder(), folders)
    bank = find_bank(corpus, folders, WordEmbedder())
    silent = NoEmbedder()
    texts = ["Cost function has a first point.", "What is Cost function?"]
    vectors = recalling(bank, folders, silent).vectors_for(texts)
    assert np.array_equal(vectors, WordEmbedder().embed(texts))
    with pytest.raises(IndexUnavailable):
        recalling(bank, folders, silent).vectors_for(["something else"])


def test_statements_are_looked_up_in_an_older_bank_until_there_is_a_new_one(corpus: Path, folders: Folders) -> None:
    build_bank(corpus, WordEmbedder(), folders)
    grow(corpus)
    assert find_bank(corpus, folders, WordEmbedder()) is None
    assert recalling(None, folders, NoEmbedder()).vectors_for(["Cost function has a first point."]).shape == (1, 64)


def test_without_a_model_nothing_is_left_behind(corpus: Path, folders: Folders) -> None:
    with pytest.raises(IndexUnavailable):
        build_bank(corpus, NoEmbedder(), folders)
    assert list(folders.shipped.iterdir()) == []


def test_a_broken_corpus_leaves_the_old_index(corpus: Path, folders: Folders) -> None:
    old = build_bank(corpus, WordEmbedder(), folders)
    (corpus / "questions" / "training.toml").write_text("[[question]]\nid = ")
    with pytest.raises(BadCorpus):
        build_bank(corpus, WordEmbedder(), folders)
    assert old.folder.is_dir()


def test_where_nothing_can_be_written_it_says_so(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = Folders(tmp_path / "file" / "a", tmp_path / "file" / "b")
    with pytest.raises(IndexUnavailable, match="VIVA_HOME"):
        build_bank(corpus, WordEmbedder(), nowhere)


def test_progress_is_told(corpus: Path, folders: Folders) -> None:
    told: list[str] = []
    made = build_bank(corpus, WordEmbedder(), folders, told.append)
    assert told[-1] == f"{made.vectors} of {made.vectors} texts embedded"


BUILD = """
import sys
from pathlib import Path
from bot.knowledge.bank import build_bank
from bot.knowledge.folders import Folders
from tests.knowledge.doubles import {embedder}
build_bank(Path(sys.argv[1]), {embedder}(), Folders(Path(sys.argv[2]), Path(sys.argv[3])))
"""


def build_elsewhere(embedder: str, corpus: Path, folders: Folders, root: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", BUILD.format(embedder=embedder), str(corpus), *map(str, folders.both())]
    return subprocess.Popen(arguments, cwd=root)


def test_killed_while_building_it_leaves_the_old_one(corpus: Path, folders: Folders, root: Path) -> None:
    old = build_bank(corpus, WordEmbedder(), folders)
    kept = (corpus / "notes" / "training.md").read_bytes()
    grow(corpus)
    process = build_elsewhere("SlowEmbedder", corpus, folders, root)
    deadline = time.monotonic() + 60
    while not list(folders.shipped.glob(f".*{PART}")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    process.wait(timeout=30)
    assert list(folders.shipped.glob(f".*{PART}")), "it was not killed in the middle"
    assert find_bank(corpus, folders, WordEmbedder()) is None
    (corpus / "notes" / "training.md").write_bytes(kept)
    found = find_bank(corpus, folders, WordEmbedder())
    assert found is not None and found.name == old.name and generation.damage(found) is None
    grow(corpus)
    assert build_bank(corpus, WordEmbedder(), folders).units == 6


def test_two_builds_at_once_make_one_index(corpus: Path, folders: Folders, root: Path) -> None:
    both = [build_elsewhere("WordEmbedder", corpus, folders, root) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    found = find_bank(corpus, folders, WordEmbedder())
    assert found is not None and generation.damage(found) is None
    assert list(folders.shipped.iterdir()) == [found.folder]


def test_the_manifest_tells_what_the_index_is(corpus: Path, folders: Folders) -> None:
    made = build_bank(corpus, WordEmbedder(), folders)
    told = json.loads((made.folder / "manifest.json").read_text())
    assert told == {
        "embedder": "words",
        "source": corpus_hash(corpus),
        "units": 5,
        "vectors": made.vectors,
        "v": 1,
    }


def test_the_name_depends_on_the_corpus_the_model_and_the_kind() -> None:
    names = {
        generation.generation_name("bank", "a", WordEmbedder()),
        generation.generation_name("bank", "b", WordEmbedder()),
        generation.generation_name("bank", "a", WordEmbedder("other")),
        generation.generation_name("other", "a", WordEmbedder()),
    }
    assert len(names) == 4
