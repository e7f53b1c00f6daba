"""Pictures are kept once, in the folder of their sitting alone, and go when it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import pictures
from bot.errors import WrongUsage


@pytest.mark.parametrize("name", ["board.png", "../../etc/passwd", "..", "", "a b/ü.png", "x" * 400])
async def test_a_picture_is_kept_once_in_its_own_folder(tmp_path: Path, name: str) -> None:
    assert await pictures.keep(tmp_path, "s1", "17", name, b"pixels")
    assert not await pictures.keep(tmp_path, "s1", "17", name, b"other pixels")
    [kept] = (tmp_path / "pictures" / "s1").iterdir()
    assert kept.read_bytes() == b"pixels"
    assert {file.parent for file in tmp_path.rglob("*") if file.is_file()} == {tmp_path / "pictures" / "s1"}


async def test_pictures_go_with_their_sitting(tmp_path: Path) -> None:
    assert await pictures.sweep(tmp_path, []) == 0
    for session in ("s1", "s2"):
        await pictures.keep(tmp_path, session, "17", "board.png", b"pixels")
    assert await pictures.sweep(tmp_path, ["s2"]) == 1
    assert [folder.name for folder in (tmp_path / "pictures").iterdir()] == ["s2"]


async def test_the_files_to_work_on_go_with_their_sitting(tmp_path: Path) -> None:
    (tmp_path / "take-home").mkdir()
    for session in ("s1", "s2"):
        (tmp_path / "take-home" / f"search-log-{session}.csv").write_text("query")
    await pictures.sweep(tmp_path, ["s2"])
    assert [file.name for file in (tmp_path / "take-home").iterdir()] == ["search-log-s2.csv"]


async def test_a_sitting_keeps_as_many_as_there_is_room_for(tmp_path: Path) -> None:
    for n in range(pictures.MOST):
        assert await pictures.keep(tmp_path, "s1", str(n), "board.png", b"pixels")
    with pytest.raises(WrongUsage, match=r"at most.* say in words"):
        await pictures.keep(tmp_path, "s1", "more", "board.png", b"pixels")
    assert not await pictures.keep(tmp_path, "s1", "0", "board.png", b"pixels"), "it is there, and was before"
    assert await pictures.keep(tmp_path, "s2", "more", "board.png", bytes(pictures.MOST_BYTES))
    with pytest.raises(WrongUsage, match="40 MB"):
        await pictures.keep(tmp_path, "s2", "again", "board.png", b"1")
