"""Units in a real Chroma: embedded, copied, damaged, shared by processes, on a server."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bot.core.question import Work
from bot.errors import IndexUnavailable
from bot.knowledge import chroma
from bot.knowledge.units import Unit
from tests.knowledge.doubles import WordEmbedder

UNITS = [
    Unit(
        "question:cost", "question", "Cost", "How wrong it is.\n\nLess is better.", ("S0-8",), "cost", "What is a cost?"
    ),
    Unit(
        "note:step", "note", "Step ☃", "A step.", answers=("cost",), names=("Step", "stride"), further=(Work("B", "w"),)
    ),
    Unit("document:1", "document", "Heading", "Gradients and steps.", ("notes.md:3",)),
]


def vectors() -> np.ndarray:
    return WordEmbedder().embed([unit.embedded for unit in UNITS])


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "written"
    folder.mkdir()
    chroma.write_embedded(folder, UNITS, vectors())
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_read(written: Path) -> None:
    collection = chroma.open_embedded(written)
    assert sorted(collection.all(), key=lambda unit: unit.id) == sorted(UNITS, key=lambda unit: unit.id)
    assert collection.get(["document:1", "nothing", "question:cost"]) == [UNITS[2], UNITS[0]]
    assert collection.get([]) == []
    near = collection.nearest(vectors()[1], 2)
    assert next(iter(near)) == "note:step"
    assert near["note:step"] == pytest.approx(1.0, abs=1e-5)
    assert len(near) == 2 == len(collection.nearest(vectors()[1], 2))
    collection.close()


SECRET = b"the-token-of-somebody-else"

WRITE = """
import gc, sys
from pathlib import Path
import chromadb
from bot.knowledge import chroma
from tests.knowledge.test_chroma import SECRET, UNITS, vectors
for size in (1676 * 100, 400, 1676 * 10):
    held = [bytearray(SECRET * (size // len(SECRET))) for _ in range(200)]
    del held
gc.collect()
chroma.write_embedded(Path(sys.argv[1]), UNITS, vectors())
for size in (1676 * 100, 400, 1676 * 10):
    held = [bytearray(SECRET * (size // len(SECRET))) for _ in range(200)]
    del held
gc.collect()
opened = chroma.open_embedded(Path(sys.argv[1]))
opened.nearest(vectors()[1], 1)
opened.close()
"""


def test_what_lay_in_memory_is_not_in_the_files(tmp_path: Path, root: Path) -> None:
    """Chroma writes the room for vectors to come as it finds it in memory; we clear it."""
    subprocess.run([sys.executable, "-c", WRITE, str(tmp_path)], cwd=root, check=True, timeout=120)
    (header,) = tmp_path.glob("*/header.bin")
    assert not any((header.parent / "data_level0.bin").read_bytes())
    assert not any((header.parent / "length.bin").read_bytes())
    assert not any(SECRET[:12] in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    collection = chroma.open_embedded(tmp_path)
    assert list(collection.nearest(vectors()[1], 1)) == ["note:step"]
    collection.close()


def test_vectors_in_use_are_left_alone(tmp_path: Path) -> None:
    """Past a thousand vectors Chroma writes them to its file, and they must survive."""
    rows = np.random.default_rng(0).normal(size=(1500, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    chroma.write_embedded(tmp_path, [Unit(f"u{n}", "document", "T", f"Text {n}") for n in range(1500)], rows)
    collection = chroma.open_embedded(tmp_path)
    for n in (0, 700, 1499):
        assert list(collection.nearest(rows[n], 1)) == [f"u{n}"]
    collection.close()


def test_cosines_are_those_of_the_vectors(written: Path) -> None:
    collection = chroma.open_embedded(written)
    query = WordEmbedder().embed(["gradients of a cost"])[0]
    expected = {unit.id: float(cosine) for unit, cosine in zip(UNITS, vectors() @ query, strict=True)}
    assert collection.nearest(query, 10) == pytest.approx(expected, abs=1e-5)
    collection.close()


def test_a_folder_without_a_database_is_unavailable_and_stays_empty(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="viva index"):
        chroma.open_embedded(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_original_is_never_written_to(written: Path, tmp_path: Path) -> None:
    """So that an installation may be read-only and shared: each VIVA_HOME has its copy."""
    for path in [written, *written.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = contents(written)
    collection = chroma.open_copy(written, tmp_path / "home", "a")
    collection._collection.delete(ids=["note:step"])
    assert collection.get(["note:step"]) == []
    collection.close()
    assert contents(written) == before
    assert not list(written.rglob("*-journal")) and not list(written.rglob("*-wal"))
    again = chroma.open_copy(written, tmp_path / "home", "a")
    assert again.get(["note:step"]) == [], "the copy was made a second time"
    again.close()


def test_copies_of_older_states_go(written: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        chroma.open_copy(written, tmp_path / "home", name).close()
    assert names(tmp_path / "home") == ["chroma-b"]


def test_a_damaged_copy_is_made_anew(written: Path, tmp_path: Path) -> None:
    chroma.open_copy(written, tmp_path / "home", "a").close()
    copy = tmp_path / "home" / "chroma-a" / "chroma.sqlite3"
    copy.write_bytes(b"\0" * 1000 + copy.read_bytes()[1000:])
    collection = chroma.open_copy(written, tmp_path / "home", "a")
    assert len(collection.all()) == 3
    collection.close()


def test_without_a_writable_home_the_copy_lasts_as_long_as_the_process(written: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    collection = chroma.open_copy(written, tmp_path / "file" / "home", "a")
    place = Path(collection._place.name)
    assert len(collection.all()) == 3
    assert place.is_dir()
    collection.close()
    assert not place.exists()


READ = """
import sys
from pathlib import Path
import numpy as np
from bot.knowledge import chroma
collection = chroma.open_copy(Path(sys.argv[1]), Path(sys.argv[2]), "a")
vector = np.load(sys.argv[3])
for _ in range(50):
    assert list(collection.nearest(vector, 1)) == ["note:step"]
    assert len(collection.all()) == 3
collection.close()
"""


def test_processes_may_open_it_at_once(written: Path, tmp_path: Path, root: Path) -> None:
    np.save(tmp_path / "vector.npy", vectors()[1])
    arguments = [sys.executable, "-c", READ, str(written), str(tmp_path / "home"), str(tmp_path / "vector.npy")]
    processes = [subprocess.Popen(arguments, cwd=root) for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    assert names(tmp_path / "home") == ["chroma-a"]


def test_the_env_file_of_the_working_folder_is_not_chromas(written: Path, tmp_path: Path, root: Path) -> None:
    """Chroma reads `.env` by itself, where ours may hold anything."""
    (tmp_path / ".env").write_text("CHROMA_SERVER_HOST=elsewhere\nIS_PERSISTENT=false\nANONYMIZED_TELEMETRY=true\n")
    code = (
        "import pathlib, sys; from bot.knowledge import chroma; chroma.open_embedded(pathlib.Path(sys.argv[1])).all()"
    )
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(written)], cwd=tmp_path, env=environment, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_a_server_is_filled_once_and_read(server: str) -> None:
    filled = []

    def filling() -> tuple[list[Unit], np.ndarray]:
        filled.append(True)
        return UNITS, vectors()

    for _ in range(2):
        collection = chroma.open_server(server, "viva-a", 3, filling)
        assert collection.get(["question:cost"]) == [UNITS[0]]
        assert list(collection.nearest(vectors()[2], 1)) == ["document:1"]
        collection.close()
    assert filled == [True]


def test_an_owners_collections_can_be_dropped_from_a_server(server: str) -> None:
    for name in ("viva-documents-x-1", "viva-documents-x-2", "viva-documents-y-1"):
        chroma.open_server(server, name, 3, lambda: (UNITS, vectors())).close()
    chroma.drop_from_server(server, "viva-documents-x-", keep="viva-documents-x-2")
    client = chroma._http(server)
    left = {collection.name for collection in client.list_collections()}
    chroma._close(client)
    assert {"viva-documents-x-2", "viva-documents-y-1"} <= left
    assert "viva-documents-x-1" not in left


def test_a_server_that_does_not_answer_is_named_without_its_secrets() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(IndexUnavailable) as caught:
        chroma.open_server(f"http://user:secret@127.0.0.1:{port}", "viva-a", 0, lambda: ([], vectors()))
    assert "VIVA_CHROMA_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_silent_is_not_waited_for() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        with pytest.raises(IndexUnavailable, match="does not answer"):
            chroma.open_server(f"http://127.0.0.1:{silent.getsockname()[1]}", "viva-a", 0, lambda: ([], vectors()))
        assert time.monotonic() - started < chroma.PATIENCE + 3
