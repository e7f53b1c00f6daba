"""Folders that are filled beside their place and put there in one step."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import IndexUnavailable
from bot.knowledge.folders import ABANDONED_AFTER, PART, Folders, filled, index_folders, remove


def put(target: Path, text: str) -> None:
    with filled(target) as folder:
        (folder / "a").write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "root" / "made"
    with filled(target) as folder:
        (folder / "a").write_text("1")
        assert not target.exists()
    assert (target / "a").read_text() == "1"
    with pytest.raises(ZeroDivisionError), filled(tmp_path / "root" / "other") as folder:
        (folder / "a").write_text("half")
        raise ZeroDivisionError
    assert names(tmp_path / "root") == ["made"]


def test_whoever_comes_second_leaves_the_first_standing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    put(target, "first")
    put(target, "second")
    assert (target / "a").read_text() == "first"
    remove(target)
    put(target, "third")
    assert (target / "a").read_text() == "third"
    assert names(tmp_path) == ["made"]


def test_what_died_half_filled_is_swept_and_what_is_being_filled_is_not(tmp_path: Path) -> None:
    dead, alive = tmp_path / f".x-1{PART}", tmp_path / f".x-2{PART}"
    for folder in (dead, alive):
        folder.mkdir()
    past = alive.stat().st_mtime - ABANDONED_AFTER - 60
    os.utime(dead, (past, past))
    put(tmp_path / "made", "1")
    assert names(tmp_path) == [alive.name, "made"]


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    put(tmp_path / "made", "1")
    remove(tmp_path / "made")
    remove(tmp_path / "made")
    assert names(tmp_path) == []


def test_home_stands_in_for_a_program_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    below_a_file = tmp_path / "file" / "x"
    assert Folders(below_a_file, tmp_path / "home").writable() == tmp_path / "home"
    with pytest.raises(IndexUnavailable, match="VIVA_HOME"):
        Folders(below_a_file, below_a_file / "y").writable()


def test_the_home_folder_lies_in_viva_home(tmp_path: Path) -> None:
    assert index_folders(tmp_path).home == tmp_path / "index"
    assert index_folders(tmp_path).shipped == index_folders(tmp_path / "other").shipped
