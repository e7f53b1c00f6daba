"""`viva index` and `viva search`, as a person at a terminal gives them: their own documents from file to forgotten."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from bot.knowledge.documents import NOT_INDEXED
from tests.faults.rooms import chat, several, viva
from tests.knowledge.test_documents import holding

WORDS = "A zebra has stripes that confuse the eyes of flies, so that it is bitten less often than horses and donkeys."


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "zebras.md"
    file.write_text(f"# Zebras\n\n{WORDS}\n", encoding="utf-8")
    return file


def test_what_is_added_is_found_asked_about_and_told_of(tmp_path: Path, notes: Path) -> None:
    home = tmp_path / "home"
    added, found = several(home, [["index", str(notes), "--json"], ["search", "zebra stripes", "-k", "1"]])
    told = [json.loads(line) for line in added.out.splitlines()]
    assert told[1] == {
        "v": 1,
        "type": "documents",
        "added": ["zebras.md"],
        "left_aside": [],
        "documents": 1,
        "passages": 1,
        "embedded": 1,
    }
    assert found.out.startswith("1. Zebras (zebras.md:3; ") and found.err == ""
    asked = chat(home, flags=("--documents", "zebras"))
    assert "What can you tell me about Zebras?" in asked.of("question")[0]


@pytest.mark.slow
def test_they_travel_with_a_backup_and_go_when_forgotten(tmp_path: Path, notes: Path) -> None:
    home, other, backup = tmp_path / "home", tmp_path / "other", tmp_path / "all.viva"
    viva(home, "index", str(notes))
    assert viva(home, "backup", str(backup)).code == 0
    assert viva(other, "restore", str(backup)).code == 0
    behind = viva(other, "search", "zebra stripes", "--source", "zebras.md")
    assert "zebras.md:3" in behind.out and NOT_INDEXED in behind.err
    assert viva(other, "index").code == 0
    mended = viva(other, "search", "zebra stripes", "-k", "1")
    assert "zebras.md:3" in mended.out and mended.err == ""
    assert holding(other, "confuse", "zebras.md")
    assert viva(other, "forget", getpass.getuser(), "--yes").code == 0
    assert holding(other, "confuse", "zebras.md") == []
