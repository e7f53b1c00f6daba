"""The corpus, its index and the model are broken, half made or absent: said once, and the interview goes on."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.faults.rooms import ANSWER, ROOT, bare_python, chat, copied_tree, heard, viva

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the bare interpreter is laid out as POSIX has it")

MISSING = "The embedding model is not installed"
KEYWORDS = "Search goes by keywords alone"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied_tree(tmp_path_factory.mktemp("tree"))


def test_a_broken_corpus_is_named_with_file_and_line(tree: Path, tmp_path: Path) -> None:
    file = tree / "corpus" / "questions" / "perceptron.toml"
    whole = file.read_text(encoding="utf-8")
    broken = {
        "is not TOML": f"{whole}\nask = = 'broken'\n",
        "twice": f"{whole}\n{whole}",
        "'nosuch-point'": re.sub(r'(follow_ups\]\]\npoint = )"[^"]*"', r'\1"nosuch-point"', whole, count=1),
    }
    for sentence, text in broken.items():
        file.write_text(text, encoding="utf-8")
        chat(tmp_path, ANSWER, cwd=tree).assert_failed(1, "questions/perceptron.toml:", sentence)
    file.write_text(whole, encoding="utf-8")
    assert chat(tmp_path, ANSWER, cwd=tree).code == 0 and heard(tmp_path) == [ANSWER]


def test_without_a_model_nothing_is_graded_until_there_is_one(tmp_path: Path) -> None:
    python, home = bare_python(tmp_path / "bare"), tmp_path / "home"
    nowhere = "http://127.0.0.1:9"
    done = chat(
        home,
        ANSWER,
        "It needs more data, and GPUs.",
        "/grade",
        "what does epoch mean?",
        python=python,
        HTTPS_PROXY=nowhere,
        HTTP_PROXY=nowhere,
    )
    assert (done.code, done.err) == (0, "")
    graded = [o for o in done.said if o.get("kind") == "feedback"]
    assert [o["data"]["score"] for o in graded] == [None] * 4, "two answers, and both once more"
    said = ["Still not graded" if "Still" in o["text"] else "Not graded yet" for o in graded if MISSING in o["text"]]
    assert said == ["Not graded yet"] * 2 + ["Still not graded"] * 2
    assert all(words in o["text"] for words, o in zip(said, graded, strict=True))
    assert len([text for text in done.of("notice") if KEYWORDS in text]) == 1, "said once"
    assert any("One pass through the whole training set" in text for text in done.of("notice")), "keywords still find"
    assert json.loads(viva(home, "report", "--format", "json", python=python).out)["total"]["not_graded"] == 2
    viva(home, "index", python=python).assert_failed(1, MISSING)
    doctor = viva(home, "doctor", python=python)
    assert doctor.code == 0 and "warn  encoder: " in doctor.out
    back = viva(home, "chat", "--jsonl", "--resume", "last", given=b'{"id": "later", "text": "/grade"}\n')
    scores = [o["data"]["score"] for o in back.said if o.get("kind") == "feedback"]
    assert (back.code, back.err) == (0, "") and len(scores) == 2 and None not in scores


@pytest.mark.slow
def test_an_index_half_built_is_left_aside_and_made_whole(tmp_path: Path) -> None:
    python, home = bare_python(tmp_path / "bare", without="nothing"), tmp_path / "home"
    shipped = made(tmp_path / "bare" / "share" / "viva")
    half = shipped.parent / f".{shipped.name}-killed.part"
    shutil.copytree(shipped, half)
    (shipped / "manifest.json").unlink()
    for wound in (lambda: None, lambda: wounded(half, shipped)):
        wound()
        found = viva(home, "search", "gradient descent", python=python)
        assert found.code == 0 and found.out.startswith("1. ") and found.err.count(KEYWORDS) == 1, found
        assert "Traceback" not in found.err
    assert chat(home, ANSWER, python=python).code == 0 and heard(home) == [ANSWER]


def made(root: Path) -> Path:
    """A copy of the index that belongs to this state of the corpus, where the bare interpreter looks for one."""
    from bot.knowledge.bank import find_bank
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.folders import Folders
    from bot.knowledge.model import minilm_files

    here = Folders(Path(sys.prefix) / "share" / "viva", root)
    found = find_bank(ROOT / "corpus", here, MiniLM(lambda: minilm_files(here)))
    if found is None:
        pytest.skip("the index of the bank is not made: make it with `viva index`")
    return Path(shutil.copytree(found.folder, root / found.name))


def wounded(half: Path, shipped: Path) -> None:
    """The manifest is there, and the database was cut in the middle."""
    shutil.copy(half / "manifest.json", shipped / "manifest.json")
    database = shipped / "chroma" / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[:5000])
