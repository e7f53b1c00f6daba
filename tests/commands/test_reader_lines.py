"""What `viva index` and `viva doctor` say of the reader of answers: nothing where none ships."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands.doctor_reader import reader_finding
from bot.commands.library import make_reader
from bot.errors import IndexUnavailable
from bot.knowledge.folders import Folders
from bot.knowledge.reader_card import Shipped
from bot.ports.reading import Reading


class Reads:
    """A reader that reads, or cannot."""

    name = "reader 9"

    def __init__(self, trouble: str = "") -> None:
        self._trouble = trouble

    def has_learnt(self, says: str) -> bool:
        return False

    def read(self, ask: str, says: Sequence[str], answer: str) -> Sequence[Reading]:
        if self._trouble:
            raise IndexUnavailable(self._trouble)
        return ()


@pytest.fixture
def shipped(tmp_path: Path) -> Shipped:
    return Shipped("9", tmp_path / "reader.safetensors", "0" * 64)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "shipped", tmp_path / "home")


def test_index_says_that_it_is_ready(shipped: Shipped, folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    made = folders.home / shipped.folder
    made.mkdir(parents=True)
    for name in ("model.onnx", "tokenizer.json"):
        (made / name).touch()
    make_reader(shipped, folders, as_json=False)
    make_reader(shipped, folders, as_json=True)
    text, line = capsys.readouterr().out.splitlines()
    assert text == "The reader of answers is ready: reader 9."
    assert json.loads(line) == {"v": 1, "type": "reader", "name": "reader 9", "folder": str(made)}


def test_index_warns_and_goes_on_where_it_cannot_be_made(
    shipped: Shipped, folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its weights are missing here; where the embedding model is, too, that is said."""
    make_reader(shipped, folders, as_json=False)
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("viva: The reader")


def test_index_has_nothing_to_say_where_none_ships(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    make_reader(None, folders, as_json=True)
    assert capsys.readouterr().out == ""


def test_doctor_tries_it() -> None:
    assert vars(reader_finding(Reads())) == {"name": "reader", "status": "ok", "text": "reader 9, works.", "mend": ""}
    found = reader_finding(Reads("It is not there."))
    assert (found.status, found.text) == ("warn", "It is not there.") and found.mend
