"""Where the reader's files come from, and what is said when they cannot be had."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import IndexUnavailable
from bot.knowledge.folders import Folders
from bot.knowledge.model import INSTALL, sha256_of
from bot.knowledge.reader_card import CARD_FILE, Shipped, key_of, shipped_reader, write_card
from bot.knowledge.reader_files import reader_files
from tests.knowledge.made_reader import LEARNT


def test_the_graph_is_made_once_and_then_found(weights: Path, made_up: Shipped, folders: Folders) -> None:
    made = reader_files(made_up, folders, package=lambda: weights)
    assert made.graph.parent == folders.shipped / made_up.folder
    before = made.graph.stat().st_mtime_ns
    assert reader_files(made_up, folders, package=lambda: None) == made
    assert made.graph.stat().st_mtime_ns == before


def test_the_program_folder_may_be_read_only(weights: Path, made_up: Shipped, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder can be made below a file")
    folders = Folders(tmp_path / "file" / "shipped", tmp_path / "home")
    assert reader_files(made_up, folders, package=lambda: weights).graph.parent == folders.home / made_up.folder


def test_another_releases_files_make_room_and_the_embedding_models_stay(
    weights: Path, made_up: Shipped, folders: Folders
) -> None:
    for name in ("reader-00000000-1", "minilm-00000000-1"):
        (folders.shipped / name).mkdir(parents=True)
        (folders.shipped / name / "model.onnx").touch()
    reader_files(made_up, folders, package=lambda: weights)
    assert sorted(path.name for path in folders.shipped.iterdir()) == ["minilm-00000000-1", made_up.folder]


def test_other_weights_are_refused(weights: Path, made_up: Shipped, folders: Folders, tmp_path: Path) -> None:
    other = replace(made_up, weights=tmp_path / "reader.safetensors")
    shutil.copyfile(made_up.weights, other.weights)
    with other.weights.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x01\x02")
    with pytest.raises(IndexUnavailable, match=r"is not the reader of this release .* Install Viva again"):
        reader_files(other, folders, package=lambda: weights)
    assert not folders.shipped.exists()


def test_weights_that_are_not_there_are_named(
    weights: Path, made_up: Shipped, folders: Folders, tmp_path: Path
) -> None:
    with pytest.raises(IndexUnavailable, match=r"nothing\.safetensors, cannot be read .* Install Viva again"):
        reader_files(replace(made_up, weights=tmp_path / "nothing.safetensors"), folders, package=lambda: weights)


def test_without_the_embedding_model_the_line_that_mends_it_is_named(made_up: Shipped, folders: Folders) -> None:
    with pytest.raises(IndexUnavailable) as caught:
        reader_files(made_up, folders, package=lambda: None)
    assert INSTALL in str(caught.value)


def test_a_release_may_ship_none(tmp_path: Path) -> None:
    assert shipped_reader(tmp_path) is None


def test_a_card_says_what_it_was_told(tmp_path: Path) -> None:
    (tmp_path / "reader.safetensors").write_bytes(b"numbers")
    write_card(tmp_path, "3", [LEARNT, "Another point.", LEARNT])
    found = shipped_reader(tmp_path)
    assert found is not None
    assert (found.name, found.sha256) == ("reader 3", sha256_of(tmp_path / "reader.safetensors"))
    assert found.learnt == {key_of(LEARNT), key_of("Another point.")}
    before = (tmp_path / CARD_FILE).read_bytes()
    write_card(tmp_path, "3", ["Another point.", LEARNT])
    assert (tmp_path / CARD_FILE).read_bytes() == before


def test_the_weights_that_ship_are_those_of_their_card() -> None:
    shipped = shipped_reader()
    assert shipped is None or sha256_of(shipped.weights) == shipped.sha256
