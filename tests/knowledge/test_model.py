"""Where the model's files come from, and what is said when they cannot be had."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bot.errors import IndexUnavailable
from bot.knowledge.folders import Folders
from bot.knowledge.model import FOLDER, INSTALL, PACKAGE, minilm_files


def test_the_graph_is_made_once_and_then_found(weights: Path, folders: Folders) -> None:
    made = minilm_files(folders, package=lambda: weights)
    assert made.graph.parent == folders.shipped / FOLDER
    before = made.graph.stat().st_mtime_ns
    assert minilm_files(folders, package=lambda: weights) == made
    assert made.graph.stat().st_mtime_ns == before
    assert PACKAGE not in sys.modules


def test_the_program_folder_may_be_read_only(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder can be made below a file")
    folders = Folders(tmp_path / "file" / "shipped", tmp_path / "home")
    assert minilm_files(folders, package=lambda: weights).graph.parent == folders.home / FOLDER


def test_other_weights_are_refused(weights: Path, folders: Folders, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "weights")
    with (tmp_path / "weights" / "model.safetensors").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x01")
    with pytest.raises(IndexUnavailable, match="is not the published model"):
        minilm_files(folders, package=lambda: tmp_path / "weights")
    assert not folders.shipped.exists() or not list(folders.shipped.iterdir())


def test_what_chroma_downloaded_is_the_second_source(folders: Folders, tmp_path: Path) -> None:
    chroma = tmp_path / "onnx"
    chroma.mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (chroma / name).write_text("")
    found = minilm_files(folders, package=lambda: None, chroma=chroma)
    assert found.graph == chroma / "model.onnx"


def test_without_any_source_the_line_that_mends_it_is_named(folders: Folders, tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable) as caught:
        minilm_files(folders, package=lambda: None, chroma=tmp_path / "nothing")
    assert INSTALL in str(caught.value)
